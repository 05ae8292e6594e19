//! Files that may have the same lines: those of a container, or plain ones in one folder. Found by what tells them apart,
//! since there can be very many of them.

use std::collections::BTreeSet;

use crate::checkpoint::Identity;
use crate::place::{FileKey, Window};

/// Device and inode.
pub(super) type Site = (u64, u64);

/// Such files.
#[derive(Default)]
pub(super) struct Family {
    sites: BTreeSet<(Site, FileKey)>,
    heads: BTreeSet<(Window, FileKey)>,
}

impl Family {
    /// The part of a source's name that all files of a family share.
    pub(super) fn name(source: &str) -> &str {
        match source.strip_prefix("file/") {
            Some(path) => &source[.."file/".len() + path.rfind('/').unwrap_or(0)],
            None => source,
        }
    }

    pub(super) fn add(&mut self, key: FileKey, identity: &Identity) {
        self.sites.insert((site(identity), key));
        self.heads.insert((identity.head, key));
    }

    pub(super) fn remove(&mut self, key: FileKey, identity: &Identity) {
        self.sites.remove(&(site(identity), key));
        self.heads.remove(&(identity.head, key));
    }

    pub(super) fn all(&self) -> impl Iterator<Item = FileKey> {
        self.sites.iter().map(|(_, key)| *key)
    }

    /// Those that were met at this place.
    pub(super) fn at(&self, site: Site) -> impl Iterator<Item = FileKey> {
        self.sites.range((site, FileKey(0))..=(site, FileKey(u32::MAX))).map(|(_, key)| *key)
    }

    /// Those whose first line is this one.
    pub(super) fn headed(&self, head: Window) -> impl Iterator<Item = FileKey> {
        self.heads.range((head, FileKey(0))..=(head, FileKey(u32::MAX))).map(|(_, key)| *key)
    }

    /// Those whose first line is the beginning of `first`.
    pub(super) fn begun_by(&self, first: &[u8]) -> impl Iterator<Item = FileKey> {
        self.lengths().map_while(|length| first.get(..length as usize)).flat_map(|head| self.headed(Window::of(head)))
    }

    /// How long first lines are: each length once, the shortest first.
    fn lengths(&self) -> impl Iterator<Item = u32> {
        let from = |length| {
            let head = Window { length, hash: 0 };
            self.heads.range((head, FileKey(0))..).next().map(|(head, _)| head.length)
        };
        std::iter::successors(from(0), move |length| from(length.checked_add(1)?))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.sites.is_empty()
    }
}

pub(super) fn site(identity: &Identity) -> Site {
    (identity.device, identity.inode)
}
