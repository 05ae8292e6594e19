//! Who is who: registration, sign-in and sign-out, sessions, and the slowing down of those who guess.

pub mod account;
pub mod cookie;
pub mod password;
pub mod session;
pub mod throttle;

pub use session::{CurrentUser, MaybeUser};
