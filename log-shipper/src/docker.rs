//! Docker's entries, and the lines whose pieces they are.
//!
//! The `json-file` driver writes one JSON object, an [`entry`], for each line that a container prints, and several for a
//! line over 16 KiB. [`unescape`] gives back the printed bytes; [`join`] puts pieces together and, with a start pattern,
//! lines too ([`multiline`]); [`cut`] and [`resume`] are what makes it end at the same places when a file is read again.

pub mod cut;
pub mod entry;
pub mod join;
mod members;
pub mod multiline;
mod piece;
mod quoted;
mod resume;
pub mod unescape;

pub use cut::Cut;
pub use entry::{Entry, parse};
pub use join::{Joiner, Raw};
pub use multiline::Limits;
pub use unescape::unescape;
