//! What the shipper does, seen from outside: real files, real processes, a server that keeps count.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod delivery;
mod discovery;
mod doubt;
mod harness;
mod settings;
mod sink;
mod stage;
mod status;
mod tls;
