//! Containers whose label sends their lines elsewhere.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::asked::Asked;
use crate::sink::Fault;
use crate::stage::{Stage, container_with, until};

/// Prints numbered lines with a text.
fn print(log: &Path, text: &str, numbers: std::ops::Range<usize>) {
    let entry = |number| {
        format!("{{\"log\":\"{text} {number}\\n\",\"stream\":\"stdout\",\"time\":\"2026-01-01T00:00:00Z\"}}\n")
    };
    let new: String = numbers.map(entry).collect();
    let mut file = fs::OpenOptions::new().create(true).append(true).open(log).unwrap();
    file.write_all(new.as_bytes()).unwrap();
}

fn containers(root: &Path) -> [PathBuf; 3] {
    [("1a", "odd"), ("2b", "rare"), ("3c", "")].map(|(id, dataset)| {
        let labels =
            if dataset.is_empty() { "{}".to_owned() } else { format!(r#"{{"log-shipper.dataset":"{dataset}"}}"#) };
        container_with(root, &id.repeat(32), id, &labels)
    })
}

#[tokio::test]
async fn a_target_that_is_denied_or_missing_holds_up_its_own_lines_only() {
    let stage = Stage::start().await;
    let root = stage.path("containers");
    let [odd, rare, usual] = containers(&root);
    stage.sink.always(Fault::Marked { text: "odd", status: 403, kind: "security_exception" });
    stage.sink.always(Fault::Marked { text: "rare", status: 404, kind: "index_not_found_exception" });
    let small = ["--docker-root", root.to_str().unwrap(), "--lanes=1", "--memory=128KiB", "--batch-bytes=16KiB"];
    let shipper = Asked::start(&stage, &small);
    print(&odd, "odd", 0..1_000);
    print(&rare, "rare", 0..1_000);
    print(&usual, "usual", 0..10);
    for said in ["denies writing to logs-odd-default (403", "`log-shipper setup --target logs-rare-default`"] {
        until(said, async || shipper.get("/readyz").await.contains(said)).await;
    }
    // More than would have room beside what waits.
    print(&usual, "usual", 10..2_000);
    shipper.is(r#"documents_acknowledged_total{dataset="other"}"#, 2_000.0).await;
    stage.sink.calm();
    shipper.is(r#"documents_acknowledged_total{dataset="other"}"#, 4_000.0).await;
    assert_eq!((stage.sink.count(), stage.sink.repeats()), (4_000, 0));
}
