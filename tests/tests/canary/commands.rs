//! The program's commands, and starts that fail, with the canary in everything that is a secret.

use e2e::canary::forms::percent;
use e2e::console::{self, Said};
use e2e::server::free_addresses;

use crate::cast::{GUEST, MEMBER, OTHER};
use crate::sinks::Sinks;
use crate::stage::Stage;

/// A command, with its environment and its standard input.
struct Order<'a> {
    arguments: Vec<&'a str>,
    environment: Vec<(&'a str, String)>,
    input: String,
    succeeds: bool,
}

/// Runs a command on the site's database, which succeeds.
pub async fn on_the_database(stage: &Stage, sinks: &mut Sinks<'_>, whole: &str) -> anyhow::Result<()> {
    let url = [("MINITWIT_DATABASE_URL", stage.database_url.clone())];
    let good = |arguments: &[&'static str], input: String| Order {
        arguments: arguments.to_vec(),
        environment: url.to_vec(),
        input,
        succeeds: true,
    };
    let bad = |arguments: &[&'static str], input: String| Order { succeeds: false, ..good(arguments, input) };
    let orders = [
        good(&["users", "reset-password", GUEST], format!("{whole}\n")),
        good(&["users", "reset-password", GUEST], whole.to_owned()),
        bad(&["users", "reset-password", OTHER], whole.repeat(40)),
        bad(&["users", "reset-password", "nobody"], whole.to_owned()),
        bad(&["users", "reset-password"], whole.to_owned()),
        good(&["users", "list"], String::new()),
        good(&["users", "list", "--json"], String::new()),
        good(&["users", "sessions", MEMBER], String::new()),
        good(&["users", "sessions", MEMBER, "--json"], String::new()),
        good(&["messages", "list"], String::new()),
        good(&["messages", "list", "--json"], String::new()),
        good(&["migrate"], String::new()),
        good(&["hash", "somebody"], String::new()),
        good(&["--help"], String::new()),
        good(&["serve", "--help"], String::new()),
        bad(&["serve", "--no-such-option"], String::new()),
    ];
    obey(stage, sinks, orders).await
}

/// Starts of the site that fail.
pub async fn that_fail(stage: &Stage, sinks: &mut Sinks<'_>, whole: &str) -> anyhow::Result<()> {
    let secret = percent(whole, true);
    let [closed] = free_addresses()?;
    let file = |name: &str, text: &str| -> anyhow::Result<String> {
        std::fs::write(stage.file(name), text)?;
        Ok(stage.file(name).display().to_string())
    };
    let file_of_url = file("closed", &format!("postgres://ada:{secret}@{closed}/x\n"))?;
    let file_of_credential = file("other-credential", whole)?;
    let url = |url: String| vec![("DATABASE_URL", url)];
    let environments = [
        url(format!("postgres://ada:{secret}@{closed}/x")),
        url(format!("postgresql://ada:{secret}@{closed}/x?sslmode=require&password={secret}")),
        url(format!("postgres://ada:{whole}@{closed}/x")),
        url(format!("postgres://ada:{secret}@localhost:{secret}/x")),
        url(format!("postgres://ada:{secret}@{closed}/x?sslmode={secret}")),
        url(format!("postgres://ada:{secret}@[::1/x")),
        url(format!("mysql://ada:{secret}@{closed}/x")),
        url(format!("sqlite:/no/such/folder/site.db?password={secret}")),
        url(format!("sqlite:/no/such/folder/site.db?mode={secret}")),
        url(whole.to_owned()),
        vec![("MINITWIT_DATABASE_URL_FILE", file_of_url.clone())],
        vec![("MINITWIT_DATABASE_URL_FILE", file_of_credential.clone())],
        vec![("MINITWIT_DATABASE_URL_FILE", file_of_url), ("MINITWIT_DATABASE_URL", format!("sqlite:{whole}"))],
        vec![
            ("MINITWIT_SIMULATOR_CREDENTIAL", whole.to_owned()),
            ("MINITWIT_SIMULATOR_CREDENTIAL_FILE", file_of_credential),
        ],
        vec![
            ("MINITWIT_SIMULATOR_CREDENTIAL", format!("\n{whole}")),
            ("MINITWIT_DATABASE_URL", format!("mysql:{whole}")),
        ],
    ];
    let commands = [vec!["serve", "--database-timeout", "5s"], vec!["migrate"], vec!["users", "list"]];
    let orders =
        environments.iter().flat_map(|environment| commands.iter().map(move |arguments| (environment, arguments)));
    // The commands know nothing of the simulator's credential, and one of these would then find no database to fail on.
    let sensible =
        orders.filter(|(environment, arguments)| arguments[0] == "serve" || environment[0].0.contains("DATABASE"));
    let order = |(environment, arguments): (&Vec<_>, &Vec<_>)| Order {
        arguments: arguments.clone(),
        environment: environment.clone(),
        input: String::new(),
        succeeds: false,
    };
    obey(stage, sinks, sensible.map(order)).await
}

/// The start of the site on a database that a newer program has changed.
pub async fn on_a_newer_schema(stage: &Stage, sinks: &mut Sinks<'_>) -> anyhow::Result<()> {
    let environment = vec![("DATABASE_URL", stage.database_url.clone())];
    let order = |arguments: &[&'static str]| Order {
        arguments: arguments.to_vec(),
        environment: environment.clone(),
        input: String::new(),
        succeeds: false,
    };
    obey(stage, sinks, [order(&["serve"]), order(&["migrate"])]).await
}

async fn obey(stage: &Stage, sinks: &mut Sinks<'_>, orders: impl IntoIterator<Item = Order<'_>>) -> anyhow::Result<()> {
    for Order { arguments, environment, input, succeeds } in orders {
        let names: Vec<&str> = environment.iter().map(|(name, _)| *name).collect();
        let what = format!("minitwit {} with {}", arguments.join(" "), names.join(" and "));
        let mut command = console::command(&stage.program, &arguments);
        command.envs(environment).env("RUST_BACKTRACE", "1").current_dir(stage.file(""));
        command.envs([("MINITWIT_WEB_LISTEN", "off"), ("MINITWIT_API_LISTEN", "off"), ("MINITWIT_OPS_LISTEN", "off")]);
        sinks.begin(&what);
        let Said { code, stdout, stderr } = console::run(command, &input).await?;
        anyhow::ensure!((code == Some(0)) == succeeds, "{what}: {code:?}\n{stdout}\n{stderr}");
        anyhow::ensure!(!stdout.is_empty() || !stderr.is_empty(), "{what}: says nothing");
        sinks.told("what commands print", &what, stdout.as_bytes());
        sinks.told("what commands complain", &what, stderr.as_bytes());
    }
    Ok(())
}
