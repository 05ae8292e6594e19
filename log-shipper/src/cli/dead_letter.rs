//! `log-shipper dead-letter`

use anyhow::{Result, bail};
use serde_json::json;
use tokio::runtime::Builder;

use super::output::{line, print, tell};
use super::units::counted;
use super::{DeadLetter, Letters, Purge, Replay, Show};
use crate::config::{Given, Settings};
use crate::dead_letter::{DeadLetters, Number, Row, Selection, printable};
use crate::progress::Progress;
use crate::service::{self, Fate, Replayed};

impl DeadLetter {
    /// Does what is asked.
    ///
    /// # Errors
    /// The folder cannot be read or changed; there is no such letter; one was refused again.
    pub fn run(self, given: &Given) -> Result<()> {
        let settings = Settings::load(given)?;
        let letters = DeadLetters::new(settings.state.folder(), settings.state.dead_letter_limit);
        match self {
            Self::List(command) => command.run(&letters),
            Self::Show(command) => command.run(&letters),
            Self::Replay(command) => command.run(&letters, &settings),
            Self::Purge(command) => command.run(&letters),
        }
    }
}

impl Letters {
    fn run(self, letters: &DeadLetters) -> Result<()> {
        let listing = letters.list(self.limit)?;
        if self.json {
            return listing.rows.iter().try_for_each(|row| line(&object(row)));
        }
        print(&listing.to_string())
    }
}

fn object(row: &Row) -> String {
    let Row { number, time, id, target, status, kind, reason, source } = row;
    let error = json!({"type": kind, "reason": reason});
    let number = number.to_string();
    json!({"number": number, "@timestamp": time, "id": id, "target": target, "status": status, "error": error,
        "source": source})
    .to_string()
}

impl Show {
    fn run(self, letters: &DeadLetters) -> Result<()> {
        for (at, number) in self.numbers.iter().enumerate() {
            let Some(letter) = letters.show(*number)? else { bail!("{}", no_letter(*number)) };
            let gap = if at == 0 { "" } else { "\n" };
            print(&format!("{gap}{letter}"))?;
        }
        Ok(())
    }
}

fn no_letter(number: Number) -> String {
    format!("there is no dead letter {number}; `log-shipper dead-letter list` shows those that are there")
}

impl Purge {
    fn run(self, letters: &DeadLetters) -> Result<()> {
        let Some(selection) = self.chosen.selection() else {
            bail!("say which dead letters are to be deleted: by NUMBER, --type TYPE or --all");
        };
        let purged = letters.purge(&selection)?;
        line(&format!("{} deleted", counted(purged, "dead letter")))?;
        match selection {
            Selection::Numbers(numbers) if purged < numbers.len() as u64 => bail!("the others are not there"),
            _ => Ok(()),
        }
    }
}

impl Replay {
    fn run(self, letters: &DeadLetters, settings: &Settings) -> Result<()> {
        let selection = self.chosen.selection().unwrap_or(Selection::All);
        let total = match &selection {
            Selection::Numbers(numbers) => numbers.len() as u64,
            _ => letters.list(0)?.letters,
        };
        let progress = Progress::of_things("dead letters");
        let mut done = 0;
        let tell = |number: Number, fate: &Fate| {
            done += 1;
            progress.set(done, total);
            progress.aside(|| line(&said(number, fate)))
        };
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let replayed = runtime.block_on(service::replay(letters, settings, &selection, tell));
        progress.end();
        conclude(&replayed?)
    }
}

fn said(number: Number, fate: &Fate) -> String {
    match fate {
        Fate::Stored => format!("{number} is stored"),
        Fate::Refused(why) => format!("{number} is refused again: {}", printable(why)),
        Fate::Unsent => format!("{number} is not stored: it could not be sent"),
        Fate::Damaged => format!("{number} is damaged; `log-shipper dead-letter purge {number}` removes it"),
        Fate::Missing => format!("{number} is not there"),
    }
}

fn conclude(replayed: &Replayed) -> Result<()> {
    let Replayed { stored, left, trouble } = replayed;
    let stored = format!("{} stored", counted(*stored, "dead letter"));
    if let Some(trouble) = trouble {
        bail!("{stored}, {left} not: {trouble}");
    }
    if *left > 0 {
        bail!("{stored}, {left} not");
    }
    tell(&stored);
    Ok(())
}
