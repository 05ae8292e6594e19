//! The script `load` before a server that answers as Kibana does.

mod secrets;
mod usage;

use std::io::Write;
use std::process::{Command, Output};

use dashboards::kibana::Flavour;

use crate::exports::{file, folder};
use crate::server::{Answer, Server};

/// An answer.
fn says(status: u16, body: &str) -> Answer {
    (status, body.to_owned())
}

fn ready() -> Answer {
    says(200, r#"{"status":{"overall":{"level":"available"}}}"#)
}

fn not_yet() -> Answer {
    says(503, "Kibana server is not ready yet")
}

/// How many objects a file has.
fn objects(flavour: Flavour) -> usize {
    file(flavour).lines().count()
}

/// All of so many objects are loaded.
fn loaded(count: usize) -> Answer {
    let body = r#"{"successCount":N,"success":true,"warnings":[],"successResults":[{"type":"search","id":"x"}]}"#;
    says(200, &body.replace('N', &count.to_string()))
}

fn refused() -> Answer {
    says(
        200,
        r#"{"successCount":22,"success":false,"successResults":[],"errors":[
            {"id":"minitwit-errors","type":"search","meta":{"title":"x"},
                "error":{"type":"missing_references","references":[{"type":"index-pattern","id":"minitwit-logs"}]}},
            {"id":"minitwit-slow","type":"search","error":{"type":"conflict","destinationId":"other"}},
            {"id":"minitwit-on-call","type":"dashboard","error":{"statusCode":500,"type":"unknown","message":"no \"room\""}}]}"#,
    )
}

/// What the script says and how it ends.
struct Said {
    code: i32,
    out: String,
    err: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }
}

/// Whether the machine has what the script needs; with `REQUIRE_SERVICES=1` it must.
fn can_run() -> bool {
    let there = ["bash", "curl", "awk"].iter().all(|program| {
        let found = Command::new("sh").args(["-c", &format!("command -v {program}")]).output();
        found.is_ok_and(|output| output.status.success())
    });
    if !there {
        assert!(std::env::var_os("REQUIRE_SERVICES").is_none_or(|value| value != "1"), "needs bash, curl and awk");
        // Not `eprintln!`, whose text the test harness shows of failed tests only.
        drop(writeln!(std::io::stderr(), "skipped: needs bash, curl and awk"));
    }
    there
}

fn script() -> Command {
    let mut command = Command::new(folder().join("load"));
    let variables = ["URL", "USER", "PASSWORD_FILE", "NETRC_FILE", "API_KEY_FILE", "CA_FILE", "WAIT"];
    for name in variables {
        command.env_remove(format!("KIBANA_{name}"));
    }
    for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env_remove(name);
    }
    command
}

fn load(server: &Server, words: &[&str]) -> Said {
    script().args(["--url", &server.url, "--wait", "20"]).args(words).output().unwrap().into()
}

#[test]
fn kibana_is_given_its_file_once_it_is_ready() {
    if !can_run() {
        return;
    }
    let server = Server::with(&[not_yet(), says(0, ""), ready(), loaded(objects(Flavour::Kibana))]);
    let said = load(&server, &[]);
    assert_eq!((said.code, &*said.err), (0, ""), "{}", said.out);
    assert_eq!(said.out, format!("Kibana has {} objects of kibana.ndjson\n", objects(Flavour::Kibana)));
    let asked = server.asked();
    let lines: Vec<_> = asked.iter().map(|one| one.line.as_str()).collect();
    let status = "GET /api/status HTTP/1.1";
    assert_eq!(lines, [status, status, status, "POST /api/saved_objects/_import?overwrite=true HTTP/1.1"]);
    let import = &asked[3];
    assert_eq!(import.header("kbn-xsrf"), Some("true"));
    assert_eq!((import.header("authorization"), import.header("securitytenant")), (None, None));
    assert!(import.body.contains("name=\"file\"; filename=\"objects.ndjson\""), "{}", import.body);
    assert!(import.body.contains(&file(Flavour::Kibana)), "the file came in another form");
}

#[test]
fn the_other_program_is_given_its_own_file() {
    if !can_run() {
        return;
    }
    let server = Server::with(&[ready(), loaded(objects(Flavour::OpenSearchDashboards))]);
    let said = load(&server, &["--opensearch"]);
    let objects = file(Flavour::OpenSearchDashboards).lines().count();
    assert_eq!(
        said.out,
        format!("OpenSearch Dashboards has {objects} objects of opensearch-dashboards.ndjson\n"),
        "{}",
        said.err
    );
    let import = &server.asked()[1];
    assert_eq!((import.header("osd-xsrf"), import.header("kbn-xsrf")), (Some("true"), None));
    assert_eq!(import.header("securitytenant"), Some("global"));
    assert!(import.body.contains(&file(Flavour::OpenSearchDashboards)));
}

