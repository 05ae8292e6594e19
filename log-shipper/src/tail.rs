//! Files that are followed: through rotation, compression and truncation, each with an identity and a position.
//!
//! A file is known by device, inode and its first bytes, and, once something of it was read, by the bytes just before
//! its position: so the fingerprint grows with the file. These are looked at with each read, since a truncated file may
//! have grown beyond the old position meanwhile.

mod buffer;
mod content;
mod followed;
mod register;
mod stream;

pub use buffer::Buffer;
pub use content::Content;
pub use followed::{Followed, Fresh};
pub use register::{Candidate, Neighbours, Patience, Register, Verdict};
pub use stream::Stream;
