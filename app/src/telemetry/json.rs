//! JSON written straight into a buffer of bytes, in the order in which it is called for.

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
    pub(super) fn text(&mut self, key: &'static str, value: &str) {
        self.key(key);
        self.out.push(b'"');
        escape(self.out, value);
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
        write!(self.out, "\"{ip}\"").expect("a Vec takes all");
    }

    /// A string that may be missing.
    pub(super) fn maybe_text(&mut self, key: &'static str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(key, value);
        }
    }

    /// An integer.
    pub(super) fn number(&mut self, key: &'static str, value: impl itoa::Integer) {
        self.key(key);
        self.out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
    }

    /// Value and key are known when the program is built, and hold nothing to escape.
    pub(super) fn raw(&mut self, members: &[u8]) {
        if !self.empty {
            self.out.push(b',');
        }
        self.empty = false;
        self.out.extend_from_slice(members);
    }

    /// A time in microseconds since 1970, as RFC 3339 with six digits of a second.
    pub(super) fn time(&mut self, key: &'static str, micros: i64) {
        const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(6));
        self.key(key);
        self.out.push(b'"');
        let time = Timestamp::from_microsecond(micros).unwrap_or_default();
        PRINTER.print_timestamp(&time, &mut *self.out).expect("a Vec takes all");
        self.out.push(b'"');
    }

    /// An inner object; left out if `members` adds nothing.
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

    fn key(&mut self, key: &'static str) {
        self.out.extend_from_slice(if self.empty { b"\"" } else { b",\"" });
        self.out.extend_from_slice(key.as_bytes());
        self.out.extend_from_slice(b"\":");
        self.empty = false;
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
        });
        let expected = r#"{"@timestamp":"2020-02-21T01:01:00.738000Z","a":{"b":"\"\n"},"c":true,"d":-1}"#;
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
