//! Secrets come from files too, and are never shown.

use anyhow::ensure;
use e2e::api_client::ApiClient;
use e2e::cluster::Cluster;
use e2e::console;
use e2e::http_client::{fetch, get};
use e2e::server::{Server, free_addresses};
use e2e::testbed::Testbed;
use http::{StatusCode, header};

const SECRET: &str = "Canary-7f3a";

#[tokio::test]
async fn secrets_are_read_from_files_without_their_line_end() -> anyhow::Result<()> {
    let Some(bed) = Testbed::new()? else { return Ok(()) };
    let folder = bed.databases.folder();
    let [web, api, ops] = free_addresses()?;
    std::fs::write(folder.join("url"), format!("sqlite:{}\n", folder.join("from-file.db").display()))?;
    std::fs::write(folder.join("credential"), format!("Basic {SECRET}\r\n"))?;
    let mut command = std::process::Command::new(&bed.program);
    command.current_dir(folder).env_clear();
    command.env("MINITWIT_DATABASE_URL_FILE", "url").env("MINITWIT_SIMULATOR_CREDENTIAL_FILE", "credential");
    for (option, address) in [("--web-listen", web), ("--api-listen", api), ("--ops-listen", ops)] {
        command.args([option, &address.to_string()]);
    }
    let mut server = Server::start(command, folder.join("log"))?;
    server.wait_until(ops, "/readyz", StatusCode::OK).await?;
    ensure!(folder.join("from-file.db").is_file(), "the database is not the one that the file names");
    let usual = ApiClient(api).get("/msgs").await?.status();
    ensure!(usual == StatusCode::FORBIDDEN, "the usual credential is answered {usual}");
    let mut ask = get(api, "/msgs")?;
    ask.headers_mut().insert(header::AUTHORIZATION, format!("Basic {SECRET}").parse()?);
    let own = fetch(api, ask).await?.status();
    ensure!(own == StatusCode::OK, "the credential of the file is answered {own}");
    ensure!(!server.written()?.contains(SECRET), "the credential is in the log");
    drop(server);
    bed.clear().await
}

#[tokio::test]
async fn a_secret_that_is_given_twice_or_in_a_missing_file_is_named_and_not_shown() -> anyhow::Result<()> {
    let Some(bed) = Testbed::new()? else { return Ok(()) };
    let cases = [
        ("--database-url", "MINITWIT_DATABASE_URL", "MINITWIT_DATABASE_URL_FILE"),
        ("--simulator-credential", "MINITWIT_SIMULATOR_CREDENTIAL", "MINITWIT_SIMULATOR_CREDENTIAL_FILE"),
    ];
    for (setting, variable, file_variable) in cases {
        for with_value in [true, false] {
            let mut command = console::command(&bed.program, &["serve"]);
            command.current_dir(bed.databases.folder()).env(file_variable, "no-such-file");
            if with_value {
                command.env(variable, format!("sqlite:{SECRET}"));
            }
            let said = console::run(command, "").await?;
            ensure!(said.code == Some(1) && said.stderr.lines().count() == 1, "{said:?}");
            ensure!(said.stderr.contains(setting), "{setting} is not named in {:?}", said.stderr);
            ensure!(!format!("{said:?}").contains(SECRET), "{said:?}");
        }
    }
    bed.clear().await
}

#[tokio::test]
async fn a_secret_in_the_wrong_place_is_not_shown() -> anyhow::Result<()> {
    let Some(bed) = Testbed::new()? else { return Ok(()) };
    let url = format!("postgres://ada:{SECRET}@db/minitwit");
    for arguments in [
        &[url.as_str()][..],
        &["serve", &url],
        &["serve", &format!("--databas-url={url}")],
        &["serve", &format!("--{url}")],
        &["serve", &format!("-{SECRET}")],
        &["serve", "--web-listen", &url],
        &["serve", "--log-format", SECRET],
        &["serve", "--database-url", &url, "--database-url", &url],
        &["messages", SECRET],
        &["messages", "flag", SECRET],
    ] {
        let said = console::run(console::command(&bed.program, arguments), "").await?;
        ensure!(said.code == Some(2) && said.stderr.lines().count() == 1, "{arguments:?}: {said:?}");
        ensure!(!format!("{said:?}").contains(SECRET), "{arguments:?} shows it: {said:?}");
    }
    let broken = std::os::unix::ffi::OsStringExt::from_vec([SECRET.as_bytes(), b"\xff"].concat());
    for variable in ["DATABASE_URL", "MINITWIT_DATABASE_URL", "MINITWIT_SIMULATOR_CREDENTIAL", "MINITWIT_NODE_NAME"] {
        let mut command = console::command(&bed.program, &["serve"]);
        command.env::<_, &std::ffi::OsString>(variable, &broken);
        let said = console::run(command, "").await?;
        ensure!(said.code == Some(2) && said.stderr.lines().count() == 1, "{variable}: {said:?}");
        ensure!(said.stderr.contains(variable) && !said.stderr.contains(SECRET), "{variable}: {said:?}");
    }
    bed.clear().await
}

