//! One machine: the compose file as it is.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Context, ensure};
use e2e::docker_engine::{Lan, said};
use e2e::platform::{HOST, Platform};
use e2e::wait::until;
use serde_json::{Value, json};

/// What is asked of a line: from the answer to the document.
const SOON: Duration = Duration::from_secs(5);

/// Far more than anything else takes.
const PATIENCE: Duration = Duration::from_mins(3);

#[tokio::test(flavor = "multi_thread")]
async fn everything_comes_up_and_works_and_stays_when_it_is_taken_down_and_brought_up_again() -> anyhow::Result<()> {
    let Some(platform) = Platform::prepare().await? else { return Ok(()) };
    platform.up().await?;
    let person = Person { platform: &platform };
    person.registers().await?;
    person.is_in_the_log().await?;
    all_targets_are_up(&platform).await?;
    the_watchdog_is_heard(&platform).await?;
    only_the_proxy_listens(&platform).await?;
    let before = totals(&platform).await?;
    platform.down().await?;
    platform.up().await?;
    ensure!(totals(&platform).await? == before, "the database has changed from {before}");
    person.is_in_the_log().await
}

/// Somebody on the other machine.
struct Person<'a> {
    platform: &'a Platform,
}

impl Person<'_> {
    /// Asks the proxy, and returns the status.
    async fn ask(&self, words: &[&str], url: &str) -> anyhow::Result<String> {
        let mut ask = self.platform.lan.command("curl");
        ask.args([
            "--silent",
            "--show-error",
            "--max-time",
            "10",
            "--output",
            "/dev/null",
            "--write-out",
            "%{http_code}",
        ]);
        Ok(said(ask.args(words).arg(url)).await?.0)
    }

    async fn registers(&self) -> anyhow::Result<()> {
        let form = "username=ada&email=ada@minitwit.example&password=only+for+tests&password2=only+for+tests";
        let status = self.ask(&["--data", form], &format!("http://{HOST}/register")).await?;
        ensure!(status == "302", "a registration is answered {status}");
        let post =
            ["--json", r#"{"content":"hello"}"#, "--header", "Authorization: Basic c2ltdWxhdG9yOnN1cGVyX3NhZmUh"];
        let status = self.ask(&post, &format!("http://api.{HOST}/msgs/ada?latest=7")).await?;
        ensure!(status == "204", "a message is answered {status}");
        let status = self.ask(&["--insecure"], &format!("https://{HOST}/ada")).await?;
        ensure!(status == "200", "a page over TLS is answered {status}");
        Ok(())
    }

    /// What was done is found under the true address, soon.
    async fn is_in_the_log(&self) -> anyhow::Result<()> {
        let term = |field: &str, value: &str| json!({ "term": { field: value } });
        let filter = [
            term("client.ip", self.platform.lan.people()),
            term("minitwit.route", "/msgs/{username}"),
            term("minitwit.via", "api"),
            term("user.name", "ada"),
        ];
        let query = json!({ "query": { "bool": { "filter": filter } } });
        let found = async || {
            let answer = self.platform.log("/logs-minitwit-default/_search", &query).await;
            Ok(answer.is_ok_and(|answer| answer["hits"]["total"]["value"] == 1))
        };
        until("the message's line is a document", SOON, found).await.map(drop)
    }
}

/// Users, messages and whatever else is counted, as the database has them.
async fn totals(platform: &Platform) -> anyhow::Result<String> {
    let count = "SELECT name, total FROM totals WHERE name <> 'sessions' ORDER BY name";
    let words =
        ["exec", "--no-TTY", "postgres", "psql", "--username=postgres", "--csv", "--command", count, "minitwit"];
    platform.compose(&words).await
}

async fn all_targets_are_up(platform: &Platform) -> anyhow::Result<()> {
    let mut last = Value::Null;
    let up = async || {
        last = platform.console("/prometheus/api/v1/targets?state=active").await?["data"]["activeTargets"].take();
        let targets = last.as_array().context("a list of targets")?;
        let jobs: BTreeSet<&str> = targets.iter().filter_map(|target| target["labels"]["job"].as_str()).collect();
        Ok(jobs.len() == 9 && targets.iter().all(|target| target["health"] == "up"))
    };
    until("all targets are up", PATIENCE, up).await.map(drop)
}

async fn the_watchdog_is_heard(platform: &Platform) -> anyhow::Result<()> {
    let heard = async || {
        let alerts = platform.console("/alertmanager/api/v2/alerts").await?;
        let alerts = alerts.as_array().context("a list of alerts")?;
        Ok(alerts.iter().any(|alert| alert["labels"]["alertname"] == "Watchdog"))
    };
    until("Alertmanager has the Watchdog", PATIENCE, heard).await.map(drop)
}

/// From the other machine nothing but the proxy's two ports answers, and here nothing else is on all addresses.
async fn only_the_proxy_listens(platform: &Platform) -> anyhow::Result<()> {
    let mut listening = platform.engine.inside("ss");
    listening.args(["--tcp", "--listening", "--numeric", "--no-header"]);
    let listening = said(&mut listening).await?.0;
    let open: BTreeSet<u16> = listening.lines().filter_map(port_for_all).collect();
    ensure!(open == BTreeSet::from([80, 443]), "on all addresses: {open:?}");
    let ports = "for port in $(seq 1 10000); do (exec 3<>/dev/tcp/$0/$port) 2>/dev/null && echo $port; done; true";
    let mut scan = platform.lan.command("bash");
    scan.args(["-c", ports, &Lan::address(0)]);
    let answering = said(&mut scan).await?.0;
    ensure!(answering.split_whitespace().eq(["80", "443"]), "from outside these answer: {answering}");
    Ok(())
}

/// The port of a line of `ss`, unless it is on a loopback address.
fn port_for_all(line: &str) -> Option<u16> {
    let (address, port) = line.split_whitespace().nth(3)?.rsplit_once(':')?;
    let is_here = address.starts_with("127.") || address == "[::1]";
    (!is_here).then(|| port.parse().ok())?
}
