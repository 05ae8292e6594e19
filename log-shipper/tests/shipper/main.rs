//! What the shipper does, seen from outside: real files, real processes, a server that keeps count.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod asked;
mod dead_letters;
mod defects;
mod delivery;
mod discovery;
mod doubt;
mod dry_run;
mod harness;
mod once;
mod operations;
mod paths;
mod retention;
mod settings;
mod setup;
mod sink;
mod stage;
mod standard_input;
mod status;
mod targets;
mod test_config;
mod tls;
mod torture;
