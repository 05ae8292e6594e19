//! What the programs' logs of their own events have in common.
//!
//! [`clock`] says when something happened, and [`said`] what of a `tracing` event may be written. How a line looks, and where
//! it goes, is each program's own.

pub mod clock;
pub mod said;
