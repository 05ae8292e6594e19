//! Files that came and went before they could be opened, told from those that were opened before their coming was told.

/// Files that were opened before the kernel's word of their creation was read; it is among the next words, or never comes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ahead {
    files: u32,
    /// Until which reading of the kernel's words.
    until: u64,
}

impl Ahead {
    /// How many of the `created` files nobody has opened, if `opened` were now.
    pub(super) fn missed(&mut self, created: u32, opened: u32, reading: u64) -> u32 {
        let before = if self.until >= reading { self.files } else { 0 };
        let known = before.saturating_add(opened);
        if created > 0 || opened > 0 {
            let ahead = known.saturating_sub(created);
            self.files = if created > 0 { ahead.min(opened) } else { ahead };
            self.until = reading + 1;
        }
        created.saturating_sub(known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_opened_before_its_creation_was_told_is_not_missed() {
        let mut ahead = Ahead::default();
        assert_eq!(ahead.missed(0, 1, 1), 0);
        assert_eq!(ahead.missed(1, 0, 2), 0, "that was the one which is open");
        assert_eq!(ahead.missed(1, 0, 3), 1);
        assert_eq!(ahead.missed(2, 2, 4), 0);
        assert_eq!(ahead.missed(1, 1, 5), 0, "one was missed, or another one was opened early");
        assert_eq!(ahead.missed(3, 1, 6), 2);
    }

    #[test]
    fn a_file_that_was_there_before_the_watch_excuses_none_for_long() {
        let mut ahead = Ahead::default();
        assert_eq!(ahead.missed(0, 1, 1), 0);
        assert_eq!(ahead.missed(0, 0, 1), 0);
        assert_eq!(ahead.missed(1, 0, 3), 1);
    }
}
