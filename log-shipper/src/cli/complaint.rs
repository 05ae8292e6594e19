//! What is wrong with the command line, as one line that names it; clap would print several.
//!
//! A value is never repeated: it may be a secret that ended up in the wrong place.

use clap::error::{ContextKind, ErrorKind};
use clap::{Error, Subcommand};

use super::Command;
use super::output::tell;
use crate::config::{accepted, hint, shown};

/// Ends the program: help and version are printed as clap does it, everything else as one line, with exit code 2.
pub(super) fn exit(error: &Error) -> ! {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::DisplayVersion => {
            error.exit()
        }
        _ => {
            tell(&sentence(error));
            std::process::exit(2)
        }
    }
}

pub(super) fn sentence(error: &Error) -> String {
    let of = |kind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let (given, prior) = (of(ContextKind::InvalidArg), of(ContextKind::PriorArg));
    let flag = given.split(' ').next().unwrap_or_default();
    match error.kind() {
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("{flag} has a value that cannot be used: {}", accepted(error))
        }
        ErrorKind::InvalidUtf8 => "the command line is not UTF-8".into(),
        ErrorKind::UnknownArgument => unknown(&given, "an argument", error),
        ErrorKind::InvalidSubcommand => unknown(&of(ContextKind::InvalidSubcommand), "a command", error),
        ErrorKind::MissingRequiredArgument => format!("{given} is missing: {}", see(error)),
        ErrorKind::ArgumentConflict if given == prior => format!("{given} is given more than once"),
        ErrorKind::ArgumentConflict => {
            let given = if given.is_empty() { of(ContextKind::InvalidSubcommand) } else { given };
            conflict(&given, &prior, error)
        }
        other => format!("{given}: {other}"),
    }
}

fn unknown(given: &str, other: &str, error: &Error) -> String {
    if is_path(given) {
        return STRAY.into();
    }
    let hint = hint(error).map_or_else(|| see(error), |meant| format!("is {meant} meant?"));
    format!("{} is not known: {hint}", shown(given, other))
}

/// A word behind flags is taken for a command, with which they cannot be used.
fn conflict(given: &str, prior: &str, error: &Error) -> String {
    let is_command = Command::has_subcommand(given);
    match given {
        _ if is_path(given) => STRAY.into(),
        _ if given.starts_with('-') || is_command => format!("{given} cannot be used together with {prior}"),
        _ => format!("a word stands alone where none belongs: {}", see(error)),
    }
}

/// What is left of a pattern that the shell took apart.
const STRAY: &str = "a path stands alone, as when a shell takes a pattern apart: put it into quotes, as in --files \
                     '/var/log/site*.log'";

fn is_path(word: &str) -> bool {
    !word.starts_with('-') && word.contains(['.', '/'])
}

/// Where the help is of the command at hand, which stands at the beginning of its usage.
fn see(error: &Error) -> String {
    let usage = error.get(ContextKind::Usage).map(ToString::to_string).unwrap_or_default();
    let words = usage.split_whitespace().skip_while(|word| *word != "log-shipper").skip(1);
    let command = words.take_while(|word| word.starts_with(|c: char| c.is_ascii_lowercase()));
    let words: Vec<&str> = ["log-shipper"].into_iter().chain(command).chain(["--help"]).collect();
    format!("see `{}`", words.join(" "))
}
