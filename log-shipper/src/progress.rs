//! A progress bar on standard error: only on a terminal, and only when the work takes longer than a moment.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What takes less time needs no bar.
const MOMENT: Duration = Duration::from_secs(1);

const BYTES: &str = "{elapsed_precise} [{bar:30}] {bytes}/{total_bytes} {msg}";
const COUNT: &str = "{elapsed_precise} [{bar:30}] {human_pos}/{human_len} {msg}";

/// Such a bar; clones are the same one. It has no colours.
#[derive(Clone, Debug)]
pub struct Progress {
    bar: ProgressBar,
    due: Instant,
}

impl Progress {
    /// One of bytes.
    #[must_use]
    pub fn of_bytes(what: &'static str) -> Self {
        Self::new(BYTES, what)
    }

    /// One of things that are counted.
    #[must_use]
    pub fn of_things(what: &'static str) -> Self {
        Self::new(COUNT, what)
    }

    fn new(template: &str, what: &'static str) -> Self {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style.progress_chars("=> "));
        bar.set_message(what);
        Self { bar, due: Instant::now() + MOMENT }
    }

    /// So much of so much is done.
    pub fn set(&self, done: u64, of: u64) {
        self.bar.set_length(of.max(done));
        self.bar.set_position(done);
        if self.bar.is_hidden() && Instant::now() >= self.due {
            // Hides itself where this is not a terminal.
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    /// Does something that prints, while the bar is out of the way.
    pub fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }

    /// Takes the bar away.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// Standard error beside the bar, for the program's log.
impl Write for Progress {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.aside(|| io::stderr().write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
