//! `load`: measures the site's speed and memory as ratios, each in one run with what it is compared to.

use std::net::SocketAddr;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use e2e::bare::{self, Answer};
use e2e::database::Databases;
use e2e::interrupt::interrupted;
use e2e::load;
use e2e::load::report::Report;
use e2e::load::settings::Settings;

/// Measures the site's speed and memory as ratios, each in one run with what it is compared to.
///
/// Databases are seeded through the site's own store, and servers are started on free ports of loopback, each a process
/// of its own. The two sides of a comparison take turns, and the ratio is the median of the ratios of neighbouring
/// rounds. Everything that was made is removed at the end, also when interrupted.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
#[command(after_help = "The site is the release build: run `cargo build --release` first.\n\n\
    Exit code: 0 when every request had the right answer, whatever the ratios are; 1 when one had not; 2 when something \
    could not be measured; 130 when interrupted.")]
struct Options {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    role: Option<Role>,
}

#[derive(Subcommand)]
enum Role {
    /// Be the bare server, until stdin ends
    #[command(hide = true)]
    Bare {
        /// Where to listen
        #[arg(long)]
        listen: SocketAddr,
        #[command(flatten)]
        answer: Answer,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let ended = match options.role {
        Some(Role::Bare { listen, answer }) => {
            bare::serve_until_stdin_ends(listen, &answer).await.map(|()| ExitCode::SUCCESS)
        }
        None => measure(&options.settings).await,
    };
    ended.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::from(2)
    })
}

async fn measure(settings: &Settings) -> anyhow::Result<ExitCode> {
    if cfg!(debug_assertions) {
        eprintln!("warning: this is a debug build, which measures itself; use `cargo run --release`");
    }
    let mut databases = Databases::new(settings.folder.as_deref())?;
    // Whichever ends first, the other is dropped, and with it every server.
    let measured = tokio::select! {
        measured = load::run(settings, &mut databases) => Some(measured),
        () = interrupted() => None,
    };
    let removed = databases.remove().await;
    let Some(report) = measured.transpose()? else {
        eprintln!("interrupted");
        return removed.map(|()| ExitCode::from(130));
    };
    show(&report, settings.json);
    removed.map(|()| ExitCode::from(u8::from(report.errors() > 0)))
}

fn show(report: &Report, json: bool) {
    if json { println!("{:#}", report.json()) } else { print!("{report}") }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_options_do_not_contradict_each_other() {
        Options::command().debug_assert();
    }
}
