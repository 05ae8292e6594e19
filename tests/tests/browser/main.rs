//! The site in real Chromium: what people do there, how pages look and sound, and whom they ask for what.

mod accessibility;
mod accounts;
mod keyboard;
mod layout;
mod quiet;
mod timelines;
mod visit;
mod walk;
