//! How the site stops: in order at the first signal, at once at the second.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use e2e::api_client::ApiClient;
use e2e::http_client::{fetch, get};
use e2e::server::Server;
use e2e::site::Site;
use e2e::testbed::Testbed;
use e2e::wait::until;
use http::StatusCode;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const PATIENCE: Duration = Duration::from_secs(20);
const BODY: &str = "username=nobody&password=none";

/// A sign-in whose body has not come whole, so that it is running as long as we like.
struct Slow(TcpStream);

impl Slow {
    /// It has begun when this returns: the site counts it.
    async fn begin(site: &Site) -> anyhow::Result<Self> {
        let mut stream = TcpStream::connect(site.web).await?;
        let head = format!(
            "POST /login HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nContent-Length: {length}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n\r\n",
            host = site.web,
            length = BODY.len()
        );
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(&BODY.as_bytes()[..5]).await?;
        until("the site counts the running request", PATIENCE, async || Ok(active(site.ops).await? == "1")).await?;
        Ok(Self(stream))
    }

    /// Sends the rest and gives back the whole answer.
    async fn finish(mut self) -> anyhow::Result<String> {
        self.0.write_all(&BODY.as_bytes()[5..]).await?;
        let mut answer = String::new();
        tokio::time::timeout(PATIENCE, self.0.read_to_string(&mut answer)).await.context("no answer")??;
        Ok(answer)
    }
}

