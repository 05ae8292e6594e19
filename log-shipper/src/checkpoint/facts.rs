//! Facts about files, each in memory and on the disk.

use std::io::{self, ErrorKind};

use super::record::{self, Names, Record};
use super::table::{self, Table};
use super::{Cut, Identity, State};
use crate::place::{FileKey, Progress};

impl State {
    /// A file that is new here gets a key. Another generation of a file is a new file.
    ///
    /// # Errors
    /// The disk does not have it; then it is not known, and may be registered again. Or a name is too long.
    pub fn register(&self, identity: &Identity) -> io::Result<FileKey> {
        let names = fitting(identity)?;
        let mut inner = self.lock();
        let key = FileKey(inner.table.next);
        if key.0 == u32::MAX {
            return Err(io::Error::other("the state folder has no more keys for files; use a new one with --state"));
        }
        inner.write(|table, out| change(table, out, &Record::Identity(key, names))).inspect_err(|_| {
            inner.table.apply(&Record::Forgotten(key));
        })?;
        Ok(key)
    }

    /// What is known of the file has changed: its head has grown, it has another name or is compressed.
    ///
    /// # Errors
    /// The disk does not have it. Or nothing is changed: the file is not known, its generation or the ids of its
    /// documents would change, or a name is too long.
    pub fn update(&self, key: FileKey, identity: &Identity) -> io::Result<()> {
        let names = fitting(identity)?;
        let mut inner = self.lock();
        let known = inner.table.get(key).map(|known| &known.identity);
        let known = known.ok_or_else(unknown)?;
        // Its position is one of the old content, and so are those that are on their way.
        if (known.generation, known.id_prefix) != (identity.generation, identity.id_prefix) {
            return Err(invalid("another generation of a file needs a key of its own"));
        }
        let is_news = known != identity;
        inner.write(|table, out| {
            if is_news {
                change(table, out, &Record::Identity(key, names));
            }
        })
    }

    /// Lines of these files that begin before these offsets are about to be sent to `index`; also when that happens
    /// again to another one. Before lines of a file are first sent, it would be known after a power cut: or they would get
    /// other ids afterwards, if the file is another one by then, such as a compressed one.
    ///
    /// # Errors
    /// The disk does not have it: then they must not be sent yet.
    pub fn sent(&self, intents: &[(FileKey, u64)], index: &str) -> io::Result<()> {
        if !record::fits(index) {
            return Err(invalid("the name of an index is too long or has a zero byte"));
        }
        let mut inner = self.lock();
        inner.write(|table, out| {
            for &(file, upto) in intents {
                if table.is_news(file, upto, index) {
                    change(table, out, &Record::Sent { file, upto, index });
                }
            }
        })?;
        let is_sure = intents.iter().all(|(file, _)| file.0 < inner.sure);
        drop(inner);
        if is_sure { Ok(()) } else { self.sync() }
    }

    /// Files are acknowledged so far, at second `now` since 1970. Those that are not known are left out.
    ///
    /// # Errors
    /// The disk does not have it.
    pub fn acknowledged(&self, progress: &[Progress], now: u64) -> io::Result<()> {
        self.write(|table, out| {
            for progress in progress {
                if table.get(progress.file).is_some() {
                    change(table, out, &Record::Progress(*progress, now));
                }
            }
        })
    }

    /// A time-out ended a line that is about to be sent.
    ///
    /// # Errors
    /// The disk does not have it: then the line must not be sent yet. Or its file is not known, or has too many.
    pub fn cut(&self, cut: &Cut) -> io::Result<()> {
        let mut inner = self.lock();
        let known = inner.table.get(cut.start.file).ok_or_else(unknown)?;
        let is_news = !known.cuts.contains(cut);
        if is_news && known.cuts.len() >= table::MAX_CUTS {
            return Err(io::Error::other(
                "too many lines of one file were ended by a time-out and wait to be acknowledged",
            ));
        }
        inner.write(|table, out| {
            if is_news {
                change(table, out, &Record::Cut(*cut));
            }
        })
    }

    /// A file is still there, with this size, at second `now` since 1970. The next [`State::sync`] writes it if the
    /// size is another one, or if it was not written for an hour.
    pub fn seen(&self, key: FileKey, size: u64, now: u64) {
        let mut inner = self.lock();
        if inner.table.is_sight(key, size, now) {
            inner.table.apply(&Record::Seen { file: key, size, at: now });
            inner.sights.insert(key);
        }
    }

    /// A file is followed no longer. Its key is not given again.
    ///
    /// # Errors
    /// The disk does not have it.
    pub fn forget(&self, key: FileKey) -> io::Result<()> {
        self.write(|table, out| {
            if table.get(key).is_some() {
                change(table, out, &Record::Forgotten(key));
            }
        })
    }
}

fn change(table: &mut Table, out: &mut Vec<u8>, record: &Record<'_>) {
    table.apply(record);
    record.append(out);
}

fn fitting(identity: &Identity) -> io::Result<Names<'_>> {
    let names = Names::from(identity);
    if names.fit() {
        Ok(names)
    } else {
        Err(invalid("the path of a file, or the name of its source, is too long or has a zero byte"))
    }
}

fn unknown() -> io::Error {
    io::Error::new(ErrorKind::NotFound, "this file is not in the state")
}

fn invalid(why: &'static str) -> io::Error {
    io::Error::new(ErrorKind::InvalidInput, why)
}
