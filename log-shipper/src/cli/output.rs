//! What commands print; a reader that went away is no error.

use std::io::{ErrorKind, Write};

use anyhow::Result;

/// Prints one line.
pub(super) fn line(text: &str) -> Result<()> {
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
