//! What keeps the site from starting is one clear line; without it, the site starts with no settings at all.

use std::net::TcpListener;

use anyhow::ensure;
use e2e::console::{self, Said};
use e2e::database::System;
use e2e::server::{Server, free_addresses};
use e2e::testbed::Testbed;
use http::StatusCode;
use sqlx::{Connection, SqliteConnection};

/// Serves on a new database in the test's folder and on free ports, but for what `settings` say; it should not work.
async fn refused(bed: &Testbed, arguments: &[&str], settings: &[(&str, &str)]) -> anyhow::Result<Said> {
    let mut command = console::command(&bed.program, arguments);
    command.current_dir(bed.databases.folder());
    for listener in ["WEB", "API", "OPS"] {
        command.env(format!("MINITWIT_{listener}_LISTEN"), "127.0.0.1:0");
    }
    let said = console::run(
        {
            command.envs(settings.iter().copied());
            command
        },
        "",
    )
    .await?;
    ensure!(said.code.is_some_and(|code| code != 0), "{arguments:?} {settings:?} starts: {said:?}");
    ensure!(!said.stderr.contains("panicked"), "{said:?}");
    Ok(said)
}

/// The whole of standard error is one line, and all of `words` are in it.
fn one_line(said: &Said, words: &[&str]) -> anyhow::Result<()> {
    ensure!(said.stderr.ends_with('\n') && said.stderr.lines().count() == 1, "not one line: {:?}", said.stderr);
    let missing = words.iter().find(|word| !said.stderr.contains(*word));
    ensure!(missing.is_none(), "{missing:?} is not in {:?}", said.stderr);
    Ok(())
}

#[tokio::test]
async fn without_a_command_and_settings_it_serves_on_a_database_in_the_current_folder() -> anyhow::Result<()> {
    let Some(bed) = Testbed::new()? else { return Ok(()) };
    let folder = bed.databases.folder();
    let [web, api, ops] = free_addresses()?;
    let mut command = std::process::Command::new(&bed.program);
    command.current_dir(folder).env_clear();
    for (listener, address) in [("WEB", web), ("API", api), ("OPS", ops)] {
        command.env(format!("MINITWIT_{listener}_LISTEN"), address.to_string());
    }
    let mut server = Server::start(command, folder.join("log"))?;
    server.wait_until(ops, "/readyz", StatusCode::OK).await?;
    server.wait_until(web, "/public", StatusCode::OK).await?;
    server.wait_until(api, "/latest", StatusCode::OK).await?;
    ensure!(folder.join("minitwit.db").is_file(), "there is no minitwit.db");
    let said = server.written()?;
    for address in [web, api, ops] {
        ensure!(said.contains(&address.to_string()), "the program does not say that it listens on {address}: {said}");
    }
    drop(server);
    bed.clear().await
}

#[tokio::test]
async fn a_listener_that_is_off_is_off() -> anyhow::Result<()> {
    let Some(mut bed) = Testbed::new()? else { return Ok(()) };
    let url = bed.databases.create(&System::Sqlite, "off").await?;
    let [ops] = free_addresses()?;
    let mut command = std::process::Command::new(&bed.program);
    command.env_clear().args(["serve", "--web-listen", "off", "--api-listen", "off", "--ops-listen", &ops.to_string()]);
    command.args(["--database-url", &url]);
    let mut server = Server::start(command, bed.databases.folder().join("log"))?;
    server.wait_until(ops, "/readyz", StatusCode::OK).await?;
    let said = server.written()?;
    ensure!(!said.contains("pages") && !said.contains("simulator API"), "something listens that is off: {said}");
    drop(server);
    bed.clear().await
}

#[tokio::test]
async fn a_port_in_use_is_named_with_its_setting() -> anyhow::Result<()> {
    let Some(bed) = Testbed::new()? else { return Ok(()) };
    let taken = TcpListener::bind("127.0.0.1:0")?;
    let address = taken.local_addr()?.to_string();
    for (variable, setting) in [
        ("MINITWIT_WEB_LISTEN", "--web-listen"),
        ("MINITWIT_API_LISTEN", "--api-listen"),
        ("MINITWIT_OPS_LISTEN", "--ops-listen"),
    ] {
        one_line(&refused(&bed, &[], &[(variable, &address)]).await?, &[setting, &address])?;
    }
    bed.clear().await
}

