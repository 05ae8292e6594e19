//! Values, arrays and objects; of the objects that matter, which members stay.

use super::names::Own;
use super::{DEPTH_MAX, Flaw, Scanner, fit};
use crate::document::reserved::{Fate, Room};
use crate::document::time;

impl Scanner<'_> {
    /// What is behind any value, which is inside of `depth` objects and arrays.
    #[inline]
    fn value(&mut self, at: usize, depth: u32) -> Result<usize, Flaw> {
        match self.peek(at) {
            b'"' => self.string(at),
            b'{' => self.object(at, depth + 1, Room::Elsewhere),
            b'[' => self.array(at, depth + 1),
            b'-' | b'0'..=b'9' => self.number(at),
            b't' => self.literal(at, b"true"),
            b'f' => self.literal(at, b"false"),
            b'n' => self.literal(at, b"null"),
            _ => Err(Flaw::NotJson),
        }
    }

    fn array(&mut self, at: usize, depth: u32) -> Result<usize, Flaw> {
        fit(depth <= DEPTH_MAX)?;
        let mut at = self.space(at + 1);
        if self.peek(at) == b']' {
            return Ok(at + 1);
        }
        loop {
            let end = self.value(at, depth)?;
            at = self.space(end);
            match self.peek(at) {
                b',' => at = self.space(at + 1),
                b']' => return Ok(at + 1),
                _ => return Err(Flaw::NotJson),
            }
        }
    }

    /// What is behind an object, from its brace.
    pub(super) fn object(&mut self, at: usize, depth: u32, room: Room) -> Result<usize, Flaw> {
        fit(depth <= DEPTH_MAX)?;
        let at = self.space(at + 1);
        if self.peek(at) == b'}' {
            return Ok(at + 1);
        }
        let own = self.names.open();
        let end = if room == Room::Elsewhere {
            self.plain_members(at, own, depth)
        } else {
            self.members(at, own, depth, room)
        }?;
        self.names.close(own);
        Ok(end)
    }

    /// Members that may have any names.
    #[inline]
    fn plain_members(&mut self, mut at: usize, mut own: Own, depth: u32) -> Result<usize, Flaw> {
        loop {
            let name = self.name(at, &mut own)?;
            let value = self.value_start(name)?;
            let end = self.value(value, depth)?;
            at = self.space(end);
            match self.peek(at) {
                b',' => at = self.space(at + 1),
                b'}' => return Ok(at + 1),
                _ => return Err(Flaw::NotJson),
            }
        }
    }

    /// Members of which some may have to be left out.
    fn members(&mut self, mut at: usize, mut own: Own, depth: u32, room: Room) -> Result<usize, Flaw> {
        let (mut any, mut comma) = (false, at);
        loop {
            let (start, cuts) = (at, self.cuts.len());
            let (fate, value) = self.fate(start, &mut own, room)?;
            let (end, stays) = self.member(value, fate, depth)?;
            let behind = self.space(end);
            let more = self.peek(behind) == b',';
            at = if more { self.space(behind + 1) } else { self.expect(behind, b'}')? };
            if !stays {
                // With the comma before it, or, where nothing is left before it, with the one behind it.
                let cut = if any { comma..end } else { start..if more { at } else { end } };
                self.cuts.truncate(cuts);
                self.cuts.push(cut);
            }
            (any, comma) = (any | stays, behind);
            if !more {
                self.found.any = any;
                return Ok(at);
            }
        }
    }

    /// What a member's name says of its fate, and where its value begins.
    fn fate(&mut self, at: usize, own: &mut Own, room: Room) -> Result<(Fate, usize), Flaw> {
        let escaped = self.names.plain.len();
        let behind = self.name(at, own)?;
        let plain = &self.names.plain[escaped..];
        let fate = room.fate(if plain.is_empty() { &self.text[at + 1..behind - 1] } else { plain });
        Ok((fate, self.value_start(behind)?))
    }

    /// Where the value begins whose name is before `at`.
    #[inline]
    fn value_start(&mut self, at: usize) -> Result<usize, Flaw> {
        let colon = self.space(at);
        let value = self.expect(colon, b':')?;
        Ok(self.space(value))
    }

    /// What is behind the value of a member, and whether the member stays.
    fn member(&mut self, start: usize, fate: Fate, depth: u32) -> Result<(usize, bool), Flaw> {
        if let Fate::Within(inner) = fate {
            return self.inner(start, inner, depth);
        }
        let end = self.value(start, depth)?;
        let value = &self.text[start..end];
        let text = || value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\"")).unwrap_or_default();
        let (stays, said) = match fate {
            Fate::Time => {
                self.found.timed = time::is_valid(text());
                (self.found.timed, true)
            }
            // Other programs rightly print theirs; of the document, ours is true.
            Fate::Version => (false, !value.starts_with(b"\"")),
            Fate::Taken => (false, true),
            Fate::Original => (!self.takes_original, true),
            Fate::Kept | Fate::Within(_) => return Ok((end, true)),
        };
        self.found.original |= fate == Fate::Original;
        self.found.reserved |= fate != Fate::Original && !stays && said;
        Ok((end, stays))
    }

    /// An object with names of the shipper, or another value in its place, which Elasticsearch would refuse there.
    fn inner(&mut self, at: usize, room: Room, depth: u32) -> Result<(usize, bool), Flaw> {
        let stays = match (self.peek(at), room) {
            (b'{', _) => return Ok((self.object(at, depth + 1, room)?, room != Room::Ecs)),
            (b'n', Room::Log | Room::Host | Room::Event) => true,
            (_, Room::Event) => {
                self.found.original = true;
                !self.takes_original
            }
            _ => {
                self.found.reserved = true;
                false
            }
        };
        Ok((self.value(at, depth)?, stays))
    }
}