/// How many requests the site is working on, as it says it.
async fn active(ops: SocketAddr) -> anyhow::Result<String> {
    let metrics = String::from_utf8(fetch(ops, get(ops, "/metrics")?).await?.into_body().into())?;
    let value = metrics.lines().find_map(|line| line.strip_prefix(r#"http_server_active_requests{via="web"} "#));
    Ok(value.context("the site does not count running requests")?.to_owned())
}

async fn ready(ops: SocketAddr) -> anyhow::Result<bool> {
    Ok(fetch(ops, get(ops, "/readyz")?).await?.status() == StatusCode::OK)
}

async fn site(bed: &mut Testbed, options: &[&str]) -> anyhow::Result<Site> {
    let site = bed.site_on_sqlite(options).await?;
    ensure!(ready(site.ops).await?, "the site is not ready");
    Ok(site)
}

/// The lines of requests in the log; each line must be JSON.
fn requests(server: &Server) -> anyhow::Result<Vec<Value>> {
    let lines: Result<Vec<Value>, _> = server.written()?.lines().map(serde_json::from_str).collect();
    Ok(lines.context("a line is not JSON")?.into_iter().filter(|line| line["http"].is_object()).collect())
}

#[tokio::test]
async fn at_sigterm_it_is_not_ready_any_more_and_still_serves_for_a_grace_then_finishes_what_runs() -> anyhow::Result<()>
{
    let Some(mut bed) = Testbed::new()? else { return Ok(()) };
    let mut site = site(&mut bed, &["--shutdown-grace", "3s"]).await?;
    let slow = Slow::begin(&site).await?;
    site.server.signal("TERM")?;
    until("/readyz says no", PATIENCE, async || Ok(!ready(site.ops).await?)).await?;
    let during = fetch(site.web, get(site.web, "/public")?).await.context("no new connection during the grace")?;
    ensure!(during.status() == StatusCode::OK, "during the grace a page is answered {}", during.status());
    let refused =
        async || Ok(TcpStream::connect(site.web).await.is_err() && TcpStream::connect(site.api).await.is_err());
    until("new connections are refused", PATIENCE, refused).await?;
    ensure!(!ready(site.ops).await?, "operations do not answer to the end");
    let answer = slow.finish().await?;
    ensure!(
        answer.starts_with("HTTP/1.1 200 ") && answer.contains("Invalid username"),
        "the running request gets {answer}"
    );
    let end = site.server.end().await?;
    ensure!(end.code() == Some(0), "the program ends with {end}");
    let lines = requests(&site.server)?;
    let paths: Vec<_> = lines.iter().filter_map(|line| line["url"]["path"].as_str()).collect();
    ensure!(paths == ["/public", "/login"], "the log has {paths:?}");
    bed.clear().await
}

#[tokio::test]
async fn every_request_that_was_answered_has_its_line_in_the_log_after_the_end() -> anyhow::Result<()> {
    let Some(mut bed) = Testbed::new()? else { return Ok(()) };
    let mut site = site(&mut bed, &[]).await?;
    let mut connection = e2e::http_client::Connection::open(site.web).await?;
    for number in 0..500 {
        connection.fetch(get(site.web, &format!("/public?p={number}"))?).await?;
    }
    site.server.signal("INT")?;
    let end = site.server.end().await?;
    ensure!(end.code() == Some(0), "the program ends with {end}");
    let lines = requests(&site.server)?.len();
    ensure!(lines == 500, "of 500 requests the log has {lines}");
    bed.clear().await
}

#[tokio::test]
async fn the_last_line_has_what_was_done_in_a_whole_life() -> anyhow::Result<()> {
    let Some(mut bed) = Testbed::new()? else { return Ok(()) };
    let mut site = site(&mut bed, &[]).await?;
    let api = ApiClient(site.api);
    for name in ["ada", "grace", "ada"] {
        api.register(name, 1).await?;
    }
    for text in ["one", "two", "three"] {
        api.tweet("ada", text, 2).await?;
    }
    for verb in ["follow", "follow", "unfollow", "follow"] {
        api.relate("ada", verb, "grace", 3).await?;
    }
    site.server.signal("TERM")?;
    site.server.end().await?;
    let last: Value = serde_json::from_str(site.server.written()?.lines().last().context("there is a line")?)?;
    let counts =
        json!({ "registrations": "2", "messages_posted": "3", "follows": "2", "unfollows": "1", "logins": "0" });
    ensure!(last["message"] == "stopped" && last["labels"] == counts, "the last line is {last}");
    bed.clear().await
}

#[tokio::test]
async fn the_second_signal_ends_it_at_once() -> anyhow::Result<()> {
    let Some(mut bed) = Testbed::new()? else { return Ok(()) };
    let mut site = site(&mut bed, &["--shutdown-grace", "1h"]).await?;
    let _slow = Slow::begin(&site).await?;
    site.server.signal("TERM")?;
    until("/readyz says no", PATIENCE, async || Ok(!ready(site.ops).await?)).await?;
    site.server.signal("TERM")?;
    let end = site.server.end().await?;
    ensure!(end.code().is_some_and(|code| code != 0), "the program ends with {end}");
    bed.clear().await
}

#[tokio::test]
async fn a_request_that_does_not_finish_does_not_keep_it_for_ever() -> anyhow::Result<()> {
    let Some(mut bed) = Testbed::new()? else { return Ok(()) };
    let options = ["--shutdown-timeout", "500ms", "--body-timeout", "1h", "--request-timeout", "1h"];
    let mut site = site(&mut bed, &options).await?;
    let _slow = Slow::begin(&site).await?;
    let asked = Instant::now();
    site.server.signal("TERM")?;
    site.server.end().await?;
    ensure!(asked.elapsed() >= Duration::from_millis(500), "the running request got no time");
    bed.clear().await
}

#[tokio::test]
async fn idle_connections_do_not_delay_the_end() -> anyhow::Result<()> {
    let Some(mut bed) = Testbed::new()? else { return Ok(()) };
    let options = ["--idle-timeout", "1h", "--header-timeout", "1h", "--shutdown-timeout", "1h"];
    let mut site = site(&mut bed, &options).await?;
    let mut used = e2e::http_client::Connection::open(site.web).await?;
    used.fetch(get(site.web, "/public")?).await?;
    let _unused = TcpStream::connect(site.web).await?;
    // A request on a later connection: the one before it was accepted by now.
    fetch(site.web, get(site.web, "/public")?).await?;
    site.server.signal("TERM")?;
    let end = site.server.end().await?;
    ensure!(end.code() == Some(0), "the program ends with {end}");
    bed.clear().await
}
