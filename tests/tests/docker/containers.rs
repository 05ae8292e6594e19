//! Containers that print, end, and are removed.

use anyhow::{Context, ensure};
use e2e::docker_engine::IMAGE;
use e2e::search_server::Document;
use serde_json::json;

use crate::numbers::Numbers;
use crate::scene::Scene;

/// The messages of a container's output, in order.
fn messages<'d>(documents: &'d [Document], container: &str, output: &str) -> Vec<&'d str> {
    let is_of =
        |document: &&Document| document.source["container.name"] == container && document.source["stream"] == output;
    let mut found: Vec<&Document> = documents.iter().filter(is_of).collect();
    found.sort_by_key(|document| document.source["log.offset"].as_u64());
    found.iter().filter_map(|document| document.source["message"].as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_docker_logs_prints_is_what_arrives_whatever_the_length_of_the_lines() -> anyhow::Result<()> {
    let Some(mut scene) = Scene::begin("engine", &[]).await? else { return Ok(()) };
    let (mut numbers, lengths) =
        (Numbers::default(), [("short", 10, 3000), ("piece", 16_384, 40), ("long", 40_000, 40)]);
    for (name, length, last) in lengths {
        let (length, count) = (format!("--env=LENGTH={length}"), last.to_string());
        scene.run(name, &["--label=kind=lines", &length], &["count", name, &count]).await?;
        numbers.add(Numbers::up_to(name, last));
    }
    let documents = scene.conclude(&numbers).await?;
    for (name, ..) in lengths {
        let (out, err) = scene.engine.both(&["logs", name]).await?;
        ensure!(messages(&documents, name, "stdout") == out.lines().collect::<Vec<_>>(), "stdout of {name} differs");
        ensure!(messages(&documents, name, "stderr") == err.lines().collect::<Vec<_>>(), "stderr of {name} differs");
    }
    for Document { source, .. } in &documents {
        ensure!(source["container.image.name"] == IMAGE && source["container.labels"]["kind"] == "lines", "{source}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_container_that_lives_for_a_moment_arrives_under_its_name_with_its_last_unended_line() -> anyhow::Result<()> {
    let Some(mut scene) = Scene::begin("moment", &[]).await? else { return Ok(()) };
    let mut numbers = Numbers::default();
    for name in ["one", "two", "three", "four", "five"] {
        let script = format!("echo '#{name}-1# first'; usleep 50000; printf '#{name}-2# last' >&2");
        scene.run(name, &[], &["sh", "-c", &script]).await?;
        numbers.add(Numbers::up_to(name, 2));
    }
    let documents = scene.conclude(&numbers).await?;
    for Document { source, .. } in &documents {
        let name = source["container.name"].as_str().context("a container has a name")?;
        let message = source["message"].as_str().unwrap_or_default();
        ensure!(message.starts_with(&format!("#{name}-")) && message.ends_with("st"), "{source}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_of_a_container_that_is_removed_at_its_end_arrive_and_its_files_are_let_go() -> anyhow::Result<()> {
    let Some(mut scene) = Scene::begin("removed", &[]).await? else { return Ok(()) };
    scene.run("gone", &["--rm"], &["count", "gone", "3000", "500"]).await?;
    scene.run("kept", &[], &["count", "kept", "1000"]).await?;
    scene.ended("kept").await?;
    let mut numbers = Numbers::up_to("gone", 3000);
    numbers.add(Numbers::up_to("kept", 1000));
    scene.arrive(&scene.target, numbers.len()).await?;
    scene.engine.docker(&["rm", "kept"]).await?;
    scene.lets_go().await?;
    scene.conclude(&numbers).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_of_a_container_choose_whether_and_where_its_lines_arrive_and_which_belong_together()
-> anyhow::Result<()> {
    let Some(mut scene) = Scene::begin("hints", &[]).await? else { return Ok(()) };
    let elsewhere = "logs-hints.elsewhere-default";
    let trace = ["sh", "-c", "printf 'Error: no\\n  at one\\n  at two\\nfine\\n'"];
    scene.run("silent", &["--label=log-shipper.exclude=true"], &["count", "silent", "10"]).await?;
    scene.run("other", &["--label=log-shipper.dataset=hints.elsewhere"], &["count", "other", "10"]).await?;
    scene.run("trace", &[r"--label=log-shipper.multiline=^\S"], &trace).await?;
    scene.arrive(elsewhere, 10).await?;
    scene.arrive(&scene.target, 2).await?;
    let documents = scene.finish().await?;
    ensure!(messages(&documents, "trace", "stdout") == ["Error: no\n  at one\n  at two", "fine"], "{documents:?}");
    ensure!(documents.len() == 2, "{documents:?}");
    let lost = Numbers::up_to("other", 10).missing(&scene.server.documents(elsewhere).await?)?;
    ensure!(lost.is_empty(), "{lost:?} are lost");
    let silent = json!({ "term": { "container.name": "silent" } });
    ensure!(scene.server.count("logs-hints*", &silent).await? == 0, "an excluded container has documents");
    Ok(())
}
