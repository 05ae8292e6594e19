//! The state folder: who has it, and what lies in it.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::error::Error;

const FOLDER_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;

/// So many damaged logs are kept.
const MAX_DAMAGED: u32 = 3;

/// Of a process id.
const MAX_DIGITS: u64 = 10;

/// A folder that this process alone may change, for as long as this lives.
pub(super) struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes it where it is missing, and locks it.
    pub(super) fn lock(path: &Path) -> Result<Self, Error> {
        create(path).map_err(Error::io("create", path))?;
        let file = path.join("lock");
        let mut lock = open_lock(&file).map_err(Error::io("open", &file))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::InUse { folder: path.to_owned(), process: process(&mut lock) });
            }
            Err(TryLockError::Error(error)) => return Err(Error::io("lock", &file)(error)),
        }
        // Only the lock counts; a full disk must not keep anybody from starting.
        let _ = lock.set_len(0).and_then(|()| write!(lock, "{}", std::process::id()));
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    /// The log in it.
    pub(super) fn log(&self) -> PathBuf {
        log(&self.path)
    }

    /// Where the next log is written before it takes the place of the other.
    pub(super) fn next_log(&self) -> PathBuf {
        self.path.join("positions.new")
    }

    /// Makes sure that the names in it are on the disk.
    pub(super) fn sync(&self) -> io::Result<()> {
        File::open(&self.path)?.sync_all()
    }

    /// Keeps the log as it is beside the next one; 1 is the newest that is kept.
    pub(super) fn keep_damaged(&self) -> io::Result<PathBuf> {
        let damaged = |number: u32| self.path.join(format!("positions.damaged-{number}"));
        for number in (1..MAX_DAMAGED).rev() {
            match fs::rename(damaged(number), damaged(number + 1)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        // Not renamed: until the next log is there, this one is the best there is.
        fs::hard_link(self.log(), damaged(1)).or_else(|_| fs::copy(self.log(), damaged(1)).map(|_| ()))?;
        Ok(damaged(1))
    }
}

/// The log in `folder`.
pub(super) fn log(folder: &Path) -> PathBuf {
    folder.join("positions")
}

/// A new file to append to, that nobody else may read.
pub(super) fn new_file(path: &Path) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => OpenOptions::new().append(true).create_new(true).mode(FILE_MODE).open(path),
    }
}

fn create(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(path)
}

fn open_lock(file: &Path) -> io::Result<File> {
    let writable = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(FILE_MODE).open(file);
    // On a disk that has become read-only, the lock of the last run does as well.
    writable.or_else(|error| File::open(file).map_err(|_| error))
}

/// Who has the lock, if that can be read.
pub(super) fn process(lock: &mut File) -> Option<u32> {
    let mut text = String::new();
    lock.take(MAX_DIGITS).read_to_string(&mut text).ok()?;
    text.parse().ok()
}
