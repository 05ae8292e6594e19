//! Lines that are long, interleaved, broken off, or made to do harm.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::dice::Dice;
use super::docker::{Docker, Rotation};
use super::ledger::Ledger;
use super::shipper::{Setup, append, until};
use crate::sink::{Broken, Fault, Sink};

#[tokio::test(flavor = "multi_thread")]
async fn pieces_of_two_outputs_are_joined_across_rotation_and_kill() {
    let (sink, ledger, mut dice) = (Sink::start().await, Ledger::default(), Dice::new(10));
    let mut docker = Docker::new(&ledger);
    let mut container = docker.run(Some(Rotation { max_size: 50_000, max_file: 500, compress: dice.happens(50) }));
    let setup = Setup::of(&sink, &docker).with("--piece-timeout", "55s").with("--batch-bytes", "32KiB");
    let mut shipper = setup.start();
    for round in 0..40 {
        let mut out = container.begin(&"o".repeat(40_000));
        let mut error = container.begin(&"e".repeat(20_000 + dice.below(40_000)));
        let (mut more_out, mut more_error) = (true, true);
        while more_out || more_error {
            if more_out && dice.happens(50) {
                more_out = container.piece("stdout", &mut out);
            } else if more_error {
                more_error = container.piece("stderr", &mut error);
            }
            if dice.happens(10) {
                let requests = sink.seen().len();
                if dice.happens(50) && round > 0 {
                    // The state may be anywhere: before, between, or after the pieces.
                    until("it looks", || sink.seen().len() > requests || dice_is_idle(&setup));
                }
                shipper.kill();
                shipper = setup.start();
            }
        }
        if !more_out && dice.happens(60) {
            container.print_to("stderr", "short");
        }
    }
    setup.finish(shipper, &sink, &ledger).await;
}

