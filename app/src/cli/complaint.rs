//! What is wrong with the command line or a setting, as one line that names it; clap would print several.
//!
//! A value is never repeated: it may be a secret that ended up in the wrong place.

use std::env;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, Error};

/// Ends the program: help and version are printed as clap does it, everything else as one line, with exit code 2.
pub(super) fn exit(error: &Error, command: &Command) -> ! {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::DisplayVersion => {
            error.exit()
        }
        _ => {
            eprintln!("minitwit: {}", sentence(error, command));
            std::process::exit(2)
        }
    }
}

fn sentence(error: &Error, command: &Command) -> String {
    let of = |kind| error.get(kind).map(words).unwrap_or_default();
    let (given, prior) = (of(ContextKind::InvalidArg), of(ContextKind::PriorArg));
    match error.kind() {
        ErrorKind::InvalidValue if of(ContextKind::InvalidValue).is_empty() => {
            let values = listed(error).map(|listed| format!(": {listed}")).unwrap_or_default();
            format!("{} needs a value{values}", origin(&given, command))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let said = || std::error::Error::source(error).map(ToString::to_string);
            let accepted = listed(error).or_else(said).unwrap_or_default();
            format!("{} has a value that cannot be used: {accepted}", origin(&given, command))
        }
        ErrorKind::InvalidUtf8 => format!("{} is not UTF-8", not_unicode(command)),
        ErrorKind::UnknownArgument => format!("{} is not known{}", shown(&given, "an argument"), hint(error)),
        ErrorKind::InvalidSubcommand => {
            format!("{} is not known{}", shown(&of(ContextKind::InvalidSubcommand), "a command"), hint(error))
        }
        ErrorKind::MissingRequiredArgument => format!("{given} is missing: see `minitwit --help`"),
        ErrorKind::ArgumentConflict if given == prior => format!("{given} is given more than once"),
        ErrorKind::ArgumentConflict => {
            let given = if given.is_empty() { of(ContextKind::InvalidSubcommand) } else { given };
            format!("{given} cannot be used together with {prior}")
        }
        other => format!("{given}: {other}"),
    }
}

fn words(value: &ContextValue) -> String {
    value.to_string()
}

/// Where a value came from: the environment, unless the command line has the flag. clap does not tell.
fn origin(argument: &str, command: &Command) -> String {
    let flag = argument.split(' ').next().unwrap_or_default();
    let on_the_line = env::args_os().any(|given| {
        let given = given.to_string_lossy();
        given.strip_prefix(flag).is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
    });
    let settings = settings(command);
    let variable = settings.iter().find(|arg| arg.get_long().is_some_and(|long| flag == format!("--{long}")));
    let variable = variable.and_then(|arg| arg.get_env()).filter(|name| !on_the_line && env::var_os(name).is_some());
    variable.map_or_else(|| flag.to_owned(), |name| name.to_string_lossy().into_owned())
}

/// The arguments of a command and of all below it.
fn settings(command: &Command) -> Vec<&Arg> {
    command.get_arguments().chain(command.get_subcommands().flat_map(settings)).collect()
}

/// The values that are accepted, where there is a list of them; else the setting's own parser says what it expects.
fn listed(error: &Error) -> Option<String> {
    let listed = error.get(ContextKind::ValidValue).map(words).filter(|listed| !listed.is_empty());
    listed.map(|listed| format!("expected one of {listed}"))
}

/// Which of the settings it is; clap does not tell. What a word of the command line says stays untold.
fn not_unicode(command: &Command) -> String {
    let is_broken = |name: &&std::ffi::OsStr| env::var_os(name).is_some_and(|value| value.to_str().is_none());
    let broken = settings(command).into_iter().filter_map(Arg::get_env).find(is_broken);
    broken.map_or_else(|| "the command line".into(), |name| name.to_string_lossy().into_owned())
}

/// A word that looks like a flag or a command; anything else may be a value.
fn shown(given: &str, other: &str) -> String {
    let word = given.split('=').next().unwrap_or_default();
    let harmless = word.len() <= 40 && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    if harmless { format!("`{word}`") } else { other.to_owned() }
}

/// What was meant, as far as clap can guess.
fn hint(error: &Error) -> String {
    let guesses = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    match guesses.into_iter().filter_map(|kind| error.get(kind)).map(words).find(|guesses| !guesses.is_empty()) {
        Some(guesses) => format!(": is `{}` meant?", guesses.replace(", ", "` or `")),
        None => ": see `minitwit --help`".into(),
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::sentence;
    use crate::cli::Cli;

    #[test]
    fn a_number_that_is_none_is_told_what_is_expected_and_not_repeated() {
        for (arguments, expected) in [
            (
                &["messages", "flag", "hunter2"][..],
                "<ID>... has a value that cannot be used: expected a number such as 42",
            ),
            (
                &["messages", "list", "--before", "hunter2"],
                "--before has a value that cannot be used: expected a number such",
            ),
            (
                &["messages", "list", "--limit", "1234567"],
                "--limit has a value that cannot be used: expected a number from 1",
            ),
            (
                &["users", "list", "--after", "hunter2"],
                "--after has a value that cannot be used: expected a number such as 42",
            ),
            (
                &["users", "list", "--limit", "0x"],
                "--limit has a value that cannot be used: expected a number from 1 to",
            ),
        ] {
            let error = Cli::try_parse_from([&["minitwit"], arguments].concat()).unwrap_err();
            let said = sentence(&error, &Cli::command());
            assert!(said.starts_with(expected) && !said.contains(arguments[arguments.len() - 1]), "{said}");
        }
    }
}
