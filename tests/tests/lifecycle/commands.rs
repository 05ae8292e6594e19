//! The commands beside `serve`: their tables, their JSON, their exit codes.

use anyhow::{Context, ensure};
use e2e::console::{self, Said, ask};
use e2e::database::System;
use e2e::seed::PASSWORD;
use e2e::server::free_addresses;
use e2e::site::Site;
use e2e::testbed::Testbed;
use e2e::visitor::Visitor;
use http::StatusCode;
use serde_json::Value;

/// A site with Ada and Bob, who have written two messages each.
struct Town {
    site: Site,
    url: String,
    bed: Testbed,
}

impl Town {
    async fn found() -> anyhow::Result<Option<Self>> {
        let Some(mut bed) = Testbed::new()? else { return Ok(None) };
        let url = bed.databases.create(&System::Sqlite, "town").await?;
        let site = bed.site(&url, &[]).await?;
        site.welcome(&["ada", "Bob the Builder"]).await?;
        for text in ["one\nand two", "three"] {
            site.write("ada", text).await?;
            site.write("Bob the Builder", &format!("not {text}")).await?;
        }
        Ok(Some(Self { site, url, bed }))
    }

    /// A command that goes well.
    async fn ask(&self, arguments: &[&str]) -> anyhow::Result<String> {
        ask(&self.bed.program, &self.url, arguments).await
    }

    /// The objects of a command with `--json`.
    async fn json(&self, arguments: &[&str]) -> anyhow::Result<Vec<Value>> {
        let lines = self.ask(&[arguments, &["--json"]].concat()).await?;
        lines.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
    }

    /// A command that may go badly, with something on standard input.
    async fn try_to(&self, arguments: &[&str], input: &str) -> anyhow::Result<Said> {
        let mut command = console::command(&self.bed.program, arguments);
        command.env("DATABASE_URL", &self.url);
        console::run(command, input).await
    }

    async fn leave(self) -> anyhow::Result<()> {
        drop(self.site);
        self.bed.clear().await
    }
}

fn values<'a>(rows: &'a [Value], field: &str) -> Vec<&'a str> {
    rows.iter().filter_map(|row| row[field].as_str()).collect()
}

fn one_line_and_code_1(said: &Said, word: &str) -> anyhow::Result<()> {
    ensure!(said.code == Some(1) && said.stderr.lines().count() == 1 && said.stderr.contains(word), "{said:?}");
    Ok(())
}

#[tokio::test]
async fn migrate_says_what_it_did() -> anyhow::Result<()> {
    let Some(mut bed) = Testbed::new()? else { return Ok(()) };
    let url = bed.databases.create(&System::Sqlite, "empty").await?;
    let first = ask(&bed.program, &url, &["migrate"]).await?;
    ensure!(first.starts_with("Applied ") && first.lines().count() == 1, "{first}");
    ensure!(ask(&bed.program, &url, &["migrate"]).await? == "The schema is up to date.\n", "it is not up to date");
    bed.clear().await
}

#[tokio::test]
async fn messages_are_listed_newest_first_as_a_table_and_as_json() -> anyhow::Result<()> {
    let Some(town) = Town::found().await? else { return Ok(()) };
    let all = town.json(&["messages", "list"]).await?;
    ensure!(values(&all, "text") == ["not three", "three", "not one\nand two", "one\nand two"], "{all:?}");
    let of_ada = town.json(&["messages", "list", "--user", "ada", "--limit", "1"]).await?;
    ensure!(values(&of_ada, "text") == ["three"] && values(&of_ada, "author") == ["ada"], "{of_ada:?}");
    let table = town.ask(&["messages", "list"]).await?;
    let head: Vec<&str> =
        table.lines().next().context("a heading")?.split("  ").filter(|cell| !cell.is_empty()).collect();
    ensure!(head.iter().map(|cell| cell.trim()).eq(["ID", "POSTED (UTC)", "FLAG", "AUTHOR", "TEXT"]), "{head:?}");
    ensure!(table.lines().count() == 5, "a line end in a text breaks the table: {table}");
    one_line_and_code_1(&town.try_to(&["messages", "list", "--user", "carl"], "").await?, "carl")?;
    town.leave().await
}

