//! Quotes, as they are written at any depth of texts inside of texts.

use super::text::Text;

/// Other spellings of quotes: in HTML, in URLs, in JSON that is safe in HTML, in nginx's log.
const CODED: [&[u8]; 10] =
    [b"&quot;", b"&#34;", b"&#39;", b"&apos;", b"%22", b"%27", b"\\u0022", b"\\u0027", b"\\x22", b"\\x27"];

/// How far back the quotes before one are counted.
const COUNTED_MAX: usize = 4_096;

/// A quote of a text, with the backslashes before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quote {
    pub start: usize,
    pub end: usize,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A quote character behind so many backslashes.
    Plain {
        mark: u8,
        run: usize,
    },
    Coded(&'static [u8]),
}

impl Quote {
    /// The one at `at`, or behind the backslashes there.
    pub(super) fn at(text: &Text<'_>, at: usize) -> Option<Self> {
        let mark_at = at + text.run(at);
        if let Some(mark @ (b'"' | b'\'' | b'`')) = text.get(mark_at) {
            // Each text around doubles backslashes and adds one, so they are 2ⁿ - 1; more stand for literal ones before.
            let places = mark_at - at + 1;
            let run = (places & places.wrapping_neg()) - 1;
            return Some(Self { start: mark_at - run, end: mark_at + 1, kind: Kind::Plain { mark, run } });
        }
        // One with a backslash has more of them in texts inside of texts.
        let last = if mark_at > at { mark_at - 1 } else { at };
        let coded = CODED.into_iter().find(|coded| text.has(last, coded))?;
        Some(Self { start: at, end: last + coded.len(), kind: Kind::Coded(coded) })
    }

    /// Whether `other` is of the same kind, so that one may close what the other opens.
    pub(super) fn is_like(self, other: Self) -> bool {
        self.kind == other.kind
    }

    /// Whether it is a double quote, as JSON has them.
    pub(super) fn is_double(self) -> bool {
        matches!(self.kind, Kind::Plain { mark: b'"', .. })
    }

    /// Whether it is a double quote of a text around the one with `inner`.
    pub(super) fn is_around(self, inner: Self, text: &Text<'_>) -> bool {
        let Kind::Plain { mark: b'"', run } = self.kind else { return false };
        match inner.kind {
            Kind::Plain { run: inner, .. } => run < inner,
            Kind::Coded(_) => run == 0 && text.json,
        }
    }

    /// Whether it closes a string that began somewhere before, and opens none, if it comes behind the sign that separates
    /// a value from a key without quotes.
    pub(super) fn closes(self, text: &Text<'_>) -> bool {
        let Kind::Plain { mark, run } = self.kind else { return false };
        let looks_so = text.get(self.end).is_none_or(|next| b" \t\r\n,;:)]}\"\\".contains(&next));
        looks_so && self.is_odd(text, mark, run)
    }

    /// Whether it opens a string, although something is directly before it. `key` is the quote of the value's key.
    pub(super) fn opens(self, text: &Text<'_>, key: Option<Self>) -> bool {
        let Kind::Plain { mark, run } = self.kind else { return false };
        // JSON has no string but behind a sign, a bracket or a comma.
        let is_of_json = text.json && mark == b'"' && run == 0;
        key.is_some_and(|key| key.is_like(self)) || (!is_of_json && !self.is_odd(text, mark, run))
    }

    /// Whether an odd number of quotes like it is before it, as far as can be seen.
    fn is_odd(self, text: &Text<'_>, mark: u8, run: usize) -> bool {
        let floor = self.start.saturating_sub(COUNTED_MAX);
        let before = &text.bytes[floor..self.start];
        let like = |at: &usize| text.run_before(floor + at, floor) % (2 * (run + 1)) == run;
        floor > 0 || memchr::memchr_iter(mark, before).filter(like).count() % 2 == 1
    }

    /// Where the text that it opens ends: at the quote that closes it, at one of the text around, at the end of all.
    pub(super) fn content_end(self, text: &Text<'_>) -> usize {
        match self.kind {
            Kind::Plain { mark, run } => plain_end(text, self.end, mark, run),
            Kind::Coded(coded) => coded_end(text, self.end, coded),
        }
    }
}

/// Inside of a string whose quotes have `run` backslashes, a literal backslash is 2·(`run` + 1) of them, and an escaped
/// quote has `run` + 1 more.
fn plain_end(text: &Text<'_>, start: usize, mark: u8, run: usize) -> usize {
    let rest = &text.bytes[start..];
    let mut skip = 0;
    for found in memchr::memchr2_iter(mark, b'"', rest) {
        let at = start + found;
        let odd = text.run_before(at, start) % (2 * (run + 1));
        if at < skip {
            continue;
        }
        if rest[found] == mark {
            let doubled = mark == b'\'' && run == 0 && at > start && text.get(at + 1) == Some(mark);
            if doubled {
                // SQL's way to have one inside.
                skip = at + 2;
            } else if odd <= run {
                return at - odd;
            } else if text.json && mark == b'"' && text.run_before(at, start).is_multiple_of(2) {
                // The string around ends first: the value's quote is missing, or was taken for a part of it.
                return at;
            }
        } else if text.json && text.run_before(at, start).is_multiple_of(2) {
            return at;
        }
    }
    text.bytes.len()
}

fn coded_end(text: &Text<'_>, start: usize, coded: &[u8]) -> usize {
    let end = memchr::memmem::find(&text.folded[start..], coded).map_or(text.bytes.len(), |at| start + at);
    let around = memchr::memchr2(b'"', b'\n', &text.bytes[start..end]).map_or(end, |at| start + at);
    around - text.run_before(around, start)
}
