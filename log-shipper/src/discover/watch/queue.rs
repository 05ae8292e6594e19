//! The kernel's queues of events.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::inotify::{CreateFlags, ReadFlags, Reader, WatchFlags, add_watch, init, remove_watch};
use rustix::io::Errno;

use super::Happened;
use crate::discover::created::Created;

/// One for what appears and goes, one for writes.
pub(super) struct Queues {
    pub(super) structure: Queue,
    pub(super) writes: Queue,
}

impl Queues {
    pub(super) fn new() -> Result<Self, Errno> {
        Ok(Self { structure: Queue::new()?, writes: Queue::new()? })
    }
}

pub(super) struct Queue {
    pub(super) events: OwnedFd,
    folders: HashMap<i32, PathBuf>,
    numbers: HashMap<PathBuf, i32>,
}

impl Queue {
    fn new() -> Result<Self, Errno> {
        let events = init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
        Ok(Self { events, folders: HashMap::new(), numbers: HashMap::new() })
    }

    pub(super) fn add(&mut self, folder: &Path, flags: WatchFlags) -> Result<(), Errno> {
        let number = add_watch(&self.events, folder, flags)?;
        self.folders.insert(number, folder.to_owned());
        self.numbers.insert(folder.to_owned(), number);
        Ok(())
    }

    pub(super) fn folders(&self) -> impl Iterator<Item = &PathBuf> {
        self.numbers.keys()
    }

    pub(super) fn remove(&mut self, folder: &Path) {
        if let Some(number) = self.numbers.remove(folder) {
            self.folders.remove(&number);
            // The watch of a folder that is gone went with it.
            let _ = remove_watch(&self.events, number);
        }
    }

    pub(super) fn read(&mut self, happened: &mut Happened, created: &mut Created) {
        let mut buffer = [MaybeUninit::uninit(); 16 * 1024];
        let mut reader = Reader::new(&self.events, &mut buffer);
        while let Ok(event) = reader.next() {
            let flags = event.events();
            happened.overflow |= flags.contains(ReadFlags::QUEUE_OVERFLOW);
            let Some(folder) = self.folders.get(&event.wd()) else { continue };
            let file = event.file_name().map(|name| folder.join(OsStr::from_bytes(name.to_bytes())));
            if flags.contains(ReadFlags::MODIFY) {
                happened.written.extend(file);
                continue;
            }
            happened.changed.insert(folder.clone());
            if let Some(file) = file.filter(|_| flags.contains(ReadFlags::CREATE)) {
                created.add(folder, file);
            }
        }
    }
}
