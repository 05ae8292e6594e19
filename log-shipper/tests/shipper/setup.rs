//! Setup against servers that no test can install: OpenSearch with its plugin for policies, and what is no such server.

mod output;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{Method, StatusCode, Uri};
use axum::response::IntoResponse;
use log_shipper::deliver::Access;
use log_shipper::setup::output::check;
use log_shipper::setup::{Client, Outcome, Product, Retention, Target, plan};
use serde_json::{Value, json};
use url::Url;

use crate::stage::{Ended, ended};

const ELASTICSEARCH: &str = r#"{"nodes":{"a":{"version":"8.19.0","build_flavor":"default"}}}"#;

const OPEN_SEARCH: &str = r#"{"nodes":{"a":{"version":"3.6.0"}}}"#;

#[derive(Clone, Default)]
struct Shelf(Arc<Mutex<Books>>);

#[derive(Default)]
struct Books {
    /// Documents by their paths, as they were put.
    documents: HashMap<String, Value>,
    /// Every path, with its query, that something was put to.
    puts: Vec<String>,
}

impl Shelf {
    fn puts(&self) -> Vec<String> {
        self.0.lock().expect("nobody panics").puts.clone()
    }

    fn change(&self, path: &str, change: impl FnOnce(&mut Value)) {
        change(self.0.lock().expect("nobody panics").documents.get_mut(path).expect("it was put"));
    }
}

