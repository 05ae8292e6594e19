//! A piece of a line, and how its text is cut.

use super::multiline::Limits;
use crate::line::{Line, Marks, Stream};
use crate::place::Place;

/// A line, or as much of it as Docker writes at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    /// What was printed, without the end of the line.
    pub text: &'a [u8],
    pub start: Place,
    /// The place after it.
    pub end: Place,
    pub stream: Option<Stream>,
    pub time: Option<&'a str>,
    /// Whether the line ends with it.
    pub complete: bool,
    pub marks: Marks,
}

/// The size at which Docker ends a piece though the line goes on. A shorter one without a newline was the last that the
/// container printed: nothing is missing.
pub(super) const FULL: usize = 16 * 1_024;

impl<'a> Piece<'a> {
    /// What it is if nothing else belongs to it.
    pub(super) fn alone(&self, limits: &Limits) -> Line<'a> {
        let text = without_return(self.text);
        let kept = fitting(text, limits.bytes);
        let mut marks = self.marks;
        if kept.len() < text.len() {
            marks.add(Marks::TRUNCATED);
        }
        Line { start: self.start, text: kept, stream: self.stream, time: self.time, marks, joined: false }
    }

    /// What is before `cut` and what is after it, if that is inside the text.
    pub(super) fn split(&self, cut: Place) -> Option<(Self, Self)> {
        let length = usize::try_from(cut.offset - self.start.offset).ok()?;
        let (before, after) = self.text.split_at_checked(length)?;
        Some((Self { text: before, end: cut, complete: false, ..*self }, Self { text: after, start: cut, ..*self }))
    }
}

/// A terminal ends its lines with a return as well.
pub(super) fn without_return(text: &[u8]) -> &[u8] {
    text.strip_suffix(b"\r").unwrap_or(text)
}

/// As much of `text` as fits into `room` bytes, without a part of a character at its end.
pub(super) fn fitting(text: &[u8], room: usize) -> &[u8] {
    let Some(next) = text.get(room) else { return text };
    let cut = &text[..room];
    if next & 0xc0 != 0x80 {
        return cut;
    }
    // The byte that was cut off is inside a character: at most three bytes before it are too.
    let begun = cut.iter().rev().take(3).position(|byte| byte & 0xc0 == 0xc0);
    &cut[..room - begun.map_or(0, |before| before + 1)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn text_is_cut_before_the_character_that_does_not_fit(text in any::<String>(), room in 0..40_usize) {
            let kept = std::str::from_utf8(fitting(text.as_bytes(), room)).expect("no character is cut");
            let next = text[kept.len()..].chars().next();
            prop_assert!(kept.len() <= room && text.starts_with(kept));
            prop_assert!(next.is_none_or(|next| kept.len() + next.len_utf8() > room), "more would fit");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_cut_too() {
        assert_eq!(fitting(&[0x80; 8], 5), [0x80; 5]);
        assert_eq!(fitting(&[0xff; 8], 5), [0xff; 5]);
        assert_eq!(fitting(b"abc", 3), b"abc");
    }
}
