//! Files that are gone: what was not read of them is reported once, and some day they are forgotten.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::complain;
use super::reader::Reader;
use crate::checkpoint::{Identity, Known};
use crate::discover::Stamp;
use crate::place::FileKey;

/// How often it is noted that files are still there.
const SIGHT: Duration = Duration::from_mins(1);

/// For how long after everything was looked through a file that is known may still turn up, such as under another name.
const TURN_UP: Duration = Duration::from_secs(15);

/// How often it is looked for what can be forgotten, at most and at least.
const FORGET: (Duration, Duration) = (Duration::from_secs(1), Duration::from_hours(1));

/// A clock that goes so many seconds wrong between two looks was set.
const STEADY: u64 = 60;

/// When what is done next.
pub(super) struct Retention {
    sight: Instant,
    /// When everything had been looked through.
    complete: Option<Instant>,
    forget: Option<Instant>,
    /// When it was looked for what can be forgotten, and what the clock said then.
    looked: Option<(Instant, u64)>,
    reported: bool,
}

impl Retention {
    pub(super) fn new() -> Self {
        Self { sight: Instant::now(), complete: None, forget: None, looked: None, reported: false }
    }
}

impl Reader {
    /// Does what is due.
    pub(super) fn keep_house(&mut self, now: Instant) {
        if now >= self.retention.sight {
            self.retention.sight = now + SIGHT;
            self.see_followed();
        }
        if !self.is_settled() {
            return;
        }
        let complete = *self.retention.complete.get_or_insert(now);
        if now.duration_since(complete) >= TURN_UP {
            self.report_vanished();
        }
        let pause = (self.treatment.forget_after / 4).clamp(FORGET.0, FORGET.1);
        let forget = *self.retention.forget.get_or_insert(now + pause);
        if now >= forget {
            self.retention.forget = Some(now + pause);
            self.forget_gone(now);
        }
    }

    /// Whether all files that there are have been looked at; one that waits for a handle may be any that is known.
    pub(super) fn is_settled(&self) -> bool {
        self.complete && !self.handles.are_scarce() && !self.origins.values().any(super::origin::Origin::waits)
    }

    /// Notes of all files that are followed that they are there, and how large they are.
    pub(super) fn see_followed(&mut self) {
        let now = self.seconds();
        for part in self.chains.values().flat_map(|chain| &chain.files) {
            self.state.seen(part.file.key, part.file.size(), now);
        }
    }

    /// A file is listed. If nothing more is to be read of it, it is at least still there.
    pub(super) fn still_there(&mut self, source: &str, stamp: Stamp, path: &Arc<Path>) {
        let Some(key) = self.register.resting_at(source, stamp) else { return };
        self.see(key);
        if self.state.known(key).is_some_and(|known| known.identity.path != *path) {
            complain(self.register.renamed(key, source, path));
        }
    }

    fn see(&self, key: FileKey) {
        if let Some(known) = self.state.known(key) {
            self.state.seen(key, known.size_seen, self.seconds());
        }
    }

    /// Counts what was there at the last look, had not been read and is nowhere now; once, also over restarts.
    pub(super) fn report_vanished(&mut self) {
        if std::mem::replace(&mut self.retention.reported, true) {
            return;
        }
        for Known { key, identity, size_seen, .. } in self.resting() {
            let position = self.state.known(key).map_or(0, |known| known.position());
            if size_seen <= position || self.is_there(&identity) {
                continue;
            }
            let bytes = size_seen - position;
            self.miss(1, bytes);
            tracing::warn!(
                file = %identity.path.display(),
                bytes,
                "a file vanished before it was read to its end: lines are missing"
            );
            self.write_off(key);
        }
    }

    /// What is missing of a file was counted; the next run shall not count it again.
    pub(super) fn write_off(&self, key: FileKey) {
        if let Some(known) = self.state.known(key) {
            self.state.seen(key, known.position(), self.seconds());
        }
    }

    pub(super) fn forget_gone(&mut self, at: Instant) {
        let (now, patience) = (self.seconds(), self.treatment.forget_after.as_secs());
        let is_steady = self.clock_is_steady(at, now);
        for Known { key, identity, size_seen, last_seen, .. } in self.resting() {
            // A time that is still to come is one of a clock that was wrong.
            let counts = is_steady && (1..=now).contains(&last_seen);
            if counts && now - last_seen <= patience {
                continue;
            }
            if !counts || self.is_there(&identity) {
                self.state.seen(key, size_seen, now);
            } else {
                tracing::debug!(file = %identity.path.display(), "a file that has been gone for long is forgotten");
                complain(self.register.forget(key));
            }
        }
    }

    /// Whether the clock went as time did since the last look. If it was set, nobody knows for how long what is gone has been.
    fn clock_is_steady(&mut self, at: Instant, now: u64) -> bool {
        let Some((before, then)) = self.retention.looked.replace((at, now)) else { return true };
        now.abs_diff(then + at.saturating_duration_since(before).as_secs()) <= STEADY
    }

    fn resting(&self) -> Vec<Known> {
        self.register.resting().filter_map(|known| self.state.known(known.key)).collect()
    }

    /// Whether the disk has the file where it was last, and not another one by now.
    fn is_there(&self, identity: &Identity) -> bool {
        let Identity { source, path, device, inode, .. } = identity;
        let stamp = Stamp { device: *device, inode: *inode, born: 0 };
        let same = fs::symlink_metadata(path).is_ok_and(|found| (found.dev(), found.ino()) == (*device, *inode));
        same && self.register.followed(source, stamp).is_none()
    }

    fn seconds(&self) -> u64 {
        u64::try_from(self.options.clock.now() / 1_000_000).unwrap_or_default()
    }
}
