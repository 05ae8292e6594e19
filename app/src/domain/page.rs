//! Which part of a timeline is asked for.

use super::MessageId;

/// Messages on a page of a timeline.
pub const PAGE_SIZE: i64 = 30;

/// `?p=N` beyond this is an empty page: an offset costs what it skips, a cursor does not.
const MAX_OFFSET_PAGES: i64 = 10_000;

/// Where a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cursor {
    /// At the newest message.
    Newest,
    /// Just below this message.
    Before(MessageId),
    /// Just above this message: the oldest messages that are newer than it, still shown newest first.
    After(MessageId),
    /// After skipping so many of the newest messages.
    Offset(i64),
}

/// A part of a timeline: where it begins and how many messages it may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Page {
    /// Where it begins.
    pub cursor: Cursor,
    /// How many messages at most.
    pub size: i64,
}

impl Page {
    /// The newest `size` messages.
    #[must_use]
    pub fn newest(size: i64) -> Self {
        Self { cursor: Cursor::Newest, size }
    }

    /// Reads `before`, `after` and `p` of a query string, in that order of preference; what is no number of a message or
    /// of a page is taken as not given, as the reference does.
    #[must_use]
    pub fn from_query(query: Option<&str>) -> Self {
        let number = |key: &str| {
            let pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
            pairs.filter(|(k, _)| k == key).find_map(|(_, v)| v.parse::<i64>().ok()).filter(|n| *n >= 0)
        };
        let cursor = if query.is_none_or(str::is_empty) {
            Cursor::Newest
        } else if let Some(id) = number("before") {
            Cursor::Before(MessageId(id))
        } else if let Some(id) = number("after") {
            Cursor::After(MessageId(id))
        } else {
            match number("p").unwrap_or(0) {
                0 => Cursor::Newest,
                pages if pages > MAX_OFFSET_PAGES => Cursor::Before(MessageId(0)),
                pages => Cursor::Offset(pages * PAGE_SIZE),
            }
        };
        Self { cursor, size: PAGE_SIZE }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_in_a_query_means_the_newest_page() {
        for query in [None, Some(""), Some("p=0"), Some("p=-3"), Some("p=x"), Some("before="), Some("q=1")] {
            assert_eq!(Page::from_query(query).cursor, Cursor::Newest, "{query:?}");
        }
    }

    #[test]
    fn a_cursor_wins_over_a_page_number() {
        assert_eq!(Page::from_query(Some("p=2&before=7")).cursor, Cursor::Before(MessageId(7)));
        assert_eq!(Page::from_query(Some("after=7")).cursor, Cursor::After(MessageId(7)));
        assert_eq!(Page::from_query(Some("p=2")).cursor, Cursor::Offset(60));
    }
}
