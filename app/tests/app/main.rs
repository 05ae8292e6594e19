//! What people and the simulator can observe, asked of the real site through HTTP: the contract, line by line; and what
//! the log and the metrics tell of it.
//!
//! Tests on PostgreSQL need a server at `MINITWIT_TEST_POSTGRES` (`postgres://superuser@host:port/`); without one they say
//! so and pass, unless `REQUIRE_SERVICES=1` is set.

mod accounts;
mod api;
mod connections;
mod errors;
mod follow;
mod forms;
mod guessing;
mod hang_up;
mod harness;
mod latest;
mod log_line;
mod log_writer;
mod metrics_table;
mod moderation;
mod names;
mod openapi;
mod outage;
mod outcomes;
mod pages;
mod recorded_log;
mod redaction;
mod roll_ups;
mod safety;
mod sessions;
mod start_errors;
mod timelines;
mod timing;
