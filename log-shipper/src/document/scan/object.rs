//! Values, arrays and objects; of the objects that matter, which members stay.

use super::names::Name;
use super::{DEPTH_MAX, Flaw, Scanner, fit};
use crate::document::reserved::{Fate, Room};
use crate::document::{ECS_VERSION, time};

impl Scanner<'_> {
    /// Any value, inside of `depth` objects and arrays.
    #[inline]
    fn value(&mut self, depth: u32) -> Result<(), Flaw> {
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'{') => self.object(depth + 1, Room::Elsewhere).map(drop),
            Some(b'[') => self.array(depth + 1),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.literal(b"true"),
            Some(b'f') => self.literal(b"false"),
            Some(b'n') => self.literal(b"null"),
            _ => Err(Flaw::NotJson),
        }
    }

    fn array(&mut self, depth: u32) -> Result<(), Flaw> {
        fit(depth <= DEPTH_MAX)?;
        self.at += 1;
        self.space();
        if self.take(b']') {
            return Ok(());
        }
        loop {
            self.value(depth)?;
            if !self.goes_on(b']')? {
                return Ok(());
            }
        }
    }

    /// An object, from its brace. True if any of its members is left.
    pub(super) fn object(&mut self, depth: u32, room: Room) -> Result<bool, Flaw> {
        fit(depth <= DEPTH_MAX)?;
        self.at += 1;
        self.space();
        if self.take(b'}') {
            return Ok(false);
        }
        let first = self.names.open();
        let any = self.members(first, depth, room)?;
        self.names.close(first);
        Ok(any)
    }

    fn members(&mut self, first: usize, depth: u32, room: Room) -> Result<bool, Flaw> {
        let (mut any, mut comma) = (false, self.at);
        loop {
            let (start, cuts) = (self.at, self.cuts.len());
            let name = self.name(first)?;
            self.space();
            self.expect(b':')?;
            self.space();
            let stays = if room == Room::Elsewhere {
                self.value(depth).map(|()| true)
            } else {
                self.member(name, depth, room)
            }?;
            let end = self.at;
            self.space();
            let next_comma = self.at;
            let more = self.goes_on(b'}')?;
            if !stays {
                // With the comma before it, or, where nothing is left before it, with the one behind it.
                let cut = if any { comma..end } else { start..if more { self.at } else { end } };
                self.cuts.truncate(cuts);
                self.cuts.push(cut);
            }
            (any, comma) = (any | stays, next_comma);
            if !more {
                return Ok(any);
            }
        }
    }

    /// The value of a member in a room that matters. True if it stays.
    fn member(&mut self, name: Name, depth: u32, room: Room) -> Result<bool, Flaw> {
        let (fate, start) = (room.fate(self.names.get(self.text, name)), self.at);
        if let Fate::Within(inner) = fate {
            return self.inner(inner, depth);
        }
        self.value(depth)?;
        let value = &self.text[start..self.at];
        let text = || value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\"")).unwrap_or_default();
        let (stays, said) = match fate {
            Fate::Time => {
                self.found.timed = time::is_valid(text());
                (self.found.timed, true)
            }
            Fate::Version => (false, text() != ECS_VERSION.as_bytes()),
            Fate::Taken => (false, true),
            Fate::Original => (!self.takes_original, true),
            Fate::Kept | Fate::Within(_) => return Ok(true),
        };
        self.found.original |= fate == Fate::Original;
        self.found.reserved |= fate != Fate::Original && !stays && said;
        Ok(stays)
    }

    /// An object with names of the shipper, or another value in its place, which Elasticsearch would refuse there.
    fn inner(&mut self, room: Room, depth: u32) -> Result<bool, Flaw> {
        match (self.peek(), room) {
            (Some(b'{'), _) => self.object(depth + 1, room).map(|_| room != Room::Ecs),
            (Some(b'n'), Room::Log | Room::Host | Room::Event) => self.literal(b"null").map(|()| true),
            (_, Room::Event) => {
                self.found.original = true;
                self.value(depth).map(|()| !self.takes_original)
            }
            _ => {
                self.found.reserved = true;
                self.value(depth).map(|()| false)
            }
        }
    }

    /// What comes behind a value: a comma, and then it is true, or the end.
    #[inline]
    fn goes_on(&mut self, end: u8) -> Result<bool, Flaw> {
        self.space();
        if self.take(b',') {
            self.space();
            return Ok(true);
        }
        self.expect(end).map(|()| false)
    }
}
