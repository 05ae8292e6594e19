//! `log-shipper run --dry-run`

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use crate::sink::Fault;
use crate::stage::{Running, Stage, container, ended, until};

/// A dry run over the folder for logs, which knows of no Elasticsearch.
fn dry(stage: &Stage) -> Command {
    let mut program = stage.program(&["run", "--dry-run"]);
    program.arg("--files").arg(stage.log("*.log"));
    program
}

fn contents(stage: &Stage) -> Vec<(String, Vec<u8>, SystemTime)> {
    let file = |entry: fs::DirEntry| {
        let modified = entry.metadata().unwrap().modified().unwrap();
        (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap(), modified)
    };
    let mut contents: Vec<_> = fs::read_dir(stage.state()).unwrap().map(|entry| file(entry.unwrap())).collect();
    contents.sort();
    contents
}

#[tokio::test]
async fn it_prints_a_document_a_line_and_makes_nothing() {
    let stage = Stage::start().await;
    stage.print("a.log", "one password=hunter2\n{\"user.name\":\"ada\"}\nlast");
    let said = ended(dry(&stage)).await;
    let documents = said.json();
    assert_eq!(documents.len(), 3);
    assert_eq!((&documents[1]["user.name"], &documents[1]["log.offset"]), (&"ada".into(), &21.into()));
    assert_eq!(documents[2]["message"], "last");
    assert!(!said.out.contains("hunter2") && documents[0]["log.flags"][0] == "masked", "{}", said.out);
    assert!(!said.out.contains("\"create\""), "{}", said.out);
    assert_eq!((said.code, stage.state().exists()), (Some(0), false));
}

#[tokio::test]
async fn it_prints_what_is_not_acknowledged_and_moves_nothing_also_beside_a_shipper() {
    let stage = Stage::start().await;
    stage.print("a.log", "one\ntwo\n");
    stage.once().await;
    stage.print("a.log", "three\n");
    let before = contents(&stage);
    for _ in 0..2 {
        let documents = ended(dry(&stage)).await.json();
        assert_eq!(documents.iter().map(|document| &document["message"]).collect::<Vec<_>>(), ["three"]);
    }
    assert!(before == contents(&stage), "the state is as it was");
    stage.sink.always(Fault::Stall { stored: false });
    let _running = Running::start(stage.shipper(&[]));
    stage.sink.until("the shipper sends", |sink| sink.seen().len() == 2).await;
    assert_eq!(ended(dry(&stage)).await.json().len(), 1);
}

#[tokio::test]
async fn documents_of_containers_have_who_they_are_of() {
    let stage = Stage::start().await;
    let root = stage.path("containers");
    let log = container(&root, &"4e1f".repeat(16), "shop_web.1");
    fs::write(log, "{\"log\":\"hello\\n\",\"stream\":\"stderr\",\"time\":\"2026-01-01T00:00:00Z\"}\n").unwrap();
    let mut program = stage.program(&["--dry-run"]);
    program.arg("--docker-root").arg(root);
    let documents = ended(program).await.json();
    assert_eq!((&documents[0]["container.name"], &documents[0]["stream"]), (&"shop_web.1".into(), &"stderr".into()));
}

#[tokio::test]
async fn it_ends_quietly_when_nobody_reads_any_more() {
    let stage = Stage::start().await;
    stage.print("a.log", "a line\n".repeat(200_000));
    let mut program = dry(&stage).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(program.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.ends_with("}\n"), "{first}");
    let mut said = String::new();
    program.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    let code = program.wait().unwrap().code();
    assert!(!said.contains("panic") && !said.contains("log-shipper: "), "{said}");
    assert_eq!(code, Some(0));
}

#[tokio::test]
async fn a_full_disk_is_an_error() {
    let stage = Stage::start().await;
    stage.print("a.log", "one\n");
    let mut program = dry(&stage);
    program.stdout(fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
    let said = tokio::task::spawn_blocking(move || program.stderr(Stdio::piped()).output().unwrap()).await.unwrap();
    let told = String::from_utf8(said.stderr).unwrap();
    assert!(told.lines().last().unwrap().starts_with("log-shipper: the documents cannot be printed: "), "{told}");
    assert_eq!(said.status.code(), Some(1));
}

#[tokio::test]
async fn nothing_to_read_is_no_document() {
    let stage = Stage::start().await;
    stage.print("a.log", "");
    let said = ended(dry(&stage)).await;
    assert_eq!((said.code, said.out.as_str()), (Some(0), ""));
    until("it makes no state", async || !stage.state().exists()).await;
}
