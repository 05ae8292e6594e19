//! The site, to people on another machine, and all that its database has.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, ensure};
use e2e::docker_engine::said;
use e2e::monitoring::product;
use e2e::platform::{HOST, Platform};
use e2e::simulator::CREDENTIAL;
use e2e::wait::until;

/// Far more than a page takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// The rows of all tables of the site, each table by a number and a sum.
const CONTENT: &str = "SELECT table_name, query_to_xml(format(
    'SELECT count(*), md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM %I t', table_name), false, true, '')
    FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY table_name";

/// How many users, messages and followers there are, by rows and as the database has counted.
const COUNTS: &str =
    "SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM messages), (SELECT count(*) FROM followers),
    (SELECT string_agg(total::text, '|' ORDER BY name DESC) FROM totals WHERE name IN ('users', 'messages'))
    || '|' || (SELECT total FROM totals WHERE name = 'followers')";

/// Users, messages and followers.
pub type Counts = [u64; 3];

/// What the database has, row for row, and its tables with their owners and rights.
pub async fn content(platform: &Platform) -> anyhow::Result<String> {
    let dump = [
        "exec",
        "--no-TTY",
        "postgres",
        "pg_dump",
        "--username=postgres",
        "--schema-only",
        "--schema=public",
        "minitwit",
    ];
    let schema = platform.compose(&dump).await?;
    // A random word of each dump.
    let schema = schema.lines().filter(|line| !line.starts_with(r"\restrict") && !line.starts_with(r"\unrestrict"));
    let schema: Vec<&str> = schema.collect();
    Ok(format!("{}\n{}", platform.query(CONTENT).await?, schema.join("\n")))
}

/// How much there is; what the database has counted agrees with its rows.
pub async fn counts(platform: &Platform) -> anyhow::Result<Counts> {
    let told = platform.query(COUNTS).await?;
    let numbers: Result<Vec<u64>, _> = told.split('|').map(str::parse).collect();
    let [users, messages, followers, own @ ..] = &numbers?[..] else { anyhow::bail!("{told}") };
    ensure!(own == [*users, *messages, *followers], "rows and what was counted of them: {told}");
    Ok([*users, *messages, *followers])
}

/// Plays a scenario again and again for as long as something is not over, without an error.
pub async fn is_used_until(platform: &Platform, is_over: &AtomicBool) -> anyhow::Result<()> {
    while !is_over.load(Ordering::Relaxed) {
        let mut simulate = platform.lan.command(env!("CARGO_BIN_EXE_simulate"));
        simulate.arg(product("tests/data/scenario.tsv")).args([
            "--url",
            &format!("http://api.{HOST}"),
            "--timeout",
            "10",
        ]);
        said(&mut simulate).await.context("the simulator goes on")?;
    }
    Ok(())
}

/// Somebody writes a message, and finds it; names of replicas that were just started take a second to reach the proxy.
pub async fn takes_a_message(platform: &Platform, text: &str) -> anyhow::Result<()> {
    let serves = async || Ok(ask(platform, &[&format!("http://api.{HOST}/latest")]).await?.0 == "200");
    until("the site answers", PATIENCE, serves).await?;
    let json = r#"{"username":"ada","email":"ada@minitwit.example","pwd":"only for tests"}"#;
    let status = ask(platform, &["--json", json, &format!("http://api.{HOST}/register")]).await?.0;
    ensure!(status == "204" || status == "400", "a registration is answered {status}");
    let json = format!(r#"{{"content":"{text}"}}"#);
    let status = ask(platform, &["--json", &json, &format!("http://api.{HOST}/msgs/ada")]).await?.0;
    ensure!(status == "204", "a message is answered {status}");
    shows(platform, text).await
}

/// The page of the one who wrote it has a message, soon: who is not signed in may get what is a moment old.
pub async fn shows(platform: &Platform, text: &str) -> anyhow::Result<()> {
    let shown = async || {
        let (status, page) = ask(platform, &[&format!("http://{HOST}/ada")]).await?;
        Ok(status == "200" && page.contains(text))
    };
    until(&format!("the page has '{text}'"), PATIENCE, shown).await.map(drop)
}

/// Status and body of an answer of the proxy.
async fn ask(platform: &Platform, words: &[&str]) -> anyhow::Result<(String, String)> {
    let mut ask = platform.lan.command("curl");
    ask.args(["--silent", "--show-error", "--max-time", "10", "--write-out", "\n%{http_code}"]);
    ask.args(["--header", &format!("Authorization: {CREDENTIAL}")]).args(words);
    let answer = said(&mut ask).await?.0;
    let (body, status) = answer.rsplit_once('\n').context("an answer with a status")?;
    Ok((status.to_owned(), body.to_owned()))
}
