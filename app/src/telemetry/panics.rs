//! A panic is one line, without what it said: its message may hold any value of the program.

use std::panic::PanicHookInfo;

use super::note::Note;
use super::{Journal, Metrics};

/// The hook for [`std::panic::set_hook`]: counts the panic, and writes where it happened and in which thread. Nothing is
/// written to standard error.
pub fn hook(journal: Journal, metrics: Metrics) -> impl Fn(&PanicHookInfo<'_>) + Send + Sync + 'static {
    move |panic| {
        metrics.panics.increment(1);
        let place = panic.location().map_or_else(String::new, |at| format!("{}:{}", at.file(), at.line()));
        let thread = std::thread::current().name().unwrap_or("unnamed").to_owned();
        journal.note(&Note {
            at: journal.now(),
            level: "error",
            logger: "minitwit",
            message: "The program panicked",
            error: Some(("panic", &place)),
            labels: &[("thread", thread)],
        });
    }
}