#[tokio::test]
async fn messages_are_flagged_and_unflagged_by_number() -> anyhow::Result<()> {
    let Some(town) = Town::found().await? else { return Ok(()) };
    let all = town.json(&["messages", "list"]).await?;
    let id = |row: &Value| row["id"].to_string();
    let (newest, oldest) = (id(&all[0]), id(&all[3]));
    let said = town.ask(&["messages", "flag", &newest, &oldest]).await?;
    ensure!(said == format!("Message {newest} is hidden.\nMessage {oldest} is hidden.\n"), "{said}");
    let flagged = town.json(&["messages", "list", "--flagged"]).await?;
    ensure!(flagged.iter().map(id).eq([newest.clone(), oldest.clone()]), "{flagged:?}");
    let of_ada = town.json(&["messages", "list", "--flagged", "--user", "ada"]).await?;
    ensure!(of_ada.iter().map(id).eq([oldest.clone()]), "{of_ada:?}");
    let said = town.try_to(&["messages", "unflag", &newest, "99999"], "").await?;
    one_line_and_code_1(&said, "99999")?;
    ensure!(said.stdout == format!("Message {newest} is shown.\n"), "{said:?}");
    ensure!(town.json(&["messages", "list", "--flagged"]).await?.len() == 1, "unflagging did nothing");
    let not_a_number = town.try_to(&["messages", "flag", "all"], "").await?;
    ensure!(not_a_number.code == Some(2), "{not_a_number:?}");
    town.leave().await
}

#[tokio::test]
async fn users_are_listed_without_their_passwords() -> anyhow::Result<()> {
    let Some(town) = Town::found().await? else { return Ok(()) };
    let users = town.json(&["users", "list"]).await?;
    ensure!(values(&users, "username") == ["ada", "Bob the Builder"], "{users:?}");
    let table = town.ask(&["users", "list"]).await?;
    ensure!(table.lines().count() == 3 && table.starts_with("ID"), "{table}");
    ensure!(!format!("{users:?}{table}").contains("argon2"), "a password hash is shown");
    let after = town.json(&["users", "list", "--after", &users[0]["id"].to_string()]).await?;
    ensure!(values(&after, "username") == ["Bob the Builder"], "{after:?}");
    town.leave().await
}

#[tokio::test]
async fn a_new_password_is_read_from_standard_input_and_ends_all_sessions() -> anyhow::Result<()> {
    let Some(town) = Town::found().await? else { return Ok(()) };
    let mut ada = Visitor::signed_in(town.site.web, "ada").await?;
    let said = town.try_to(&["users", "reset-password", "ada"], "another one\n").await?.good()?;
    ensure!(said.contains("ada") && !said.contains("another one"), "{said}");
    ensure!(ada.open(town.site.web, "/").await?.status() == StatusCode::FOUND, "the session goes on");
    let (mut old, mut new) = (Visitor::default(), Visitor::default());
    let refused = old.sign_in(town.site.web, "ada", PASSWORD).await?;
    ensure!(refused.status() == StatusCode::OK, "the old password is answered {}", refused.status());
    let welcome = new.sign_in(town.site.web, "ada", "another one").await?;
    ensure!(welcome.status() == StatusCode::FOUND, "the new password is answered {}", welcome.status());
    one_line_and_code_1(&town.try_to(&["users", "reset-password", "ada"], "").await?, "password")?;
    one_line_and_code_1(&town.try_to(&["users", "reset-password", "carl"], "x").await?, "carl")?;
    town.leave().await
}

#[tokio::test]
async fn the_devices_of_a_user_are_listed_and_signed_out() -> anyhow::Result<()> {
    let Some(town) = Town::found().await? else { return Ok(()) };
    let mut devices =
        [Visitor::signed_in(town.site.web, "ada").await?, Visitor::signed_in(town.site.web, "ada").await?];
    let mut bob = Visitor::signed_in(town.site.web, "Bob the Builder").await?;
    let sessions = town.json(&["users", "sessions", "ada"]).await?;
    ensure!(values(&sessions, "address") == ["127.0.0.1", "127.0.0.1"], "{sessions:?}");
    let table = town.ask(&["users", "sessions", "ada"]).await?;
    ensure!(table.lines().count() == 3 && table.starts_with("BEGAN (UTC)"), "{table}");
    ensure!(town.ask(&["users", "sessions", "ada", "--end-all"]).await? == "2 session(s) ended.\n", "not both ended");
    for device in &mut devices {
        ensure!(device.open(town.site.web, "/").await?.status() == StatusCode::FOUND, "a session goes on");
    }
    ensure!(bob.page(town.site.web, "/").await?.contains("sign out"), "somebody else was signed out");
    town.leave().await
}