/// Whether all that was read is sent.
fn dice_is_idle(setup: &Setup) -> bool {
    std::fs::read_dir(setup.state()).is_ok_and(|mut files| files.next().is_some())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_of_five_megabytes_is_cut_and_marked_or_kept_if_the_limit_allows() {
    for (limit, flag) in [(1 << 20, "1MiB"), (8 << 20, "8MiB")] {
        let (sink, ledger) = (Sink::start().await, Ledger::default());
        let (mut docker, folder) = (Docker::new(&ledger), tempfile::tempdir().unwrap());
        let mut container = docker.run(Some(Rotation { max_size: 700_000, max_file: 50, compress: false }));
        let glob = format!("{}/*.log", folder.path().display());
        let setup = Setup::of(&sink, &docker)
            .with("--files", &glob)
            .with("--max-line", flag)
            .with("--memory", "64MiB")
            .with("--batch-bytes", "16MiB");
        container.print("before");
        let mut long = container.begin_long(&"m".repeat(5_000_000), limit);
        let shipper = setup.start();
        while container.piece("stdout", &mut long) {
            if long.is_at(100) {
                container.print_to("stderr", "in between");
            }
        }
        container.print("after");
        let text = format!("#plain# {}", "ä".repeat(2_500_000));
        let cut = text.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= limit).last().unwrap();
        ledger.note("plain", &text[..cut], "plain");
        let (half, rest) = text.split_at(1_000_008);
        append(&folder.path().join("site.log"), half);
        append(&folder.path().join("site.log"), &format!("{rest}\n"));
        setup.finish(shipper, &sink, &ledger).await;
        let cut = |document: &crate::sink::Document| document.source.contains(r#""truncated""#);
        assert_eq!(
            sink.documents().iter().filter(|document| cut(document)).count(),
            if limit < 5_000_000 { 2 } else { 0 }
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_container_that_dies_between_pieces_or_without_a_newline_has_said_what_it_has_said() {
    for is_away in [false, true] {
        let (sink, ledger) = (Sink::start().await, Ledger::default());
        let mut docker = Docker::new(&ledger);
        let setup = Setup::of(&sink, &docker)
            .with("--piece-timeout", "55s")
            .with("--memory", "64KiB")
            .with("--batch-bytes", "16KiB")
            .with("--lanes", "1");
        let mut busy = docker.run(None);
        let shipper = setup.start();
        busy.print("hello");
        sink.until("it is followed", |sink| sink.size() == 1).await;
        if is_away {
            sink.always(Fault::Whole { status: 503, kind: "unavailable", retry_after: None });
            (0..2_000).for_each(|_| busy.print("while the server is away"));
        }
        let mut dying = docker.run(None);
        dying.print("a last line");
        dying.last_words("stderr", "and then");
        dying.dies_speaking("stdout", &"w".repeat(40_000));
        until("it is followed", || setup.metric("log_shipper_files_followed") >= 2.0);
        dying.remove();
        busy.print("another one");
        if is_away {
            until("there is no room", || setup.metric("log_shipper_budget_used_bytes") > 30_000.0);
            sink.calm();
        }
        setup.all_there(&sink, &ledger).await;
        assert!(shipper.terminate().success());
        ledger.check(&sink);
        let broken = |document: &crate::sink::Document| document.source.contains(r#""partial""#);
        assert_eq!(sink.documents().iter().filter(|document| broken(document)).count(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_without_an_end_is_sent_once_and_what_comes_later_is_another_one() {
    let (sink, ledger) = (Sink::start().await, Ledger::default());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("site.log");
    let setup = Setup::new(&sink).with("--files", &format!("{}/*.log", folder.path().display()));
    ledger.note("first", "#first# no newline", "site");
    append(&path, "#first# no newline");
    sink.always(Fault::Answer(Broken::Missing));
    let shipper = setup.start_with(&["--once"]);
    sink.until("it is stored, and not acknowledged", |sink| sink.size() == 1).await;
    shipper.kill();
    sink.calm();
    ledger.note("second", " and #second#", "site");
    append(&path, " and #second#\n");
    let shipper = setup.start();
    setup.finish(shipper, &sink, &ledger).await;
}

/// What a document must have, and what not.
#[derive(Deserialize)]
struct Fields {
    #[serde(rename = "@timestamp")]
    timestamp: String,
    #[serde(rename = "log.offset")]
    offset: u64,
    #[serde(rename = "log.file.path")]
    path: String,
    #[serde(rename = "_id")]
    id: Option<IgnoredAny>,
    #[serde(rename = "_index")]
    index: Option<IgnoredAny>,
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_lines_are_documents_like_all_others() {
    let (sink, ledger) = (Sink::start().await, Ledger::default());
    let (mut docker, folder) = (Docker::new(&ledger), tempfile::tempdir().unwrap());
    let setup = Setup::of(&sink, &docker).with("--files", &format!("{}/*.log", folder.path().display()));
    let mut container = docker.run(None);
    let many = (0..100_000).map(|key| format!("\"k{key}\":{key}")).collect::<Vec<_>>().join(",");
    let deep = format!("{}1{}", "{\"d\":".repeat(10_000), "}".repeat(10_000));
    let hostile: Vec<Vec<u8>> = [
        "\0\0NUL \0 in the middle".into(),
        r#"{"message":"half"#.into(),
        r#"{"message":"twice","message":"twice"}"#.into(),
        format!(r#"{{"message":"deep","deep":{deep}}}"#),
        format!(r#"{{"message":"wide",{many}}}"#),
        r#"{"a":1,"a.b":2,"message":"a and a.b"}"#.into(),
        r#"{"_id":"mine","_index":"other","message":"ids"}"#.into(),
        r#"{"@timestamp":"yesterday","message":"no time"}"#.into(),
        r#"{"container":{"id":"forged"},"log":{"offset":7},"agent":1,"message":"forged"}"#.into(),
        r#"{"message":"\ud800 lone \udfff surrogates \u0000"}"#.into(),
        "\u{feff}{\"message\":\"a mark of byte order\"}".into(),
        "{\"create\":{\"_id\":\"x\"}}".into(),
        "\u{2028}\u{2029}\u{85}\u{1b}[31m red".into(),
        "[1,2,3]".into(),
        r#""only a text""#.into(),
        "{}".into(),
        "1e999999".into(),
        r#"{"message":1e999999,"n":-0,"big":123456789012345678901234567890}"#.into(),
        "\r\r\r".into(),
        "\\\\\\\"\\".into(),
    ]
    .into_iter()
    .map(String::into_bytes)
    .chain([b"\xff\xfe bad \xc3( UTF-8 \xed\xa0\x80".to_vec(), b"cut character \xe2\x82".to_vec()])
    .collect();
    for (number, line) in hostile.iter().enumerate() {
        let key = |source: &str| format!("{source}-{number:02}");
        let with_key = |key: &str| match line.strip_prefix(b"{").filter(|rest| !rest.is_empty()) {
            Some(b"}") => format!("{{\"key\":\"#{key}#\"}}").into_bytes(),
            Some(rest) => [format!("{{\"key\":\"#{key}#\",").as_bytes(), rest].concat(),
            None => [format!("x#{key}# ").as_bytes(), line].concat(),
        };
        ledger.note_key(&key("plain"), "plain");
        super::shipper::append_bytes(&folder.path().join("site.log"), &[&with_key(&key("plain"))[..], b"\n"].concat());
        container.print_raw_text(&key("docker"), &String::from_utf8_lossy(&with_key(&key("docker"))));
        ledger.note_key(&key("entry"), "entry");
        container.bytes(&[format!("{{\"log\":\"x#{}# ", key("entry")).as_bytes(), line, b"\n"].concat());
        container.print("an honest one");
    }
    let shipper = setup.start();
    setup.finish(shipper, &sink, &ledger).await;
    for document in sink.documents() {
        let fields: Fields =
            serde_json::from_str(&document.source).expect("a document is JSON, with each of these once");
        assert!(fields.timestamp.ends_with('Z') && fields.path.starts_with('/'), "{}", fields.offset);
        assert!(fields.id.is_none() && fields.index.is_none());
        assert_eq!(document.index, ".ds-logs-minitwit-default-000001");
    }
}
