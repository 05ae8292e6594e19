//! The kernel's word that something happened in a folder.
//!
//! Two queues: what appears and goes must be seen at once, while writes are gathered for a moment, since a busy container
//! makes thousands of them.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::inotify::{CreateFlags, ReadFlags, Reader, WatchFlags, add_watch, init, remove_watch};
use rustix::io::Errno;

/// For how long writes are gathered.
const GATHER: Duration = Duration::from_millis(20);

/// What happened.
#[derive(Debug, Default)]
pub(super) struct Happened {
    /// Folders in which something appeared, went or was renamed.
    pub changed: HashSet<PathBuf>,
    /// Files that appeared, each as often as it did.
    pub created: Vec<PathBuf>,
    /// Files that were written to.
    pub written: HashSet<PathBuf>,
    /// Events were lost.
    pub overflow: bool,
}

/// Watches of folders.
pub(super) struct Watch {
    /// None if the kernel gives no more of them to this user.
    queues: Option<Queues>,
    /// When writes are looked at next.
    due: Instant,
    /// A watch was refused, because there are too many.
    limited: bool,
    /// Folders that nobody has asked for since watching began anew.
    stale: HashSet<PathBuf>,
}

impl Watch {
    pub(super) fn new() -> io::Result<Self> {
        let queues = match Queues::new() {
            Ok(queues) => Some(queues),
            Err(Errno::MFILE | Errno::NFILE | Errno::NOMEM) => None,
            Err(error) => return Err(error.into()),
        };
        Ok(Self { limited: queues.is_none(), queues, due: Instant::now(), stale: HashSet::new() })
    }

    /// Begins to watch a folder; `writes` too, if its files are followed. Whether the kernel agreed.
    pub(super) fn add(&mut self, folder: &Path, writes: bool) -> bool {
        self.stale.remove(folder);
        self.queues = self.queues.take().or_else(|| Queues::new().ok());
        let Some(queues) = &mut self.queues else { return false };
        let structure = WatchFlags::CREATE | WatchFlags::MOVED_TO | WatchFlags::MOVED_FROM | WatchFlags::DELETE;
        let added = queues.structure.add(folder, structure | WatchFlags::ONLYDIR);
        let added = added.and_then(|()| if writes { queues.writes.add(folder, WatchFlags::MODIFY) } else { Ok(()) });
        self.limited |= matches!(added, Err(Errno::NOSPC | Errno::NOMEM));
        added.is_ok()
    }

    /// From now on other folders are asked for; those before are watched until [`Self::end_stale`].
    pub(super) fn begin_anew(&mut self) {
        self.stale = self.queues.iter().flat_map(|queues| queues.structure.numbers.keys().cloned()).collect();
    }

    /// Watches no longer what nobody has asked for since [`Self::begin_anew`].
    pub(super) fn end_stale(&mut self) {
        for folder in std::mem::take(&mut self.stale) {
            self.remove(&folder);
        }
    }

    /// Whether a watch was refused since this was asked last.
    pub(super) fn take_limited(&mut self) -> bool {
        std::mem::take(&mut self.limited)
    }

    pub(super) fn remove(&mut self, folder: &Path) {
        if let Some(queues) = &mut self.queues {
            queues.structure.remove(folder);
            queues.writes.remove(folder);
        }
    }

    /// Waits until something happens, at most until `deadline`.
    pub(super) fn wait(&mut self, deadline: Instant) -> Happened {
        let (mut happened, now) = (Happened::default(), Instant::now());
        let Some(queues) = &mut self.queues else {
            thread::sleep(deadline.saturating_duration_since(now));
            return happened;
        };
        let gathered = now >= self.due;
        let until = if gathered { deadline } else { deadline.min(self.due) };
        let structure = PollFd::new(&queues.structure.events, PollFlags::IN);
        let writes = PollFd::new(&queues.writes.events, PollFlags::IN);
        let mut both = [structure, writes];
        let timeout = Timespec::try_from(until.saturating_duration_since(now)).unwrap_or_default();
        let asked = if gathered { &mut both[..] } else { &mut both[..1] };
        if poll(asked, Some(&timeout)).is_err() {
            return happened;
        }
        let ready = |fd: &PollFd<'_>| fd.revents().contains(PollFlags::IN);
        let structure = ready(&both[0]);
        // Who was written to before it went has to be known then.
        let writes = structure || gathered && ready(&both[1]);
        if structure {
            queues.structure.read(&mut happened);
        }
        if writes {
            queues.writes.read(&mut happened);
            self.due = Instant::now() + GATHER;
        }
        happened
    }
}

#[cfg(test)]
impl Watch {
    /// The moment for which writes are gathered is over, or just begins.
    pub(super) fn gather(&mut self, over: bool) {
        self.due = Instant::now() + if over { Duration::ZERO } else { Duration::from_hours(1) };
    }
}

struct Queues {
    structure: Queue,
    writes: Queue,
}

impl Queues {
    fn new() -> Result<Self, Errno> {
        Ok(Self { structure: Queue::new()?, writes: Queue::new()? })
    }
}

struct Queue {
    events: OwnedFd,
    folders: HashMap<i32, PathBuf>,
    numbers: HashMap<PathBuf, i32>,
}

impl Queue {
    fn new() -> Result<Self, Errno> {
        let events = init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
        Ok(Self { events, folders: HashMap::new(), numbers: HashMap::new() })
    }

    fn add(&mut self, folder: &Path, flags: WatchFlags) -> Result<(), Errno> {
        let number = add_watch(&self.events, folder, flags)?;
        self.folders.insert(number, folder.to_owned());
        self.numbers.insert(folder.to_owned(), number);
        Ok(())
    }

    fn remove(&mut self, folder: &Path) {
        if let Some(number) = self.numbers.remove(folder) {
            self.folders.remove(&number);
            // The watch of a folder that is gone went with it.
            let _ = remove_watch(&self.events, number);
        }
    }

    fn read(&mut self, happened: &mut Happened) {
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
            if flags.contains(ReadFlags::CREATE) {
                happened.created.extend(file);
            }
        }
    }
}