#[tokio::test]
async fn the_hash_of_a_name_is_what_the_log_has_in_its_place() -> anyhow::Result<()> {
    let Some(mut town) = Town::found().await? else { return Ok(()) };
    let hash = town.ask(&["hash", "a password typed as a name"]).await?;
    ensure!(hash.starts_with('~') && hash.lines().count() == 1, "{hash}");
    ensure!(town.ask(&["hash", "a password typed as a name"]).await? == hash, "the hash changes");
    ensure!(town.ask(&["hash", "another"]).await? != hash, "all hashes are the same");
    Visitor::default().sign_in(town.site.web, "a password typed as a name", "x").await?;
    town.site.server.signal("TERM")?;
    town.site.server.end().await?;
    let log = town.site.server.written()?;
    ensure!(
        log.contains(hash.trim_end()) && !log.contains("a password typed"),
        "the log has no such hash, or the name"
    );
    town.leave().await
}

#[tokio::test]
async fn healthcheck_tells_by_its_exit_code() -> anyhow::Result<()> {
    let Some(mut town) = Town::found().await? else { return Ok(()) };
    let address = town.site.ops.to_string();
    ensure!(
        town.ask(&["healthcheck", "--ops-listen", &address]).await?.is_empty(),
        "a good health check says something"
    );
    let everywhere = format!("0.0.0.0:{}", town.site.ops.port());
    town.ask(&["healthcheck", "--ops-listen", &everywhere]).await?;
    one_line_and_code_1(&town.try_to(&["healthcheck", "--ops-listen", "off"], "").await?, "--ops-listen")?;
    town.site.server.signal("TERM")?;
    town.site.server.end().await?;
    one_line_and_code_1(&town.try_to(&["healthcheck", "--ops-listen", &address], "").await?, &address)?;
    town.leave().await
}

#[tokio::test]
async fn healthcheck_fails_for_a_site_that_lives_and_is_not_ready() -> anyhow::Result<()> {
    let Some(town) = Town::found().await? else { return Ok(()) };
    let [silent] = free_addresses()?;
    let listener = tokio::net::TcpListener::bind(silent).await?;
    one_line_and_code_1(&town.try_to(&["healthcheck", "--ops-listen", &silent.to_string()], "").await?, "in time")?;
    drop(listener);
    let mut draining = Testbed::new()?.context("the program was there")?;
    let site = draining.site_on_sqlite(&["--shutdown-grace", "1h"]).await?;
    site.server.signal("TERM")?;
    let ops = site.ops.to_string();
    e2e::wait::until("the health check fails", std::time::Duration::from_secs(20), async || {
        let said = town.try_to(&["healthcheck", "--ops-listen", &ops], "").await?;
        Ok(said.code == Some(1) && said.stderr.contains("shutting down"))
    })
    .await?;
    drop(site);
    draining.clear().await?;
    town.leave().await
}

#[tokio::test]
async fn completions_are_there_for_every_shell_and_know_the_commands() -> anyhow::Result<()> {
    let Some(bed) = Testbed::new()? else { return Ok(()) };
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = console::run(console::command(&bed.program, &["completions", shell]), "").await?.good()?;
        for word in ["healthcheck", "unflag", "reset-password"] {
            ensure!(script.contains(word), "{shell}'s script does not know {word}");
        }
    }
    let unknown = console::run(console::command(&bed.program, &["completions", "cobol"]), "").await?;
    ensure!(unknown.code == Some(2), "{unknown:?}");
    bed.clear().await
}

#[tokio::test]
async fn a_reader_who_has_seen_enough_is_no_error() -> anyhow::Result<()> {
    let Some(town) = Town::found().await? else { return Ok(()) };
    let program = town.bed.program.display().to_string();
    for (command, first) in [("messages list", "ID"), ("completions bash", "_minitwit")] {
        let mut shell = tokio::process::Command::new("bash");
        // The reader is gone before the command begins to write.
        let script = format!("set -o pipefail; (sleep 0.2; \"$0\" {command}) | true; (\"$0\" {command}) | head -n 1");
        shell.args(["-c", &script, &program]).env("DATABASE_URL", &town.url);
        let pipe = std::process::Stdio::piped;
        shell.stdin(pipe()).stdout(pipe()).stderr(pipe());
        ensure!(console::run(shell, "").await?.good()?.starts_with(first), "{command}: another first line");
    }
    town.leave().await
}
