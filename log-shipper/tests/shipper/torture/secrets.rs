//! Secrets that are printed reach nobody.

use std::fs;

use super::docker::Docker;
use super::ledger::Ledger;
use super::shipper::{Setup, append, until};
use crate::sink::{Fault, Sink};

#[tokio::test(flavor = "multi_thread")]
async fn seeded_secrets_are_in_no_document_dead_letter_state_log_or_metric() {
    let (sink, ledger) = (Sink::start().await, Ledger::default());
    sink.always(Fault::Marked { text: "POISON", status: 400, kind: "document_parsing_exception" });
    let (mut docker, folder) = (Docker::new(&ledger), tempfile::tempdir().unwrap());
    let mut container = docker.run(None);
    let setup = Setup::of(&sink, &docker).with("--files", &format!("{}/*.log", folder.path().display()));
    let shapes: [fn(&str) -> String; 9] = [
        |secret| format!("Authorization: Bearer {secret}"),
        |secret| format!("GET / HTTP/1.1 authorization: Basic {secret}"),
        |secret| format!("login with password={secret} failed"),
        |secret| format!(r#"{{"user":"ada","pwd":"{secret}"}}"#),
        |secret| format!(r#"{{"message":"nested","request":{{"headers":{{"cookie":"session={secret}"}}}}}}"#),
        |secret| format!("connecting to postgres://ada:{secret}@db/app"),
        |secret| format!("Cookie: session={secret}; theme=dark"),
        |secret| format!("api_key: {secret}"),
        |secret| format!(r#"{{"message":"text with password={secret} in it"}}"#),
    ];
    let (mut secrets, mut poisoned) = (Vec::new(), 0);
    for (number, shape) in shapes.iter().enumerate() {
        for (place, poison) in [(0, ""), (1, ""), (0, "POISON"), (1, "POISON")] {
            let secret = format!("h0rse{number}Battery{place}{}Staple", poison.len());
            let key = format!("secret-{}", secrets.len());
            let line = match shape(&secret) {
                line if line.starts_with('{') => line.replacen('{', &format!("{{\"key\":\"#{key}# {poison}\","), 1),
                line => format!("#{key}# {poison} {line}"),
            };
            if poison.is_empty() {
                ledger.note_key(&key, "secrets");
            } else {
                poisoned += 1;
            }
            match place {
                0 => container.print_unnoted(&line),
                _ => append(&folder.path().join("site.log"), &format!("{line}\n")),
            }
            secrets.push(secret);
        }
    }
    let shipper = setup.start();
    setup.all_there(&sink, &ledger).await;
    until("all dead letters are there", || setup.dead_letters().len() == poisoned);
    let metrics = setup.metrics();
    setup.finish(shipper, &sink, &ledger).await;
    let mut places = vec![("metrics".to_owned(), metrics), ("own log".to_owned(), setup.said())];
    places.extend(sink.documents().into_iter().map(|document| (document.id, document.source)));
    for path in files_below(&setup.state()) {
        places.push((path.display().to_string(), String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned()));
    }
    for (place, text) in &places {
        let found: Vec<&String> = secrets.iter().filter(|secret| text.contains(*secret)).collect();
        assert!(found.is_empty(), "{place} has {found:?}");
    }
    assert!(places.len() > secrets.len() / 2, "all were looked at");
}

fn files_below(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}
