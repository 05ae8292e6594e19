//! Pages and lists that were rendered lately, by the version of the timelines that they show.
//!
//! The version is part of the key, and who asks has just read it from the database, so what is found is fresh on every
//! replica; what belongs to older versions is pushed out by what is newer.

use bytes::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::domain::{Page, Timeline, UserId};
use crate::store::Version;

/// Bytes of rendered pages at most.
const CAPACITY: u64 = 8 * 1024 * 1024;
/// How many pages that roughly is; the cache sizes its tables by it.
const EXPECTED: usize = 1_000;

/// As what a timeline is rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// A page for a reader, or for who is not signed in.
    Html(Option<UserId>),
    /// The simulator's list.
    Json,
}

/// One rendering: of what, as what, which part, at which version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// Whose messages.
    pub timeline: Timeline,
    /// As what.
    pub form: Form,
    /// Which part.
    pub page: Page,
    /// Messages as of this version; see [`Version`].
    pub messages: i64,
    /// Followers as of this version, where the page tells who follows whom.
    pub followers: i64,
}

impl Key {
    /// The key of a rendering at a version.
    #[must_use]
    pub fn new(timeline: Timeline, form: Form, page: Page, version: Version) -> Self {
        let personal = matches!(timeline, Timeline::Home(_)) || matches!(form, Form::Html(Some(_)));
        Self {
            timeline,
            form,
            page,
            messages: version.messages,
            followers: if personal { version.followers } else { 0 },
        }
    }
}

/// Rendered pages, at most 8 MiB of them.
pub struct PageCache(Cache<Key, Bytes, Weight>);

#[derive(Clone)]
struct Weight;

impl Weighter<Key, Bytes> for Weight {
    fn weight(&self, _: &Key, page: &Bytes) -> u64 {
        (page.len() + size_of::<Key>()) as u64
    }
}

impl Default for PageCache {
    fn default() -> Self {
        Self(Cache::with_weighter(EXPECTED, CAPACITY, Weight))
    }
}

impl PageCache {
    /// The rendering, if it is remembered.
    #[must_use]
    pub fn get(&self, key: &Key) -> Option<Bytes> {
        self.0.get(key)
    }

    /// Remembers a rendering.
    pub fn put(&self, key: Key, page: Bytes) {
        self.0.insert(key, page);
    }
}
