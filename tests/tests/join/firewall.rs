//! The firewall of rented machines, beside a real Docker engine that publishes ports.

use anyhow::ensure;
use e2e::docker_engine::{IMAGE, Lan};
use e2e::platform::{Machine, key};

use crate::answers::{Answers, FIRST, PEOPLE, settled};

/// Of a container that is published without a thought.
const SHOP: &str = "8080";

/// What machines of a swarm tell each other by.
const SWARM: [(&str, &str); 5] = [("tcp", "2377"), ("tcp", "7946"), ("udp", "7946"), ("udp", "4789"), ("esp", "0")];

const SITE: [(&str, &str); 2] = [("tcp", "80"), ("tcp", "443")];

#[tokio::test(flavor = "multi_thread")]
async fn nobody_passes_the_firewall_but_who_is_in_its_lists_whatever_docker_publishes() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let Some(engine) = settled(&folder).await? else { return Ok(()) };
    let lan = Lan::connect(&[&engine], &[]).await?;
    let Some(key) = key(folder.path()).await? else { return Ok(()) };
    let Some(machine) = Machine::make(engine, &key.with_extension("pub")).await? else { return Ok(()) };
    let mut answers = Answers::begin(machine, lan, &["80", "443", "2377", "4789", "7946"]).await?;
    the_engine_has_its_settings(&answers).await?;
    let shop =
        ["run", "--detach", "--publish", "8080:80", IMAGE, "busybox", "nc", "-ll", "-p", "80", "-e", "echo", "hello"];
    answers.machine.engine.docker(&shop).await?;
    only_ssh_is_open(&answers).await?;
    lists_open_what_they_name(&answers).await?;
    restarts_open_nothing(&mut answers).await?;
    what_is_wrong_changes_nothing(&answers).await
}

async fn the_engine_has_its_settings(answers: &Answers) -> anyhow::Result<()> {
    let engine = &answers.machine.engine;
    let status = engine.docker(&["run", "--rm", IMAGE, "busybox", "grep", "NoNewPrivs", "/proc/self/status"]).await?;
    ensure!(status == "NoNewPrivs:\t1\n", "{status}");
    let network =
        engine.docker(&["network", "inspect", "--format", "{{(index .IPAM.Config 0).Subnet}}", "bridge"]).await?;
    ensure!(network.starts_with("172.20."), "{network}");
    let asks = ["run", "--rm", IMAGE, "sh", "-c", "busybox nc -w 60 192.0.2.254 9000 </dev/null"];
    ensure!(engine.docker(&asks).await? == "answer", "a container reaches others");
    Ok(())
}

async fn only_ssh_is_open(answers: &Answers) -> anyhow::Result<()> {
    for address in FIRST {
        answers.are_given("tcp", address, "22").await?;
        for (kind, port) in [&SITE[..], &SWARM[..4]].concat() {
            answers.are_denied(kind, address, port).await?;
        }
    }
    answers.are_denied("esp", FIRST[0], "0").await?;
    answers.are_denied("tcp", FIRST[0], SHOP).await
}

async fn lists_open_what_they_name(answers: &Answers) -> anyhow::Result<()> {
    let machine = &answers.machine;
    ensure!(machine.firewall(&["open", "80", "443"]).await? == "ports: 443 80\n", "it says what has changed");
    ensure!(machine.firewall(&["open", "443"]).await?.is_empty(), "nothing has changed");
    machine.firewall(&[&["allow"], &PEOPLE[..]].concat()).await?;
    for address in FIRST {
        for (kind, port) in [&SITE[..], &SWARM[..4]].concat() {
            answers.are_given(kind, address, port).await?;
        }
    }
    answers.are_given("esp", FIRST[0], "0").await?;
    machine.firewall(&["forbid", PEOPLE[0]]).await?;
    answers.are_denied("tcp", FIRST[0], "7946").await?;
    answers.are_given("tcp", FIRST[1], "7946").await?;
    answers.are_denied("tcp", FIRST[0], SHOP).await?;
    // It was the firewall, and nothing else, that denied it.
    machine.firewall(&["open", SHOP]).await?;
    answers.are_given("tcp", FIRST[0], SHOP).await?;
    machine.firewall(&["close", SHOP]).await.map(drop)
}

/// Of the engine, whose rules are made anew, and of the machine, which begins without any.
async fn restarts_open_nothing(answers: &mut Answers) -> anyhow::Result<()> {
    answers.machine.engine.end("TERM").await?;
    answers.machine.engine.go_on().await?;
    let shop = answers.machine.engine.docker(&["ps", "--all", "--quiet"]).await?;
    answers.machine.engine.docker(&["start", shop.lines().next().unwrap_or_default()]).await?;
    answers.are_denied("tcp", FIRST[0], SHOP).await?;
    answers.machine.run("nft", &["delete", "table", "inet", "minitwit"]).await?;
    answers.are_given("tcp", FIRST[0], SHOP).await?;
    answers.machine.firewall(&["load"]).await?;
    answers.are_denied("tcp", FIRST[0], SHOP).await?;
    answers.are_given("tcp", FIRST[0], "80").await
}

async fn what_is_wrong_changes_nothing(answers: &Answers) -> anyhow::Result<()> {
    for words in [["allow", "192.0.2.254/99"], ["allow", "somebody"], ["open", "70000"], ["close", "all"]] {
        ensure!(answers.machine.firewall(&words).await.is_err(), "{words:?}");
    }
    ensure!(answers.machine.firewall(&["allow", PEOPLE[1]]).await?.is_empty(), "the list is as before");
    answers.are_given("tcp", FIRST[0], "80").await?;
    answers.are_denied("tcp", FIRST[0], "7946").await
}