/// The plugin and the templates of OpenSearch, as its documentation has them.
async fn open_search(State(shelf): State<Shelf>, method: Method, uri: Uri, body: String) -> (StatusCode, String) {
    let mut shelf = shelf.0.lock().expect("nobody panics");
    let path = uri.path().to_owned();
    if path == "/_nodes/_local/version" {
        return (StatusCode::OK, OPEN_SEARCH.into());
    }
    if method == Method::PUT {
        shelf.puts.push(uri.to_string());
        shelf.documents.insert(path, serde_json::from_str(&body).expect("what is put is JSON"));
        return (StatusCode::OK, "{}".into());
    }
    let Some(there) = shelf.documents.get(&path) else { return (StatusCode::NOT_FOUND, r#"{"status":404}"#.into()) };
    let answer = if path.starts_with("/_plugins") {
        let mut policy = there["policy"].clone();
        policy["policy_id"] = json!("minitwit-logs");
        policy["states"][0]["actions"][0]["retry"] = json!({ "count": 3, "backoff": "exponential", "delay": "1m" });
        json!({ "_id": "minitwit-logs", "_seq_no": 5, "_primary_term": 2, "policy": policy })
    } else {
        json!({ "index_templates": [{ "name": "x", "index_template": there }] })
    };
    (StatusCode::OK, answer.to_string())
}

async fn serve(router: Router) -> Url {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    url.parse().expect("it is a URL")
}

fn client(url: &Url) -> Client {
    Client::new(url, &Access::default()).expect("there is nothing wrong with it")
}

async fn shelf() -> (Shelf, Url) {
    let shelf = Shelf::default();
    let url = serve(Router::new().fallback(open_search).with_state(shelf.clone())).await;
    (shelf, url)
}

#[tokio::test]
async fn opensearch_with_its_plugin_gets_a_policy_once() {
    let (shelf, url) = shelf().await;
    let client = client(&url);
    let first = plan(&client, &Target::default(), Retention::default()).await.expect("the server answers");
    assert_eq!(first.server.product, Product::OpenSearch);
    assert_eq!(first.steps[1].to_string(), "created: policy minitwit-logs for logs-minitwit-*");
    first.apply(&client).await.expect("the server takes it");
    assert_eq!(shelf.puts(), ["/_index_template/minitwit-logs", "/_plugins/_ism/policies/minitwit-logs"]);
    let second = plan(&client, &Target::default(), Retention::default()).await.expect("the server answers");
    assert!(second.steps.iter().all(|step| step.outcome == Outcome::Unchanged), "{:?}", second.steps);
    second.apply(&client).await.expect("there is nothing to do");
    assert_eq!(shelf.puts().len(), 2);
}

#[tokio::test]
async fn a_policy_that_somebody_changed_is_replaced_as_the_one_that_was_seen() {
    let (shelf, url) = shelf().await;
    let client = client(&url);
    plan(&client, &Target::default(), Retention::default())
        .await
        .expect("it answers")
        .apply(&client)
        .await
        .expect("it takes it");
    let conditions = "/policy/states/0/transitions/0/conditions/min_rollover_age";
    shelf.change("/_plugins/_ism/policies/minitwit-logs", |policy| {
        *policy.pointer_mut(conditions).expect("it is there") = json!("1d");
    });
    let again = plan(&client, &Target::default(), Retention::default()).await.expect("the server answers");
    let expected = Outcome::Changed(vec!["policy.states.transitions.conditions.min_rollover_age".into()]);
    assert_eq!(again.steps[1].outcome, expected);
    again.apply(&client).await.expect("the server takes it");
    assert_eq!(shelf.puts()[2], "/_plugins/_ism/policies/minitwit-logs?if_seq_no=5&if_primary_term=2");
}

#[tokio::test]
async fn what_is_no_such_server_is_told_so() {
    for answer in ["<html>It works!</html>", "{}", r#"{"nodes":{}}"#] {
        let client = client(&serve(Router::new().fallback(move || async move { answer.into_response() })).await);
        let error = plan(&client, &Target::default(), Retention::default()).await.expect_err("it is none").to_string();
        assert!(error.contains("right URL"), "{error}");
        let checks = check(&client, &Target::default()).await;
        let last = checks.last().expect("there are checks");
        assert!(
            last.name == "server" && last.verdict.as_ref().is_err_and(|advice| advice.contains("URL")),
            "{checks:?}"
        );
    }
}

#[tokio::test]
async fn the_server_s_own_reason_is_passed_on_without_its_wrapping() {
    let cause = json!({ "reason": "inner" });
    let error = json!({ "error": { "reason": "outer", "caused_by": { "reason": "middle", "caused_by": cause } } });
    let answer = (StatusCode::BAD_REQUEST, error.to_string());
    let client = client(&serve(Router::new().fallback(move || async move { answer })).await);
    let error = plan(&client, &Target::default(), Retention::default()).await.expect_err("it is refused").to_string();
    assert_eq!(error, "GET /_nodes/_local/version is answered 400: inner");
}

/// What the program prints, and its exit code.
async fn program(words: &[&str], urls: &[&Url]) -> Ended {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_log-shipper"));
    command.env_clear().args(words).args(urls.iter().map(|url| format!("--elasticsearch={url}")));
    ended(command).await
}

#[tokio::test]
async fn the_command_says_what_it_changed_and_the_second_time_that_there_was_nothing() {
    let (shelf, url) = shelf().await;
    let said = program(&["setup", "--retention=36h"], &[&url]).await;
    let lines = [
        "created: index template minitwit-logs for logs-minitwit-*",
        "created: policy minitwit-logs for logs-minitwit-*",
    ];
    assert_eq!((said.code, said.out.lines().collect::<Vec<_>>()), (Some(0), lines.to_vec()), "{}", said.err);
    shelf.change("/_plugins/_ism/policies/minitwit-logs", |policy| {
        let state = &policy["policy"]["states"][0];
        assert_eq!(state["transitions"][0]["conditions"]["min_rollover_age"], "36h");
        assert_eq!(state["actions"][0]["rollover"]["min_index_age"], "36h");
    });
    let said = program(&["setup", "--retention=36h"], &[&url]).await;
    assert!(said.out.lines().all(|line| line.starts_with("unchanged: ")), "{}", said.out);
    let said = program(&["setup"], &[&url]).await;
    assert!(said.out.contains("changed: policy minitwit-logs for logs-minitwit-* (policy.states"), "{}", said.out);
}

#[tokio::test]
async fn a_dry_run_prints_the_requests_and_sends_none() {
    let (shelf, url) = shelf().await;
    let said = program(&["setup", "--dry-run"], &[&url]).await;
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.out.contains("PUT /_index_template/minitwit-logs\n{"), "{}", said.out);
    assert_eq!(shelf.puts(), [""; 0]);
}

#[tokio::test]
async fn hosts_of_one_cluster_are_tried_until_one_answers() {
    let (shelf, url) = shelf().await;
    let closed: Url = "http://127.0.0.1:9".parse().expect("it is a URL");
    assert_eq!(program(&["setup"], &[&closed, &url]).await.code, Some(0));
    assert_eq!(shelf.puts().len(), 2);
    let said = program(&["setup"], &[&closed]).await;
    assert_eq!(said.code, Some(1));
    assert!(said.err.starts_with("log-shipper: http://127.0.0.1:9: no answer"), "{}", said.err);
    let said = program(&["setup"], &[&closed, &closed]).await;
    assert_eq!(said.err.matches("http://127.0.0.1:9: no answer").count(), 2, "{}", said.err);
}

#[tokio::test]
async fn the_host_that_refuses_is_named() {
    let url = serve(Router::new().fallback(|| async { (StatusCode::FORBIDDEN, "{}") })).await;
    let host = url.origin().ascii_serialization();
    let said = program(&["setup"], &[&url]).await;
    assert!(said.err.starts_with(&format!("log-shipper: {host}: GET /_nodes")), "{}", said.err);
    let said = program(&["test", "output"], &[&url]).await;
    assert!(said.out.starts_with(&format!("{host}\naddress: ok")), "{}", said.out);
}

#[tokio::test]
async fn what_people_get_wrong_is_told_with_the_way_out() {
    let plain = serve(Router::new()).await;
    let said = program(&["test", "output"], &[&plain]).await;
    assert!(
        said.out.contains("server: the question for its version") && said.out.contains("right URL"),
        "{}",
        said.out
    );
    let mut encrypted = plain.clone();
    encrypted.set_scheme("https").expect("it can have that");
    for command in [&["test", "output"][..], &["setup"]] {
        let said = program(command, &[&encrypted]).await;
        assert!([said.out, said.err].concat().contains("then its URL begins with http://"), "{command:?}");
    }
    let stranger = serve(Router::new().fallback(|| async { StatusCode::UNAUTHORIZED })).await;
    let said = program(&["setup"], &[&stranger]).await;
    assert!(said.err.contains("is answered 401; give --user and --password-file"), "{}", said.err);
    let busy = serve(Router::new().fallback(|| async { StatusCode::SERVICE_UNAVAILABLE })).await;
    let said = program(&["setup"], &[&busy]).await;
    assert!(said.err.trim_end().ends_with("that may pass: try again"), "{}", said.err);
}

#[tokio::test]
async fn a_port_that_is_only_implied_is_named() {
    let url: Url = "http://127.0.0.1".parse().expect("it is a URL");
    let said = program(&["test", "output"], &[&url]).await;
    assert!(said.out.starts_with("http://127.0.0.1:80\n"), "{}", said.out);
}

#[tokio::test]
async fn a_dry_run_without_a_server_prints_what_one_that_has_nothing_would_get() {
    let said = program(&["setup", "--dry-run"], &[]).await;
    assert!(said.out.contains("PUT /_security/role/log-shipper") && said.out.contains("lifecycle"), "{}", said.out);
    assert_eq!((said.code, said.err.matches("--for opensearch").count()), (Some(0), 1), "{}", said.err);
    let (shelf, url) = shelf().await;
    let with = program(&["setup", "--dry-run", "--retention=36h"], &[&url]).await;
    let closed: Url = "http://127.0.0.1:9".parse().expect("it is a URL");
    let without = program(&["setup", "--dry-run", "--retention=36h", "--for=opensearch"], &[&closed]).await;
    assert_eq!((with.out, with.err), (without.out, without.err));
    assert_eq!(shelf.puts(), [""; 0]);
    let said = program(&["setup", "--for=opensearch"], &[&url]).await;
    assert_eq!(
        (said.code, said.err.as_str()),
        (Some(2), "log-shipper: --dry-run is missing: see `log-shipper setup --help`\n")
    );
}
