//! Whether a folder could be used for positions, asked without changing anything there.

use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::Path;

use rustix::fs::{Access, AtFlags, CWD, accessat};

use super::{Error, State, folder, reading};

impl State {
    /// Asks whether [`State::open`] would succeed now.
    ///
    /// # Errors
    /// Why it would not: another process has the folder, a version that is not known wrote it, it cannot be read, or what
    /// is missing cannot be made.
    pub fn probe(folder: &Path) -> Result<(), Error> {
        let is_there = reading::read(&folder::log(folder))?.is_some();
        let lock = folder.join("lock");
        let is_locked = match File::open(&lock) {
            Ok(file) => probe_lock(folder, file).map(|()| true)?,
            Err(error) if error.kind() == ErrorKind::NotFound => false,
            Err(error) => return Err(Error::io("open", &lock)(error)),
        };
        if is_there && is_locked { Ok(()) } else { probe_room(folder) }
    }
}

fn probe_lock(folder: &Path, mut lock: File) -> Result<(), Error> {
    match lock.try_lock_shared() {
        Err(TryLockError::WouldBlock) => {
            Err(Error::InUse { folder: folder.to_owned(), process: folder::process(&mut lock) })
        }
        Err(TryLockError::Error(error)) => Err(Error::io("lock", folder)(error)),
        Ok(()) => Ok(()),
    }
}

/// Whether something can be made in the folder, or in the one in which it would be made.
fn probe_room(folder: &Path) -> Result<(), Error> {
    let nearest = folder.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("."));
    let allowed = accessat(CWD, nearest, Access::WRITE_OK | Access::EXEC_OK, AtFlags::EACCESS);
    allowed.map_err(|error| Error::io("write to", nearest)(error.into()))
}
