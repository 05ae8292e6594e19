//! What the program tells about itself: the transaction log, lines of its own events, and metrics.
//!
//! - [`TransactionLog`] makes one line of each request, from its head, the [`RequestLog`] that handlers add to, and its
//!   response; what a line may show is decided in [`crate::redact`].
//! - [`ProgramEvents`] makes lines of `tracing` events, [`panics::hook`] of panics.
//! - [`Journal`] gives every line its time, service and format; [`LogWriter`] carries it to standard output and loses none
//!   uncounted.
//! - [`Metrics`] holds every instrument of the table in [`names`].

mod entry;
mod events;
mod facts;
mod http_server;
mod journal;
mod json;
pub mod names;
mod note;
pub mod panics;
mod pretty;
mod recorder;
mod transaction;
mod writer;

pub use events::ProgramEvents;
pub use facts::RequestLog;
pub use http_server::Exchange;
pub use journal::{Format, Journal, Service};
pub use recorder::{ByDoor, Instruments, Metrics, Outcome, Via};
pub use transaction::{Transaction, TransactionLog};
pub use writer::{LogBuffer, LogFull, LogWriter, stdout};
