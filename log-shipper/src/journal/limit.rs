//! How often the same event is written: five times in ten seconds; then it is counted, and the count is told.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::{Duration, Instant};

use super::note::Note;

/// So many times an event is written in a window.
const BURST: u64 = 5;

/// A window begins with an event that is written, and is as long as this.
const WINDOW: Duration = Duration::from_secs(10);

/// Windows by the place in the program that an event comes from; there are only so many places.
#[derive(Debug)]
pub(super) struct Limit<K>(HashMap<K, Window>);

#[derive(Debug)]
struct Window {
    began: Instant,
    written: u64,
    suppressed: u64,
    /// The first event that was not written, to tell what was suppressed.
    note: Option<Note>,
}

/// What happens to an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is written.
    Write,
    /// It is counted.
    Suppress,
}

impl<K> Default for Limit<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash> Limit<K> {
    /// Whether an event of `key` is written; `brief` is what will be told of it if not.
    pub(super) fn admit(&mut self, key: K, now: Instant, brief: impl FnOnce() -> Note) -> Verdict {
        let fresh = || Window { began: now, written: 0, suppressed: 0, note: None };
        let window = self.0.entry(key).or_insert_with(fresh);
        if window.written < BURST {
            window.written += 1;
            return Verdict::Write;
        }
        window.suppressed += 1;
        window.note.get_or_insert_with(brief);
        Verdict::Suppress
    }

    /// Ends the windows that are over at `now`, and says what was suppressed in them, and how often.
    pub(super) fn ended(&mut self, now: Instant) -> Vec<(Note, u64)> {
        self.end(|window| now.duration_since(window.began) >= WINDOW)
    }

    /// Ends all windows.
    pub(super) fn drain(&mut self) -> Vec<(Note, u64)> {
        self.end(|_| true)
    }

    fn end(&mut self, is_over: impl Fn(&Window) -> bool) -> Vec<(Note, u64)> {
        let over = self.0.extract_if(|_, window| is_over(window));
        over.filter_map(|(_, window)| Some((window.note?, window.suppressed))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn say(limit: &mut Limit<&'static str>, key: &'static str, now: Instant, times: usize) -> usize {
        let brief = || Note { message: key.into(), ..Note::default() };
        (0..times).filter(|_| limit.admit(key, now, brief) == Verdict::Write).count()
    }

    fn told(ended: Vec<(Note, u64)>) -> Vec<(String, u64)> {
        ended.into_iter().map(|(note, count)| (note.message, count)).collect()
    }

    #[test]
    fn an_event_is_written_five_times_in_a_window_and_then_counted() {
        let (mut limit, start) = (Limit::default(), Instant::now());
        assert_eq!(say(&mut limit, "a", start, 12), 5);
        assert_eq!(say(&mut limit, "b", start, 5), 5);
        assert!(limit.ended(start + Duration::from_millis(9_999)).is_empty());
        assert_eq!(told(limit.ended(start + WINDOW)), [("a".to_owned(), 7)]);
        assert_eq!(say(&mut limit, "a", start + WINDOW, 12), 5);
    }

    #[test]
    fn at_the_end_all_counts_are_told_once() {
        let (mut limit, start) = (Limit::default(), Instant::now());
        say(&mut limit, "a", start, 6);
        assert_eq!(told(limit.drain()), [("a".to_owned(), 1)]);
        assert!(limit.drain().is_empty());
    }
}
