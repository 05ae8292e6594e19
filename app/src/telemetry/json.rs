//! JSON written straight into a buffer of bytes, in the order in which it is called for.

use std::cell::RefCell;
use std::io::Write;
use std::net::IpAddr;

use jiff::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;

use crate::redact::escape;

/// An object that is being written.
pub(super) struct Object<'a> {
    out: &'a mut Vec<u8>,
    empty: bool,
}

impl<'a> Object<'a> {
    /// Writes an object with the members that `members` adds.
    pub(super) fn write(out: &'a mut Vec<u8>, members: impl FnOnce(&mut Object<'_>)) {
        out.push(b'{');
        members(&mut Object { out, empty: true });
        out.push(b'}');
    }

    /// A string, escaped so that it stays on the line.
    #[inline]
    pub(super) fn text(&mut self, key: &'static str, value: &str) {
        self.key(key);
        self.out.push(b'"');
        escape(self.out, value);
        self.out.push(b'"');
    }

    /// A string of ours, which holds nothing to escape.
    #[inline]
    pub(super) fn plain(&mut self, key: &'static str, value: &'static str) {
        debug_assert!(value.bytes().all(|byte| matches!(byte, b' '..=b'~') && !b"\"\\".contains(&byte)), "{value}");
        self.key(key);
        self.out.push(b'"');
        self.out.extend_from_slice(value.as_bytes());
        self.out.push(b'"');
    }

    /// A string of words with spaces between them.
    pub(super) fn words(&mut self, key: &'static str, words: &[&str]) {
        self.key(key);
        self.out.push(b'"');
        for (at, word) in words.iter().enumerate() {
            self.out.extend_from_slice(if at == 0 { b"" } else { b" " });
            escape(self.out, word);
        }
        self.out.push(b'"');
    }

    /// An IP address.
    pub(super) fn ip(&mut self, key: &'static str, ip: IpAddr) {
        self.key(key);
        match ip {
            // Most are, and `write!` takes three times as long.
            IpAddr::V4(ip) => ip.octets().into_iter().enumerate().for_each(|(at, octet)| {
                self.out.push(if at == 0 { b'"' } else { b'.' });
                self.out.extend_from_slice(itoa::Buffer::new().format(octet).as_bytes());
            }),
            IpAddr::V6(ip) => write!(self.out, "\"{ip}").expect("a Vec takes all"),
        }
        self.out.push(b'"');
    }

    /// A string that may be missing.
    #[inline]
    pub(super) fn maybe_text(&mut self, key: &'static str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(key, value);
        }
    }

    /// An integer.
    #[inline]
    pub(super) fn number(&mut self, key: &'static str, value: impl itoa::Integer) {
        self.key(key);
        self.out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
    }

    /// Value and key are known when the program is built, and hold nothing to escape.
    #[inline]
    pub(super) fn raw(&mut self, members: &[u8]) {
        if !self.empty {
            self.out.push(b',');
        }
        self.empty = false;
        self.out.extend_from_slice(members);
    }

    /// A time in microseconds since 1970, as RFC 3339 with six digits of a second.
    pub(super) fn time(&mut self, key: &'static str, micros: i64) {
        self.key(key);
        self.out.push(b'"');
        SECOND.with_borrow_mut(|second| second.write(micros.div_euclid(1_000_000), self.out));
        // The one before them keeps the zeros that six digits begin with.
        let mut digits = itoa::Buffer::new();
        self.out.push(b'.');
        self.out.extend_from_slice(&digits.format(1_000_000 + micros.rem_euclid(1_000_000)).as_bytes()[1..]);
        self.out.extend_from_slice(b"Z\"");
    }

    /// An inner object; left out if `members` adds nothing.
    #[inline]
    pub(super) fn object(&mut self, key: &'static str, members: impl FnOnce(&mut Object<'_>)) {
        let (before, was_empty) = (self.out.len(), self.empty);
        self.key(key);
        self.out.push(b'{');
        let mut inner = Object { out: self.out, empty: true };
        members(&mut inner);
        if inner.empty {
            self.out.truncate(before);
            self.empty = was_empty;
        } else {
            self.out.push(b'}');
        }
    }

    #[inline]
    fn key(&mut self, key: &'static str) {
        self.out.extend_from_slice(if self.empty { b"\"" } else { b",\"" });
        self.out.extend_from_slice(key.as_bytes());
        self.out.extend_from_slice(b"\":");
        self.empty = false;
    }
}

thread_local! {
    static SECOND: RefCell<Second> = const { RefCell::new(Second { number: 0, text: Vec::new() }) };
}

/// The second that was written last, with its text: most lines come in the same one.
struct Second {
    number: i64,
    text: Vec<u8>,
}

impl Second {
    /// Appends date and time of a second since 1970, without what comes after it.
    fn write(&mut self, number: i64, out: &mut Vec<u8>) {
        const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(0));
        if self.text.is_empty() || self.number != number {
            self.number = number;
            self.text.clear();
            let time = Timestamp::from_second(number).unwrap_or_default();
            PRINTER.print_timestamp(&time, &mut self.text).expect("a Vec takes all");
            self.text.pop_if(|zone| *zone == b'Z');
        }
        out.extend_from_slice(&self.text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_come_in_their_order_and_empty_objects_are_left_out() {
        let mut out = Vec::new();
        Object::write(&mut out, |line| {
            line.object("none", |_| ());
            line.time("@timestamp", 1_582_246_860_738_000);
            line.object("a", |a| {
                a.object("none", |none| none.maybe_text("x", None));
                a.text("b", "\"\n");
            });
            line.raw(b"\"c\":true");
            line.number("d", -1);
            line.ip("e", "203.0.113.9".parse().unwrap());
            line.ip("f", "2001:db8::1".parse().unwrap());
        });
        let expected = r#"{"@timestamp":"2020-02-21T01:01:00.738000Z","a":{"b":"\"\n"},"c":true,"d":-1,"e":"203.0.113.9","f":"2001:db8::1"}"#;
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
