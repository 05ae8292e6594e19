//! What commands print; a reader that went away is no error.

use std::io::{ErrorKind, Write};

use anyhow::{Error, Result, bail};

/// Prints one line.
pub(super) fn line(text: &str) -> Result<()> {
    print(&format!("{text}\n"))
}

/// Tells people something that is no result, on the other output; nothing depends on whether it can be told.
pub fn tell(text: &str) {
    let _ = writeln!(std::io::stderr(), "log-shipper: {text}");
}

/// What is wrong, with its causes, of which many errors repeat the next one themselves.
#[must_use]
pub fn causes(error: &Error) -> String {
    let mut said: Vec<String> = Vec::new();
    for cause in error.chain().map(ToString::to_string) {
        if !said.last().is_some_and(|last| last.ends_with(&cause)) {
            said.push(cause);
        }
    }
    said.join(": ")
}

/// Prints lines.
pub(super) fn print(text: &str) -> Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => bail!("standard output cannot be written to: {error}"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn a_cause_that_an_error_has_told_itself_is_not_told_again() {
        let cause = || io::Error::other("denied");
        assert_eq!(causes(&Error::from(cause()).context("cannot read x: denied")), "cannot read x: denied");
        assert_eq!(causes(&Error::from(cause()).context("cannot read x")), "cannot read x: denied");
    }
}
