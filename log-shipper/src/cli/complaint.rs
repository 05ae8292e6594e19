//! What is wrong with the command line, as one line that names it; clap would print several.
//!
//! A value is never repeated: it may be a secret that ended up in the wrong place.

use clap::Error;
use clap::error::{ContextKind, ErrorKind};

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
        ErrorKind::MissingRequiredArgument => format!("{given} is missing: see `log-shipper --help`"),
        ErrorKind::ArgumentConflict if given == prior => format!("{given} is given more than once"),
        ErrorKind::ArgumentConflict => {
            let given = if given.is_empty() { of(ContextKind::InvalidSubcommand) } else { given };
            format!("{given} cannot be used together with {prior}")
        }
        other => format!("{given}: {other}"),
    }
}

fn unknown(given: &str, other: &str, error: &Error) -> String {
    let hint = hint(error).map_or_else(|| "see `log-shipper --help`".into(), |meant| format!("is {meant} meant?"));
    format!("{} is not known: {hint}", shown(given, other))
}
