//! What commands print: tables for people, JSON for scripts; a reader that went away is no error.

use std::io::{ErrorKind, Write};

use anyhow::Result;
use jiff::Timestamp;

/// Prints one line.
pub(super) fn line(text: &str) -> Result<()> {
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Prints each row as a JSON object on a line of its own.
pub(super) fn json<T: serde::Serialize>(rows: &[T]) -> Result<()> {
    rows.iter().try_for_each(|row| line(&serde_json::to_string(row)?))
}

/// Prints rows under their headings, in columns as wide as they need to be; the last one is not padded.
pub(super) fn table<const N: usize>(headings: [&str; N], rows: &[[String; N]]) -> Result<()> {
    let headings = headings.map(str::to_owned);
    let mut widths = [0; N];
    for row in std::iter::once(&headings).chain(rows) {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    widths[N - 1] = 0;
    for row in std::iter::once(&headings).chain(rows) {
        let cells: Vec<_> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        line(cells.join("  ").trim_end())?;
    }
    Ok(())
}

/// A text on one line, whatever is in it: a terminal must not obey what users wrote.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// A time as people read it, in UTC.
pub(super) fn time(micros: i64) -> String {
    Timestamp::from_microsecond(micros)
        .map_or_else(|_| "?".into(), |time| time.strftime("%Y-%m-%d %H:%M:%S").to_string())
}
