//! A progress bar that shows only on a terminal, and only when the work takes longer than two seconds.

use std::sync::Once;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

const PATIENCE: Duration = Duration::from_secs(2);

/// A bar on stderr; nothing at all where stderr is not a terminal.
pub struct Progress {
    bar: ProgressBar,
    due: Instant,
    shown: Once,
}

impl Progress {
    /// A bar of `steps` steps. Work that is known to be long need not wait two seconds: see [`Progress::show`].
    #[must_use]
    pub fn new(steps: u64) -> Self {
        let bar = ProgressBar::with_draw_target(Some(steps), ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template("{elapsed_precise} [{bar:30}] {human_pos}/{human_len} {wide_msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> "));
        Self { bar, due: Instant::now() + PATIENCE, shown: Once::new() }
    }

    /// Shows the bar now.
    pub fn show(&self) {
        self.shown.call_once(|| {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.bar.enable_steady_tick(Duration::from_millis(200));
        });
    }

    /// Says what is being done.
    pub fn say(&self, what: String) {
        self.bar.set_message(what);
    }

    /// Starts again, with another number of steps.
    pub fn restart(&self, steps: u64) {
        self.bar.set_length(steps);
        self.bar.set_position(0);
    }

    /// Goes on by `steps`.
    pub fn step(&self, steps: u64) {
        self.bar.inc(steps);
        if Instant::now() >= self.due {
            self.show();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
