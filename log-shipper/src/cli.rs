//! The program's commands.

mod commands;
mod complaint;
mod completions;
mod dead_letter;
mod examples;
mod healthcheck;
mod output;
mod run;
mod setup;
mod status;
mod test_config;
mod test_output;
mod units;

use std::env;
use std::ffi::OsString;

use clap::builder::Resettable;
use clap::{Args, CommandFactory, FromArgMatches, Parser};

use crate::config::{ConfigFile, Delivery, Elasticsearch, Environment, Given, Operations, Settings, State};

pub use commands::{
    Chosen, Command, DeadLetter, Healthcheck, Letters, Purge, Replay, Run, Setup, Show, Status, Test, TestOutput,
};
pub use completions::Completions;
pub use output::{causes, tell};
pub use test_config::TestConfig;

/// Follows what containers print and brings every line to Elasticsearch once.
///
/// Without a command it runs: it reads what the containers of this machine print, and remembers a line as done only when
/// Elasticsearch has acknowledged it.
#[derive(Debug, Parser)]
#[command(name = "log-shipper", version, args_conflicts_with_subcommands = true, max_term_width = 100, after_help = examples::RUN)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    run: Run,
}

/// What the program was asked to do, and what with.
#[derive(Debug)]
pub struct Invocation {
    /// The command.
    pub command: Command,
    /// Where settings come from; [`Settings::load`] reads them.
    pub given: Given,
}

/// What the process' command line and environment ask for. Ends the program itself for help, the version and mistakes.
#[must_use]
pub fn parse() -> Invocation {
    parse_from(env::args_os(), Environment::of_process()).unwrap_or_else(|error| complaint::exit(&error))
}

/// What a command line, which begins with the program's name, and an environment ask for.
///
/// # Errors
/// There is a mistake in it, or it asks for help or the version.
pub fn parse_from(
    words: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    environment: Environment,
) -> Result<Invocation, clap::Error> {
    let matches = grammar().try_get_matches_from(words)?;
    let cli = Cli::from_arg_matches(&matches)?;
    let mut innermost = &matches;
    while let Some((_, inner)) = innermost.subcommand() {
        innermost = inner;
    }
    let given = Given::new(innermost, environment);
    Ok(Invocation { command: cli.command.unwrap_or(Command::Run(cli.run)), given })
}

/// The commands with the settings that each of them needs; the others may stand in the file all the same.
fn grammar() -> clap::Command {
    type Grammar = clap::Command;
    let file = |command: Grammar| explained(with::<ConfigFile>(command));
    let all = |command: Grammar| with::<Settings>(file(command));
    let host = |command: Grammar| with::<Elasticsearch>(file(command));
    let kept = |command: Grammar| with::<State>(file(command));
    let resent = |command: Grammar| with::<Delivery>(with::<Elasticsearch>(kept(command)));
    all(Cli::command())
        .mut_subcommand("run", all)
        .mut_subcommand("setup", host)
        .mut_subcommand("test", |test| test.mut_subcommand("config", all).mut_subcommand("output", host))
        .mut_subcommand("status", kept)
        .mut_subcommand("healthcheck", |command| with::<Operations>(file(command)))
        .mut_subcommand("dead-letter", |letters| {
            let letters = letters.mut_subcommand("list", kept).mut_subcommand("show", kept);
            letters.mut_subcommand("purge", kept).mut_subcommand("replay", resent)
        })
}

/// Adds the flags of `A`. What the command is about stays: clap would take what `A` is about instead.
fn with<A: Args>(command: clap::Command) -> clap::Command {
    let (about, long) = (command.get_about().cloned(), command.get_long_about().cloned());
    A::augment_args(command).about(Resettable::from(about)).long_about(Resettable::from(long))
}

/// Says before the examples how else settings can be given.
fn explained(command: clap::Command) -> clap::Command {
    let examples = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    command.after_help(format!("{}\n\n{examples}", examples::SETTINGS))
}

#[cfg(test)]
mod tests;
