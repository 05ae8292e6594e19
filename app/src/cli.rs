//! The command line: what the program can be asked to do.

mod complaint;
mod completions;
mod hash;
mod healthcheck;
mod messages;
mod migrate;
mod output;
mod serve;
mod users;

use anyhow::Result;
use clap::{Args, CommandFactory, Parser, Subcommand};

use crate::config::{Database, Serve};
use crate::store::Store;

/// MiniTwit: a small social site that can be watched.
///
/// Without a command it serves the site, on an SQLite database in the current folder:
/// pages on <http://127.0.0.1:8000>, the simulator's API on port 8001, metrics on port 9000.
#[derive(Debug, Parser)]
#[command(name = "minitwit", version, args_conflicts_with_subcommands = true, max_term_width = 100, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    serve: Serve,

    #[command(flatten)]
    database: Database,
}

const EXAMPLES: &str = "\
Each setting is also an environment variable: --log-format is MINITWIT_LOG_FORMAT, and so on.

Examples:
  minitwit                                        serve on minitwit.db
  DATABASE_URL=postgres://mt@db/mt minitwit serve serve on PostgreSQL
  minitwit serve --api-listen off                 only pages and operations
  minitwit messages list --user ada --json        what ada wrote, for scripts
  minitwit messages flag 42                       hide message 42 from everybody";

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the site (the default)
    Serve(Box<ServeCommand>),
    /// Bring the database's schema up to date
    Migrate(DatabaseCommand),
    /// Ask a running site whether it is ready: exit code 0 if so, 1 if not
    Healthcheck(healthcheck::Healthcheck),
    /// List, flag and unflag messages
    #[command(subcommand)]
    Messages(messages::Messages),
    /// List users, reset passwords, list and end sessions
    #[command(subcommand)]
    Users(users::Users),
    /// Print the keyed hash that stands in the log for a name that is no user's
    Hash(hash::Hash),
    /// Print a completion script for a shell
    Completions(completions::Completions),
}

#[derive(Args, Debug)]
struct ServeCommand {
    #[command(flatten)]
    serve: Serve,
    #[command(flatten)]
    database: Database,
}

#[derive(Args, Debug)]
struct DatabaseCommand {
    #[command(flatten)]
    database: Database,
}

/// Runs what the command line asks for.
///
/// # Errors
/// Whatever kept it from being done, as one sentence with its causes.
pub fn run() -> Result<()> {
    let cli = Cli::try_parse().unwrap_or_else(|error| complaint::exit(&error, &Cli::command()));
    match cli.command {
        None => serve::run(cli.serve, &cli.database),
        Some(Command::Serve(command)) => serve::run(command.serve, &command.database),
        Some(Command::Migrate(command)) => block_on(migrate::run(&command.database)),
        Some(Command::Healthcheck(command)) => block_on(command.run()),
        Some(Command::Messages(command)) => block_on(command.run()),
        Some(Command::Users(command)) => block_on(command.run()),
        Some(Command::Hash(command)) => block_on(command.run()),
        Some(Command::Completions(command)) => command.run(&mut Cli::command()),
    }
}

fn block_on(work: impl Future<Output = Result<()>>) -> Result<()> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}

/// Opens a database whose schema is already right.
async fn open(database: &Database) -> Result<Store> {
    let store = Store::open(&database.options()?).await?;
    store.check_schema().await?;
    Ok(store)
}
