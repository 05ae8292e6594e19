//! `log-shipper status`

mod file;

use anyhow::Result;

use self::file::File;
use super::Status;
use super::output::{line, print, tell};
use super::units::{self, counted};
use crate::checkpoint::{self, Known};
use crate::clock::Clock;
use crate::config::{Given, Settings};
use crate::service::in_state;
use crate::table::Table;

impl Status {
    /// Prints how far each file is, while a shipper runs or not.
    ///
    /// # Errors
    /// The state folder cannot be read.
    pub fn run(self, given: &Given) -> Result<()> {
        let settings = Settings::load(given)?;
        let folder = settings.state.folder();
        let known = known(folder).map_err(|error| in_state(&settings, &error))?;
        let Some(known) = known.filter(|known| !known.is_empty()) else {
            tell(&format!("no file is known yet: no shipper has worked with --state {}", folder.display()));
            return Ok(());
        };
        let mut files: Vec<File> = known.into_iter().map(File::new).collect();
        files.sort_by(|one, other| one.source.cmp(&other.source).then_with(|| one.path.cmp(&other.path)));
        if self.json {
            return files.iter().try_for_each(|file| line(&serde_json::to_string(file)?));
        }
        let now = u64::try_from(Clock::default().now() / 1_000_000).unwrap_or_default();
        print(&table(&files, now))
    }
}

/// What the state folder knows; none if there is no such folder.
fn known(folder: &std::path::Path) -> Result<Option<Vec<Known>>, checkpoint::Error> {
    match checkpoint::State::read(folder) {
        Ok(known) => Ok(Some(known)),
        Err(checkpoint::Error::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn table(files: &[File], now: u64) -> String {
    let mut table = Table::new(["SOURCE", "FILE", "POSITION", "SIZE", "BEHIND", "LAST SEEN"], 2);
    for file in files {
        let or_unknown = |bytes: Option<u64>| bytes.map_or_else(|| "?".to_owned(), units::bytes);
        table.row([
            file.source.clone(),
            file.name(),
            units::bytes(file.position),
            if file.present { or_unknown(file.size) } else { "gone".to_owned() },
            or_unknown(file.behind),
            file.last_seen.map_or_else(|| "-".to_owned(), |at| units::ago(now.saturating_sub(at))),
        ]);
    }
    format!("{table}{}\n", totals(files))
}

fn totals(files: &[File]) -> String {
    let there = files.iter().filter(|file| file.present);
    let behind = there.clone().filter_map(|file| file.behind).sum();
    let gone = files.iter().filter(|file| !file.present);
    let unread: u64 = gone.clone().filter_map(|file| file.behind).sum();
    let mut said = vec![format!("{}, {} behind", counted(there.count() as u64, "file"), units::bytes(behind))];
    if gone.clone().count() > 0 {
        said.push(format!("{} gone", gone.count()));
    }
    if unread > 0 {
        said.push(format!("{} of them never read", units::bytes(unread)));
    }
    said.join("; ")
}