#[tokio::test]
async fn no_help_shows_a_secret() -> anyhow::Result<()> {
    let Some(bed) = Testbed::new()? else { return Ok(()) };
    let commands = [
        "",
        "serve",
        "migrate",
        "healthcheck",
        "messages list",
        "messages flag",
        "users list",
        "users sessions",
        "users reset-password",
        "hash",
        "completions",
    ];
    for line in commands {
        for help in ["--help", "-h"] {
            let arguments: Vec<&str> = line.split_whitespace().chain([help]).collect();
            let mut command = console::command(&bed.program, &arguments);
            for variable in ["DATABASE_URL", "MINITWIT_DATABASE_URL", "MINITWIT_SIMULATOR_CREDENTIAL"] {
                command.env(variable, SECRET);
            }
            let shown = console::run(command, "").await?.good()?;
            ensure!(shown.contains("Usage:"), "{arguments:?} shows no help");
            ensure!(!shown.contains(SECRET) && !shown.contains("c2ltdWxhdG9y"), "{arguments:?} shows a secret");
        }
    }
    bed.clear().await
}

#[tokio::test]
async fn the_password_in_a_url_that_does_not_work_is_never_shown() -> anyhow::Result<()> {
    let Some(bed) = Testbed::new()? else { return Ok(()) };
    for url in [
        format!("postgres://ada:{SECRET}@127.0.0.1:1/minitwit"),
        format!("postgres://ada:{SECRET}@127.0.0.1:port/minitwit"),
        format!("postgres://ada:{SECRET}@[::1/minitwit"),
        format!("postgres://ada:{SECRET}@no.such.host.invalid/minitwit"),
        format!("postgres://ada:{SECRET}@127.0.0.1/minitwit?sslmode={SECRET}"),
        format!("postgres://ada:{SECRET}%zz@127.0.0.1:1/minitwit"),
        format!("mysql://ada:{SECRET}@127.0.0.1/minitwit"),
        format!("sqlite://ada:{SECRET}@/no/such/folder"),
        format!("sqlite:minitwit.db?password={SECRET}"),
        SECRET.to_owned(),
    ] {
        for arguments in [&["serve"][..], &["migrate"], &["users", "list"]] {
            let mut command = console::command(&bed.program, arguments);
            command.current_dir(bed.databases.folder()).env("DATABASE_URL", &url);
            let said = console::run(command, "").await?;
            ensure!(said.code == Some(1), "{arguments:?} with {url} ends so: {said:?}");
            ensure!(!format!("{said:?}").contains(SECRET), "{arguments:?} shows the password: {said:?}");
        }
    }
    bed.clear().await
}

#[tokio::test]
async fn the_databases_password_is_in_no_log_and_no_answer_while_it_is_away() -> anyhow::Result<()> {
    let Some(mut bed) = Testbed::new()? else { return Ok(()) };
    let Some(mut cluster) = Cluster::start(&[]).await? else { return Ok(()) };
    let url = cluster.url("postgres").replace("postgres@", &format!("postgres:{SECRET}@"));
    let mut site = bed.site(&url, &["--database-timeout", "500ms"]).await?;
    cluster.crash().await?;
    for (address, path) in [(site.web, "/public"), (site.api, "/latest"), (site.ops, "/readyz"), (site.ops, "/metrics")]
    {
        for _ in 0..3 {
            let answer = fetch(address, get(address, path)?).await?;
            ensure!(!String::from_utf8_lossy(answer.body()).contains(SECRET), "{path} shows the password");
        }
    }
    site.server.signal("TERM")?;
    site.server.end().await?;
    ensure!(!site.server.written()?.contains(SECRET), "the log shows the password");
    bed.clear().await
}
