//! A scenario: the rows that the simulator plays, read from a tab-separated file without quoting.

use std::path::Path;
use std::{fmt, fs};

use anyhow::Context;

/// One row: a request that the simulator sends.
///
/// It has no `Debug`, because a registration holds a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    /// Where it stands in the file, counted from 1.
    pub line: usize,
    /// The row's own number, sent as `latest`.
    pub id: i64,
    /// When it happened, in milliseconds since 1970.
    pub epoch_ms: u64,
    /// Who acts.
    pub user: String,
    /// What they do.
    pub action: Action,
}

/// What a row does, with what only that command has.
#[derive(Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the file's columns")]
pub enum Action {
    Register { email: String, password: String },
    Tweet { text: String },
    Follow { other: String },
    Unfollow { other: String },
}

/// The kind of an [`Action`], as the file names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Command {
    Register,
    Tweet,
    Follow,
    Unfollow,
}

/// A line that is not a row. It names the line and the fault, and never repeats the line, which may hold a password.
#[derive(Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl std::error::Error for Malformed {}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Register => "register",
            Self::Tweet => "tweet",
            Self::Follow => "follow",
            Self::Unfollow => "unfollow",
        })
    }
}

impl Row {
    /// The kind of the row's action.
    #[must_use]
    pub fn command(&self) -> Command {
        match self.action {
            Action::Register { .. } => Command::Register,
            Action::Tweet { .. } => Command::Tweet,
            Action::Follow { .. } => Command::Follow,
            Action::Unfollow { .. } => Command::Unfollow,
        }
    }
}

/// The rows of the file at `path`, all of them checked before the first is played.
pub fn read(path: &Path) -> anyhow::Result<Vec<Row>> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    parse(&bytes).with_context(|| format!("{} is not a scenario", path.display()))
}

/// The rows of a whole file.
pub fn parse(file: &[u8]) -> Result<Vec<Row>, Malformed> {
    let file = file.strip_suffix(b"\n").unwrap_or(file);
    if file.is_empty() {
        return Ok(Vec::new());
    }
    file.split(|byte| *byte == b'\n').zip(1..).map(|(bytes, line)| row(bytes, line)).collect()
}

fn row(bytes: &[u8], line: usize) -> Result<Row, Malformed> {
    let malformed = |reason| Malformed { line, reason };
    let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    let text = str::from_utf8(bytes).map_err(|_| malformed("it is not UTF-8"))?;
    let columns: Vec<&str> = text.split('\t').collect();
    let &[id, delay, epoch_ms, command, user, ref rest @ ..] = columns.as_slice() else {
        return Err(malformed("it has fewer than 6 columns"));
    };
    delay.parse::<u64>().map_err(|_| malformed("column 2, the delay, is not a number of milliseconds"))?;
    Ok(Row {
        line,
        id: id.parse().map_err(|_| malformed("column 1, the id, is not an integer"))?,
        epoch_ms: epoch_ms.parse().map_err(|_| malformed("column 3, the time, is not a number of milliseconds"))?,
        user: user.to_owned(),
        action: action(command, rest).map_err(malformed)?,
    })
}

fn action(command: &str, rest: &[&str]) -> Result<Action, &'static str> {
    match (command, rest) {
        ("register", &[email, password]) => {
            Ok(Action::Register { email: email.to_owned(), password: password.to_owned() })
        }
        ("tweet", &[text]) => Ok(Action::Tweet { text: text.to_owned() }),
        ("follow", &[other]) => Ok(Action::Follow { other: other.to_owned() }),
        ("unfollow", &[other]) => Ok(Action::Unfollow { other: other.to_owned() }),
        ("register", _) => Err("register needs 7 columns"),
        ("tweet" | "follow" | "unfollow", _) => Err("tweet, follow and unfollow need 6 columns"),
        _ => Err("column 4 is not register, tweet, follow or unfollow"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault_of(file: &[u8]) -> (usize, &'static str) {
        let malformed = parse(file).err().expect("the file is malformed");
        (malformed.line, malformed.reason)
    }

    #[test]
    fn quotes_and_backslashes_belong_to_the_text() {
        let rows =
            parse("7\t3\t1000\tregister\tAda B\ta@b\t\"\\t'[\n8\t5\t1005\ttweet\tAda B\t“one” \\n two\n".as_bytes())
                .expect("both rows are good");
        assert!(rows[0].action == Action::Register { email: "a@b".into(), password: "\"\\t'[".into() });
        assert!(rows[1].action == Action::Tweet { text: "“one” \\n two".into() });
        assert_eq!((rows[1].id, rows[1].epoch_ms, rows[1].line, rows[1].command()), (8, 1005, 2, Command::Tweet));
    }

    #[test]
    fn a_malformed_row_is_named_by_its_line() {
        let good = b"0\t0\t1\tfollow\ta\tb\n".as_slice();
        for (bad, reason) in [
            (b"1\t0\t2\tfollow\ta".as_slice(), "tweet, follow and unfollow need 6 columns"),
            (b"", "it has fewer than 6 columns"),
            (b"1\t0\t2\tregister\ta\ta@b", "register needs 7 columns"),
            (b"1\t0\t2\tpoke\ta\tb", "column 4 is not register, tweet, follow or unfollow"),
            (b"x\t0\t2\tfollow\ta\tb", "column 1, the id, is not an integer"),
            (b"1\tx\t2\tfollow\ta\tb", "column 2, the delay, is not a number of milliseconds"),
            (b"1\t0\tx\tfollow\ta\tb", "column 3, the time, is not a number of milliseconds"),
            (b"1\t0\t2\ttweet\ta\t\xff", "it is not UTF-8"),
        ] {
            assert_eq!(fault_of(&[good, bad, b"\n", good].concat()), (2, reason));
        }
    }

    #[test]
    fn the_projects_own_scenario_is_good() {
        let rows = parse(include_bytes!("../data/scenario.tsv")).expect("every row is good");
        assert_eq!(rows.len(), 300);
        for command in [Command::Register, Command::Tweet, Command::Follow, Command::Unfollow] {
            assert!(rows.iter().any(|row| row.command() == command), "no {command}");
        }
    }
}
