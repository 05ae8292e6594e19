//! The memory that a hash works in, of which one piece is kept for the next hash.
//!
//! Fresh memory costs a third of a hash's time: the system hands out 19 MiB page by page, each cleared first. What is left
//! in a kept piece are blocks of argon2's last pass, from which the password cannot be had any more cheaply than from the
//! stored hash; the next hash overwrites every block before it reads it (RFC 9106, section 3.4).

use std::sync::{Mutex, PoisonError};

use argon2::Block;

/// The smallest capacity that is asked for, in blocks of 1 KiB; only what a hash needs of it is touched.
///
/// glibc maps what is larger than 32 MiB by itself and gives it back at once when it is freed. Smaller blocks that are
/// aligned as argon2's are, it keeps and fails to find again, in each thread: eight times 19 MiB for one thread.
const MIN_CAPACITY: usize = 33 * 1024;

/// One is enough for registrations that come one after the other; under a rush, the others pay the third more.
static KEPT: Mutex<Vec<Block>> = Mutex::new(Vec::new());

/// Lends memory of so many blocks to `work`; `keep` says whether it is of the size that the next hash will want.
pub(super) fn with_blocks<T>(blocks: usize, keep: bool, work: impl FnOnce(&mut [Block]) -> T) -> T {
    let mut memory = std::mem::take(&mut *KEPT.lock().unwrap_or_else(PoisonError::into_inner));
    if memory.len() < blocks {
        memory = fresh(blocks);
    }
    let result = work(&mut memory[..blocks]);
    if keep && memory.len() == blocks {
        *KEPT.lock().unwrap_or_else(PoisonError::into_inner) = memory;
    }
    result
}

fn fresh(blocks: usize) -> Vec<Block> {
    let mut memory = Vec::new();
    memory.try_reserve_exact(blocks.max(MIN_CAPACITY)).expect("there is memory for one hash");
    memory.resize(blocks, Block::default());
    memory
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_has_the_size_that_is_asked_for_whatever_was_kept() {
        for (blocks, keep) in [(8, true), (16, false), (8, true), (4, true), (32, true)] {
            assert_eq!(with_blocks(blocks, keep, |memory| memory.len()), blocks);
        }
    }
}