#[tokio::test]
async fn a_database_that_cannot_be_reached_is_named_by_its_setting() -> anyhow::Result<()> {
    let Some(bed) = Testbed::new()? else { return Ok(()) };
    // Bound and not listening: nobody else can get the port meanwhile.
    let socket = tokio::net::TcpSocket::new_v4()?;
    socket.bind(([127, 0, 0, 1], 0).into())?;
    let nobody = format!("postgres://somebody@{}/minitwit", socket.local_addr()?);
    let silent = TcpListener::bind("127.0.0.1:0")?;
    let hangs = format!("postgres://somebody@{}/minitwit", silent.local_addr()?);
    for url in
        [nobody.as_str(), &hangs, "sqlite:/no/such/folder/minitwit.db", "sqlite:/", "mysql://localhost/minitwit", ""]
    {
        for command in ["serve", "migrate"] {
            let said = refused(&bed, &[command], &[("DATABASE_URL", url)]).await?;
            one_line(&said, &["minitwit: ", "database"])?;
            ensure!(command != "serve" || said.stderr.contains("--database-url"), "{url}: {}", said.stderr);
        }
    }
    bed.clear().await
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_alone() -> anyhow::Result<()> {
    let Some(bed) = Testbed::new()? else { return Ok(()) };
    let letter = bed.databases.folder().join("letter.txt");
    let text = "Dear Ada, this is no database. ".repeat(50);
    std::fs::write(&letter, &text)?;
    let url = format!("sqlite:{}", letter.display());
    one_line(&refused(&bed, &[], &[("DATABASE_URL", &url)]).await?, &["--database-url"])?;
    ensure!(std::fs::read_to_string(&letter)? == text, "the file was changed");
    bed.clear().await
}

#[tokio::test]
async fn a_wrong_setting_is_named_wherever_it_was_set() -> anyhow::Result<()> {
    let Some(bed) = Testbed::new()? else { return Ok(()) };
    for (setting, wrong, accepted) in [
        ("web-listen", "nowhere", "127.0.0.1:8000, or `off`"),
        ("api-listen", "localhost:8001x", "`off`"),
        ("ops-listen", ":9000", "`off`"),
        ("database-connections", "0", "from 1 to 1000"),
        ("database-timeout", "2", "500ms"),
        ("auto-migrate", "perhaps", "true, false"),
        ("trusted-proxies", "10.0.0.0/99", "10.0.0.0/8"),
        ("avatars", "photos", "gravatar, local"),
        ("session-lifetime", "-1d", "30d"),
        ("log-format", "xml\nand more", "auto, json, pretty"),
        ("log-full", "panic", "wait, drop"),
        ("transaction-log", "maybe", "on, off"),
        ("metrics", "", "on, off"),
        ("shutdown-grace", "5", "2s"),
        ("shutdown-timeout", "soon", "2s"),
        ("request-timeout", "1.5s", "2s"),
        ("header-timeout", "1 s", "2s"),
        ("body-timeout", "s", "2s"),
        ("idle-timeout", "", "2s"),
        ("max-connections", "0", "from 1"),
        ("password-hashes", "many", "from 1"),
    ] {
        let option = format!("--{setting}");
        let variable = format!("MINITWIT_{}", setting.to_uppercase().replace('-', "_"));
        for command in [&["serve"][..], &[]] {
            let flag = format!("{option}={wrong}");
            let by_flag = refused(&bed, &[command, &[&flag]].concat(), &[(&variable, "1")]).await?;
            one_line(&by_flag, &["minitwit: ", &option, accepted])?;
            let by_variable = refused(&bed, command, &[(&variable, wrong)]).await?;
            one_line(&by_variable, &["minitwit: ", &variable, accepted])?;
            ensure!([by_flag.code, by_variable.code] == [Some(2); 2], "{setting}: {:?}", by_flag.code);
        }
    }
    bed.clear().await
}

#[tokio::test]
async fn a_wrong_command_line_is_one_line_that_says_what_may_be_meant() -> anyhow::Result<()> {
    let Some(bed) = Testbed::new()? else { return Ok(()) };
    for (arguments, words) in [
        (&["--web-listn=off"][..], &["`--web-listn`", "`--web-listen`"][..]),
        (&["serve", "--colour"], &["`--colour`", "--help"]),
        (&["serve", "-x"], &["`-x`"]),
        (&["mesages", "list"], &["`mesages`", "`messages`"]),
        (&["messages", "flags", "1"], &["`flags`", "`flag`"]),
        (&["users", "reset-password"], &["<NAME>", "missing"]),
        (&["users", "sessions", "ada", "--json", "--end-all"], &["--json", "--end-all", "together"]),
        (&["--web-listen"], &["--web-listen", "needs a value"]),
        (&["--avatars"], &["--avatars", "gravatar, local"]),
        (&["--avatars=local", "--avatars=local"], &["--avatars", "more than once"]),
        (&["--avatars=local", "migrate"], &["migrate", "--avatars", "together"]),
        (&["messages", "list", "--limit", "0"], &["--limit", "from 1 to 100000"]),
    ] {
        let said = refused(&bed, arguments, &[]).await?;
        one_line(&said, words)?;
        ensure!(said.code == Some(2) && said.stderr.starts_with("minitwit: "), "{arguments:?}: {said:?}");
    }
    let help = console::run(console::command(&bed.program, &["messages"]), "").await?;
    ensure!(help.code == Some(2) && help.stderr.contains("unflag"), "a command without its second word: {help:?}");
    bed.clear().await
}

#[tokio::test]
async fn a_schema_that_is_missing_or_too_new_is_refused_with_what_to_do() -> anyhow::Result<()> {
    let Some(mut bed) = Testbed::new()? else { return Ok(()) };
    let url = bed.databases.create(&System::Sqlite, "schema").await?;
    let settings = [("DATABASE_URL", url.as_str())];
    let missing = refused(&bed, &["serve", "--auto-migrate", "false"], &settings).await?;
    one_line(&missing, &["--database-url", "minitwit migrate"])?;
    one_line(&refused(&bed, &["messages", "list"], &settings).await?, &["minitwit migrate"])?;
    console::ask(&bed.program, &url, &["migrate"]).await?;
    let mut connection = SqliteConnection::connect(&url).await?;
    let future = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'from the future', TRUE, x'00', 0)";
    sqlx::raw_sql(future).execute(&mut connection).await?;
    let newer = console::ask(&bed.program, &url, &["migrate"]).await?;
    ensure!(newer.contains("9999") && newer.contains("serves it"), "{newer}");
    serves_a_newer_schema(&bed, &url).await?;
    sqlx::raw_sql("UPDATE schema_floor SET least = 9998").execute(&mut connection).await?;
    connection.close().await?;
    for command in ["serve", "migrate"] {
        one_line(&refused(&bed, &[command], &settings).await?, &["9998", "newer program"])?;
    }
    bed.clear().await
}

/// As the old program does during an update, and after one that was taken back.
async fn serves_a_newer_schema(bed: &Testbed, url: &str) -> anyhow::Result<()> {
    let [ops] = free_addresses()?;
    let mut command = std::process::Command::new(&bed.program);
    command.env_clear().args(["serve", "--web-listen", "off", "--api-listen", "off", "--ops-listen", &ops.to_string()]);
    command.args(["--database-url", url]);
    let mut server = Server::start(command, bed.databases.folder().join("log"))?;
    server.wait_until(ops, "/readyz", StatusCode::OK).await?;
    let said = server.written()?;
    ensure!(said.contains("the schema is newer than this program"), "{said}");
    Ok(())
}
