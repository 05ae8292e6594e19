//! Who becomes a member, who does not, and what is said of it.

use std::process::Command;

use anyhow::ensure;
use e2e::docker_engine::Lan;
use e2e::monitoring::product;
use e2e::wait::until;

use crate::stage::{LIMIT, Stage};

const DATA: [&str; 4] = ["--database", "machine-1", "--log", "machine-1"];

#[tokio::test(flavor = "multi_thread")]
async fn one_command_makes_a_swarm_of_three_machines_and_a_second_one_changes_nothing() -> anyhow::Result<()> {
    let Some(stage) = Stage::begin(3).await? else { return Ok(()) };
    let address = Lan::address(0);
    let options = [&["--init", &*address], &DATA[..]].concat();
    let complaint = stage.refuses(&DATA, &[1, 2]).await?;
    ensure!(complaint.contains("--init ADDRESS makes it"), "{complaint}");
    stage.join(&options, &[1, 2]).await?;
    let nodes = stage.nodes("{{.Hostname}} {{.Status}} {{.ManagerStatus}}").await?;
    ensure!(nodes == ["machine-0 Ready Leader", "machine-1 Ready ", "machine-2 Ready "], "{nodes:?}");
    for (node, wanted) in [("machine-1", "true"), ("machine-2", "")] {
        ensure!(stage.label(node, "minitwit.database").await? == wanted, "{node}");
        ensure!(stage.label(node, "minitwit.log").await? == wanted, "{node}");
    }
    let before = stage.kept().await?;
    let said = stage.join(&options, &[1, 2]).await?;
    ensure!(said == "nothing was to be changed\n2 of 2 workers are ready\n", "{said}");
    let after = stage.kept().await?;
    ensure!(before == after, "{before}\nis now\n{after}");
    data_stays_where_it_is(&stage).await?;
    ensure!(before == stage.kept().await?, "a refusal changes something");
    Ok(())
}

async fn data_stays_where_it_is(stage: &Stage) -> anyhow::Result<()> {
    let complaint = stage.refuses(&["--database", "machine-2"], &[1, 2]).await?;
    ensure!(complaint.contains("minitwit.database is on machine-1, whose data would stay behind"), "{complaint}");
    let complaint = stage.refuses(&["--log", "machine-7"], &[1, 2]).await?;
    ensure!(complaint.contains("there is no node machine-7"), "{complaint}");
    let complaint = stage.refuses(&["--init", "192.0.2.77"], &[1]).await?;
    ensure!(complaint.contains("the manager is at 192.0.2.1 already"), "{complaint}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_cannot_join_is_named_with_the_way_out_and_others_join() -> anyhow::Result<()> {
    let Some(stage) = Stage::begin(3).await? else { return Ok(()) };
    let foreign = &stage.engines[2];
    foreign.docker(&["swarm", "init", "--advertise-addr", &Lan::address(2)]).await?;
    let token = foreign.docker(&["swarm", "join-token", "--quiet", "worker"]).await?;
    let nobody = "unix:///nowhere/socket";
    let complaint = stage.refuses(&["--init", &Lan::address(0), nobody], &[1, 2]).await?;
    ensure!(complaint.contains(&format!("{nobody}: no engine answers")), "{complaint}");
    ensure!(complaint.contains("it is in another swarm"), "{complaint}");
    ensure!(complaint.contains(&format!("docker --host {} swarm leave", foreign.socket())), "{complaint}");
    ensure!(complaint.contains("1 of 3 workers are ready"), "{complaint}");
    ensure!(stage.nodes("{{.Hostname}}").await? == ["machine-0", "machine-1"], "others join");
    ensure!(foreign.docker(&["swarm", "join-token", "--quiet", "worker"]).await? == token, "it stays in its swarm");
    takes_the_way_out(&stage).await?;
    a_machine_is_made_anew(&stage).await
}

async fn takes_the_way_out(stage: &Stage) -> anyhow::Result<()> {
    stage.engines[2].docker(&["swarm", "leave", "--force"]).await?;
    let token = stage.manager().docker(&["swarm", "join-token", "--quiet", "worker"]).await?;
    let said = stage.join_by_context(2).await?;
    ensure!(said.contains("machine-2: has joined\nmachine-1: was not named"), "{said}");
    ensure!(stage.nodes("{{.Hostname}}").await?.len() == 3, "it joins");
    let new = stage.manager().docker(&["swarm", "join-token", "--quiet", "worker"]).await?;
    ensure!(new != token, "the token that was used lets in whoever saw it");
    let itself = stage.refuses(&[], &[0]).await?;
    ensure!(itself.contains("it is the manager itself"), "{itself}");
    Ok(())
}

/// It knows nothing of the swarm, which knows its name.
async fn a_machine_is_made_anew(stage: &Stage) -> anyhow::Result<()> {
    stage.engines[2].docker(&["swarm", "leave"]).await?;
    let down = async || Ok(stage.nodes("{{.Hostname}} {{.Status}}").await?.contains(&"machine-2 Down".to_owned()));
    until("the machine is down", LIMIT, down).await?;
    let before = stage.nodes("{{.ID}}").await?;
    let complaint = stage.refuses(&[], &[2]).await?;
    ensure!(complaint.contains("--replace removes its entry"), "{complaint}");
    ensure!(before == stage.nodes("{{.ID}}").await?, "a refusal changes nothing");
    stage.join(&["--replace"], &[1, 2]).await?;
    let nodes = stage.nodes("{{.Hostname}} {{.Status}}").await?;
    ensure!(nodes == ["machine-0 Ready", "machine-1 Ready", "machine-2 Ready"], "{nodes:?}");
    Ok(())
}

#[test]
fn a_command_line_that_is_wrong_is_named() -> anyhow::Result<()> {
    let wrong: [(&[&str], &str); 5] = [
        (&[], "WORKER is missing"),
        (&["--fast", "worker"], "'--fast' is not known"),
        (&["worker", "--log"], "--log needs a value"),
        (&["worker=here"], "'here' is no IPv4 address"),
        (&["worker", "worker=192.0.2.1"], "worker is there twice"),
    ];
    for (words, complaint) in wrong {
        let ended = Command::new(product("compose/join-workers")).args(words).output()?;
        let said = String::from_utf8(ended.stderr)?;
        ensure!(ended.status.code() == Some(2) && said.contains(complaint), "{words:?}: {said}");
    }
    Ok(())
}
