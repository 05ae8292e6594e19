//! What commands print; a reader that went away is no error.

use std::io::{ErrorKind, Write};

use anyhow::Result;

/// Prints one line.
pub(super) fn line(text: &str) -> Result<()> {
    print(&format!("{text}\n"))
}

/// Tells people something that is no result, on the other output; nothing depends on whether it can be told.
pub fn tell(text: &str) {
    let _ = writeln!(std::io::stderr(), "log-shipper: {text}");
}

/// Prints lines.
pub(super) fn print(text: &str) -> Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