#[test]
fn success_is_what_the_body_says_and_not_the_status() {
    if !can_run() {
        return;
    }
    let said = load(&Server::with(&[ready(), refused()]), &[]);
    assert_eq!(said.code, 1, "{}", said.out);
    assert_eq!(
        said.err.lines().collect::<Vec<_>>(),
        [
            "load: search minitwit-errors: missing_references: index-pattern minitwit-logs",
            "load: search minitwit-slow: conflict",
            "load: dashboard minitwit-on-call: unknown: no \"room\"",
            &format!("load: Kibana has loaded 22 of {} objects", objects(Flavour::Kibana)),
        ]
    );
    assert_eq!(said.out, "");
}

#[test]
fn an_answer_that_says_nothing_of_success_is_none() {
    if !can_run() {
        return;
    }
    let count = objects(Flavour::Kibana);
    let elsewhere = format!(r#"{{"x":{{"success":true}},"successCount":{count}}}"#);
    for (status, body, err) in [
        (200, "", format!("Kibana has loaded no of {count} objects")),
        (200, "<html>sign in</html>", format!("Kibana has loaded no of {count} objects")),
        (200, r#"{"success":true,"successCount":"#, format!("Kibana speaks of no objects, not of {count}")),
        (200, r#"{"success":true,"successCount":1}"#, format!("Kibana speaks of 1 objects, not of {count}")),
        (200, &elsewhere, format!("Kibana has loaded {count} of {count} objects")),
        (400, r#"{"error":"Bad Request","message":"No"}"#, "Kibana takes nothing of kibana.ndjson: 400 (No)".into()),
        (413, "", "Kibana takes nothing of kibana.ndjson: 413".into()),
        (302, "", "Kibana sends on to another address (302): is the URL right?".into()),
    ] {
        let said = load(&Server::with(&[ready(), says(status, body)]), &[]);
        assert_eq!((said.code, said.err), (1, format!("load: {err}\n")), "{body}");
    }
}

#[test]
fn a_busy_answer_to_the_import_is_asked_for_again() {
    if !can_run() {
        return;
    }
    let server = Server::with(&[ready(), says(429, ""), loaded(objects(Flavour::Kibana))]);
    assert_eq!(load(&server, &[]).code, 0);
    let asked = server.asked();
    assert_eq!((asked.len(), &asked[1].body.len()), (3, &asked[2].body.len()));
}

#[test]
fn who_is_not_let_in_is_told_at_once() {
    if !can_run() {
        return;
    }
    let (_folder, password) = secrets::file("wrong\n");
    let words = ["--user", "loader", "--password-file", password.to_str().unwrap()];
    let server = Server::with(&[says(401, r#"{"statusCode":401,"error":"Unauthorized","message":"Unauthorized"}"#)]);
    let said = load(&server, &words);
    assert_eq!((said.code, &*said.err), (1, "load: Kibana does not let this user do it: 401 (Unauthorized)\n"));
    assert_eq!(server.asked().len(), 1);
    let said = load(&Server::with(&[ready(), says(403, r#"{"message":"Unable to bulk_create search"}"#)]), &words);
    assert_eq!(
        (said.code, &*said.err),
        (1, "load: Kibana does not let this user do it: 403 (Unable to bulk_create search)\n")
    );
    let said = load(&Server::with(&[says(404, "")]), &words);
    assert_eq!(said.code, 1);
    assert!(said.err.ends_with("is not the address of Kibana: 404\n"), "{}", said.err);
}

#[test]
fn waiting_ends() {
    if !can_run() {
        return;
    }
    let server = Server::with(&[not_yet(), not_yet(), not_yet(), not_yet()]);
    let said: Said = script().args(["--url", &server.url, "--wait", "1"]).output().unwrap().into();
    assert_eq!((said.code, &*said.err), (1, "load: Kibana was not ready within 1 s: 503\n"));
    assert!(server.asked().len() <= 3);
    let said: Said = script().args(["--url", "http://127.0.0.1:1", "--wait", "0"]).output().unwrap().into();
    assert_eq!(said.code, 1);
    assert!(said.err.starts_with("load: Kibana was not ready within 0 s:  (curl: (7) "), "{}", said.err);
}
