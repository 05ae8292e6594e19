//! The kernel's word that something happened in a folder.
//!
//! Two queues: what appears and goes must be seen at once, while writes are gathered for a moment, since a busy container
//! makes thousands of them.

mod queue;

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::inotify::WatchFlags;
use rustix::io::Errno;

use queue::Queues;

use super::created::Created;

/// For how long writes are gathered.
const GATHER: Duration = Duration::from_millis(20);

/// What happened.
#[derive(Debug, Default)]
pub(super) struct Happened {
    /// Folders in which something appeared, went or was renamed.
    pub changed: HashSet<PathBuf>,
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
    /// What was heard since it was told last.
    heard: Happened,
    created: Created,
}

impl Watch {
    pub(super) fn new() -> io::Result<Self> {
        let queues = match Queues::new() {
            Ok(queues) => Some(queues),
            Err(Errno::MFILE | Errno::NFILE | Errno::NOMEM) => None,
            Err(error) => return Err(error.into()),
        };
        let (limited, due, stale) = (queues.is_none(), Instant::now(), HashSet::new());
        Ok(Self { limited, queues, due, stale, heard: Happened::default(), created: Created::default() })
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
        self.stale = self.queues.iter().flat_map(|queues| queues.structure.folders().cloned()).collect();
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
        let (heard, now) = (!self.heard.changed.is_empty() || self.heard.overflow, Instant::now());
        let Some(queues) = &mut self.queues else {
            thread::sleep(deadline.saturating_duration_since(now));
            return Happened::default();
        };
        let gathered = now >= self.due;
        let until = if gathered { deadline } else { deadline.min(self.due) };
        let structure = PollFd::new(&queues.structure.events, PollFlags::IN);
        let writes = PollFd::new(&queues.writes.events, PollFlags::IN);
        let mut both = [structure, writes];
        let timeout = if heard { Duration::ZERO } else { until.saturating_duration_since(now) };
        let timeout = Timespec::try_from(timeout).unwrap_or_default();
        let asked = if gathered { &mut both[..] } else { &mut both[..1] };
        if poll(asked, Some(&timeout)).is_err() {
            return Happened::default();
        }
        let ready = |fd: &PollFd<'_>| fd.revents().contains(PollFlags::IN);
        let structure = ready(&both[0]);
        // Who was written to before it went has to be known then.
        let writes = structure || heard || gathered && ready(&both[1]);
        if structure {
            self.hear();
        }
        if writes {
            self.hear_writes();
        }
        std::mem::take(&mut self.heard)
    }

    /// Takes up what has appeared and gone by now; it is told with what happens next.
    pub(super) fn hear(&mut self) {
        if let Some(queues) = &mut self.queues {
            queues.structure.read(&mut self.heard, &mut self.created);
        }
    }

    fn hear_writes(&mut self) {
        if let Some(queues) = &mut self.queues {
            queues.writes.read(&mut self.heard, &mut self.created);
        }
        self.due = Instant::now() + GATHER;
    }

    /// How often files were created, as far as that was heard.
    pub(super) fn created(&mut self) -> &mut Created {
        &mut self.created
    }

    /// A folder was looked at, because something changed in it.
    pub(super) fn looked_at(&mut self, folder: &Path) {
        // Who looks at it again may still ask.
        if !self.heard.changed.contains(folder) {
            self.created.forget(folder);
        }
    }
}

#[cfg(test)]
impl Watch {
    /// The moment for which writes are gathered is over, or just begins.
    pub(super) fn gather(&mut self, over: bool) {
        self.due = Instant::now() + if over { Duration::ZERO } else { Duration::from_hours(1) };
    }
}
