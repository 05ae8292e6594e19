//! `log-shipper status`

use std::fs;

use crate::sink::Fault;
use crate::stage::{Running, Stage, container, ended, until};

#[tokio::test]
async fn it_shows_each_file_and_how_far_behind_it_is() {
    let stage = Stage::start().await;
    stage.print("a.log", "one\ntwo\n");
    assert_eq!(stage.once().await.code, Some(0));
    stage.print("a.log", "three!\n");
    let said = stage.ask(&["status"]).await;
    let path = stage.log("a.log");
    let rows: Vec<Vec<&str>> = said.out.lines().map(|line| line.split("  ").collect()).collect();
    let cells: Vec<&str> = rows[1].iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
    assert_eq!(cells[..5], ["file", path.to_str().unwrap(), "8 B", "15 B", "7 B"]);
    assert!(cells[5].ends_with(" s ago"), "{cells:?}");
    assert_eq!(said.out.lines().last(), Some("1 file, 7 B behind"));
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
}

#[tokio::test]
async fn json_has_an_object_for_each_file() {
    let stage = Stage::start().await;
    stage.print("a.log", "one\n");
    stage.print("b.log", "one\ntwo\n");
    stage.once().await;
    let said = stage.ask(&["status", "--json"]).await.json();
    let facts: Vec<_> = said.iter().map(|file| (&file["position"], &file["size"], &file["behind"])).collect();
    assert_eq!(facts, [(&4.into(), &4.into(), &0.into()), (&8.into(), &8.into(), &0.into())]);
    assert_eq!(said[0]["path"].as_str(), stage.log("a.log").to_str());
    assert_eq!((&said[0]["source"], &said[0]["present"]), (&"file".into(), &true.into()));
    assert!(said[0]["last_seen"].as_str().is_some_and(|at| at.ends_with('Z')));
}

#[tokio::test]
async fn a_container_has_its_name_as_long_as_that_is_known() {
    let stage = Stage::start().await;
    let root = stage.path("containers");
    let id = "4e1f0b6a9d2c77aa4e1f0b6a9d2c77aa4e1f0b6a9d2c77aa4e1f0b6a9d2c77aa";
    let log = container(&root, id, "shop_web.1");
    fs::write(&log, r#"{"log":"hello\n","stream":"stdout","time":"2026-01-01T00:00:00Z"}"#.to_owned() + "\n").unwrap();
    let mut shipper = stage.program(&["run", "--once", "--operations-listen=off"]);
    shipper.args(["--elasticsearch", stage.sink.url().as_str(), "--docker-root"]).arg(&root);
    assert_eq!(ended(shipper).await.code, Some(0));
    let row = |out: &str| out.lines().nth(1).unwrap().to_owned();
    let said = row(&stage.ask(&["status"]).await.out);
    assert!(said.starts_with("shop_web.1  json.log  "), "{said}");
    fs::remove_dir_all(log.parent().unwrap()).unwrap();
    let said = row(&stage.ask(&["status"]).await.out);
    assert!(said.starts_with("4e1f0b6a9d2c  json.log  ") && said.contains("  gone  "), "{said}");
}

#[tokio::test]
async fn a_file_that_was_renamed_meanwhile_is_found_and_one_that_is_gone_is_named() {
    let stage = Stage::start().await;
    stage.print("a.log", "one\n");
    stage.print("b.log", "one\n");
    stage.once().await;
    fs::rename(stage.log("a.log"), stage.log("a.log.1")).unwrap();
    fs::remove_file(stage.log("b.log")).unwrap();
    let said = stage.ask(&["status", "--json"]).await.json();
    assert_eq!(said[0]["path"].as_str(), stage.log("a.log.1").to_str());
    assert_eq!((&said[0]["present"], &said[1]["present"]), (&true.into(), &false.into()));
    let said = stage.ask(&["status"]).await.out;
    assert!(said.ends_with("1 file, 0 B behind; 1 gone\n"), "{said}");
}

#[tokio::test]
async fn it_works_while_a_shipper_runs_and_before_one_ever_did() {
    let stage = Stage::start().await;
    let said = stage.ask(&["status"]).await;
    assert_eq!((said.code, said.out.as_str()), (Some(0), ""));
    assert!(said.err.contains("no file is known yet") && said.err.contains("--state"), "{}", said.err);
    assert!(!stage.state().exists(), "looking makes nothing");
    stage.sink.always(Fault::Stall { stored: false });
    stage.print("a.log", "one\n");
    let running = Running::start(stage.shipper(&["--shutdown-timeout=0s"]));
    until("the file is known", async || !stage.ask(&["status", "--json"]).await.out.is_empty()).await;
    let said = stage.ask(&["status", "--json"]).await.json();
    assert_eq!((&said[0]["position"], &said[0]["behind"]), (&0.into(), &4.into()));
    assert_eq!(running.stop().await, Some(0));
}

#[tokio::test]
async fn a_folder_that_cannot_be_read_is_named_with_the_setting() {
    let stage = Stage::start().await;
    fs::write(stage.state(), "a file").unwrap();
    let said = stage.ask(&["status"]).await;
    assert!(said.err.starts_with("log-shipper: --state: cannot read /") && said.code == Some(1), "{}", said.err);
    assert_eq!(said.err.matches("Not a directory").count(), 1, "{}", said.err);
}
