//! Files that look like others: the same inode, the same size, the same beginning.

use std::fs;

use super::docker::{Container, Docker, quoted};
use super::ledger::Ledger;
use super::plain::{Plain, replace};
use super::shipper::{Setup, append, until};
use crate::sink::{Broken, Fault, Sink};

/// Lines with keys of a generation: of how many bytes their text is, and whether all begin with the same kibibyte.
fn lines(ledger: &Ledger, generation: &str, count: usize, same_beginning: bool) -> Vec<String> {
    let line = |number: usize| {
        let key = format!("{generation}-{number:04}");
        let beginning = if same_beginning && number == 0 { "z".repeat(1_500) } else { "line".to_owned() };
        let text = format!("{beginning} #{key}#");
        ledger.note(&key, &text, generation);
        text
    };
    (0..count).map(line).collect()
}

fn entries(lines: &[String], second: usize) -> String {
    let entry = |(number, line): (usize, &String)| {
        let line = quoted(line);
        format!(
            "{{\"log\":\"{line}\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-25T09:00:{second:02}.{number:04}1Z\"}}\n"
        )
    };
    lines.iter().enumerate().map(entry).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_the_inode_of_another_one_is_another_one() {
    let mut reused = 0;
    for (case, (old, new, same_beginning)) in [
        (40, 10, false),
        (40, 40, false),
        (40, 90, false),
        (40, 40, true),
        (40, 90, true),
        (40, 1, true),
        (1, 40, true),
    ]
    .into_iter()
    .enumerate()
    {
        let (sink, ledger) = (Sink::start().await, Ledger::default());
        let (mut docker, folder) = (Docker::new(&ledger), tempfile::tempdir().unwrap());
        let (container, plain) = (docker.run(None), folder.path().join("site.log"));
        let setup = Setup::of(&sink, &docker).with("--files", &format!("{}/*.log", folder.path().display()));
        fs::write(container.log(), entries(&lines(&ledger, "docker-a", old, same_beginning), 1)).unwrap();
        fs::write(&plain, lines(&ledger, "plain-a", old, same_beginning).join("\n") + "\n").unwrap();
        assert!(setup.once().success());
        let new_entries = entries(&lines(&ledger, "docker-b", new, same_beginning), 2);
        reused += usize::from(replace(&container.log(), new_entries.as_bytes()));
        let new_lines = lines(&ledger, "plain-b", new, same_beginning).join("\n") + "\n";
        reused += usize::from(replace(&plain, new_lines.as_bytes()));
        let shipper = setup.start();
        eprintln!("case {case}");
        setup.finish(shipper, &sink, &ledger).await;
    }
    eprintln!("the file system gave the same inode in {reused} of 14 cases");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_is_removed_and_made_again_while_it_is_followed_is_read_from_its_beginning() {
    let (sink, ledger) = (Sink::start().await, Ledger::default());
    let (mut docker, folder) = (Docker::new(&ledger), tempfile::tempdir().unwrap());
    let (container, plain) = (docker.run(None), folder.path().join("site.log"));
    let glob = format!("{}/*.log", folder.path().display());
    let setup = Setup::of(&sink, &docker).with("--files", &glob).with("--poll", "100ms");
    let shipper = setup.start();
    for round in 0..6 {
        let count = [30, 30, 5, 60, 1, 1][round];
        for (path, is_docker) in [(container.log(), true), (plain.clone(), false)] {
            let name = format!("{}-{round}", if is_docker { "docker" } else { "plain" });
            let lines = lines(&ledger, &name, count, round % 2 == 1);
            let content = if is_docker { entries(&lines, round) } else { lines.join("\n") + "\n" };
            if path.exists() {
                fs::remove_file(&path).unwrap();
            }
            append(&path, &content);
        }
        sink.until("this round is there", |sink| sink.size() == ledger.len()).await;
    }
    setup.finish(shipper, &sink, &ledger).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_files_with_the_same_first_line_are_not_taken_for_each_other_after_a_crash() {
    let (sink, ledger) = (Sink::start().await, Ledger::default());
    let folder = tempfile::tempdir().unwrap();
    let mut files = ["one", "two", "six"].map(|name| Plain::new(folder.path().join(format!("{name}.log")), &ledger));
    for file in &mut files {
        append(&file.path, "the same banner\n");
        file.print_many(50, "line");
    }
    let setup = Setup::new(&sink).with("--files", &format!("{}/*.log", folder.path().display()));
    sink.always(Fault::Answer(Broken::Missing));
    let shipper = setup.start();
    sink.until("all is stored, and nothing acknowledged", |sink| sink.size() == ledger.len() + files.len()).await;
    shipper.kill();
    sink.calm();
    let (shipper, before) = (setup.start(), sink.conflicts());
    let all = before + ledger.len() + files.len();
    sink.until("each of them is met again", |sink| sink.conflicts() >= all).await;
    assert!(shipper.terminate().success());
    setup.rests(&sink);
    let difference = ledger.compare(&sink);
    assert!(difference.lost.is_empty() && difference.twice.is_empty() && difference.wrong.is_empty(), "{difference:?}");
    assert_eq!(difference.strange.len(), files.len(), "each banner once");
}

#[tokio::test(flavor = "multi_thread")]
async fn compressed_files_that_were_there_before_are_read_once() {
    let (sink, ledger) = (Sink::start().await, Ledger::default());
    let mut docker = Docker::new(&ledger);
    let rotation = super::docker::Rotation { max_size: 20_000, max_file: 50, compress: true };
    let mut container: Container = docker.run(Some(rotation));
    (0..2_000).for_each(|_| container.print("compressed before anybody looked"));
    let setup = Setup::of(&sink, &docker);
    assert!(setup.once().success());
    assert_eq!(sink.size(), ledger.len());
    setup.rests(&sink);
    (0..500).for_each(|_| container.print("and some more"));
    assert!(setup.once().success());
    setup.rests(&sink);
    ledger.check(&sink);
    assert_eq!(sink.conflicts(), 0);
    until("there are several compressed files", || fs::read_dir(&container.folder).unwrap().count() > 10);
}
