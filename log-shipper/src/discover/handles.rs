//! How many files may be held open at the same time, and which of them rest closed until there is something new in them.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::ops::Deref;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Stamp;

/// The handles that there are; clones share them. By default there is no limit.
#[derive(Clone, Debug)]
pub struct Handles(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    limit: usize,
    held: AtomicUsize,
    /// Files that are open, and how often.
    open: Mutex<HashMap<Stamp, usize>>,
    /// Files that have to wait; not any more if one was taken in hand and is about to be told of.
    waiting: Mutex<HashMap<Stamp, bool>>,
    /// Files that were closed, and how large they were.
    resting: Mutex<HashMap<Stamp, u64>>,
}

impl Shared {
    fn open(&self) -> MutexGuard<'_, HashMap<Stamp, usize>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Handles {
    fn default() -> Self {
        Self::new(usize::MAX)
    }
}

impl Handles {
    /// So many at most.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        let (held, open) = (AtomicUsize::new(0), Mutex::default());
        Self(Arc::new(Shared { limit, held, open, waiting: Mutex::default(), resting: Mutex::default() }))
    }

    /// How many there are.
    #[must_use]
    pub fn limit(&self) -> usize {
        self.0.limit
    }

    /// Whether a file waits, or has waited and was not told of yet.
    pub(crate) fn are_scarce(&self) -> bool {
        !self.waiting().is_empty()
    }

    /// What was taken in hand has been told.
    pub(super) fn are_told(&self) {
        self.waiting().retain(|_, waits| *waits);
    }

    /// A finder that begins anew sees for itself what has to wait.
    pub(super) fn begin(&self) {
        self.waiting().clear();
    }

    /// Whether one more can be held.
    pub(super) fn have_room(&self) -> bool {
        self.0.held.load(Relaxed) < self.0.limit
    }

    /// A file of which everything was read is closed; it is opened again when its size is another one.
    pub(crate) fn rest(&self, stamp: Stamp, size: u64) {
        self.resting().insert(stamp, size);
    }

    /// Whether a file was closed.
    pub(super) fn is_resting(&self, stamp: Stamp) -> bool {
        self.resting().contains_key(&stamp)
    }

    /// Whether files were closed at all.
    pub(super) fn any_rests(&self) -> bool {
        !self.resting().is_empty()
    }

    /// Something was written to a file: if it was closed, it is opened again, whatever its size is.
    pub(super) fn wake(&self, stamp: Stamp) -> bool {
        self.resting().get_mut(&stamp).map(|size| *size = u64::MAX).is_some()
    }

    /// A file is gone: whether it had been closed, and was written to since.
    pub(super) fn is_lost(&self, stamp: Stamp) -> bool {
        self.resting().remove(&stamp) == Some(u64::MAX)
    }

    /// A file is gone.
    pub(super) fn forget(&self, stamp: Stamp) {
        self.resting().remove(&stamp);
        self.waiting().remove(&stamp);
    }

    /// Whether somebody holds a file.
    pub(super) fn is_open(&self, stamp: Stamp) -> bool {
        self.0.open().contains_key(&stamp)
    }

    /// Takes a file in hand, unless it rests, or has to wait.
    pub(super) fn admit(&self, stamp: Stamp, file: &mut Opened) -> io::Result<Admission> {
        if self.resting().get(&stamp) == Some(&file.metadata()?.len()) {
            return Ok(Admission::Rests);
        }
        if self.0.held.fetch_add(1, Relaxed) >= self.0.limit {
            self.0.held.fetch_sub(1, Relaxed);
            if self.is_open(stamp) {
                return Ok(Admission::Open);
            }
            self.waiting().insert(stamp, true);
            return Ok(Admission::Waits);
        }
        *self.0.open().entry(stamp).or_default() += 1;
        file.permit = Some(Permit { of: Arc::clone(&self.0), stamp });
        self.resting().remove(&stamp);
        self.waiting().get_mut(&stamp).into_iter().for_each(|waits| *waits = false);
        Ok(Admission::Held)
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<Stamp, bool>> {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn resting(&self) -> MutexGuard<'_, HashMap<Stamp, u64>> {
        self.0.resting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What becomes of a file that was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admission {
    /// It stays open.
    Held,
    /// There is nothing new in it.
    Rests,
    /// Somebody holds it already, and there is none left for a second time.
    Open,
    /// Too many are open.
    Waits,
}

/// An open file, one of those that are counted.
#[derive(Debug)]
pub struct Opened {
    file: File,
    permit: Option<Permit>,
}

impl Opened {
    /// The file, and what has to be kept as long as it is open.
    pub(crate) fn into_parts(self) -> (File, Option<Permit>) {
        (self.file, self.permit)
    }
}

impl From<File> for Opened {
    fn from(file: File) -> Self {
        Self { file, permit: None }
    }
}

impl Deref for Opened {
    type Target = File;

    fn deref(&self) -> &File {
        &self.file
    }
}

/// One of the handles, given back when this is dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    of: Arc<Shared>,
    stamp: Stamp,
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut open = self.of.open();
        if let Some(times) = open.get_mut(&self.stamp) {
            *times -= 1;
            if *times == 0 {
                open.remove(&self.stamp);
            }
        }
        drop(open);
        self.of.held.fetch_sub(1, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_beyond_the_limit_waits_until_another_one_is_closed() {
        let handles = Handles::new(1);
        let stamp = |inode| Stamp { device: 1, inode, born: 0 };
        let [mut one, mut two] = [(), ()].map(|()| Opened::from(tempfile::tempfile().unwrap()));
        assert_eq!(handles.admit(stamp(1), &mut one).unwrap(), Admission::Held);
        assert!(!handles.are_scarce());
        assert_eq!(handles.admit(stamp(2), &mut two).unwrap(), Admission::Waits);
        assert!(handles.are_scarce() && !handles.have_room());
        let mut again = Opened::from(tempfile::tempfile().unwrap());
        assert_eq!(handles.admit(stamp(1), &mut again).unwrap(), Admission::Open);
        drop(one);
        assert_eq!(handles.admit(stamp(2), &mut two).unwrap(), Admission::Held);
        assert!(handles.are_scarce(), "nobody was told of it");
        handles.are_told();
        assert!(!handles.are_scarce());
    }

    #[test]
    fn a_file_that_was_closed_rests_until_it_has_another_size_or_is_written_to() {
        let (handles, stamp) = (Handles::new(9), Stamp { device: 1, inode: 1, born: 0 });
        let mut file = Opened::from(tempfile::tempfile().unwrap());
        handles.rest(stamp, 0);
        assert_eq!(handles.admit(stamp, &mut file).unwrap(), Admission::Rests);
        assert!(handles.wake(stamp));
        assert_eq!(handles.admit(stamp, &mut file).unwrap(), Admission::Held);
        assert!(!handles.is_resting(stamp));
        for is_written in [false, true] {
            handles.rest(stamp, 0);
            assert_eq!(is_written && handles.wake(stamp), is_written);
            assert_eq!((handles.is_lost(stamp), handles.is_resting(stamp)), (is_written, false));
        }
        handles.rest(stamp, 7);
        assert_eq!(handles.admit(stamp, &mut file).unwrap(), Admission::Held);
    }
}
