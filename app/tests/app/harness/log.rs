//! The lines of the log, kept in memory.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use minitwit::telemetry::LogWriter;
use serde_json::Value;

const PATIENCE: Duration = Duration::from_secs(20);

/// What was written so far.
#[derive(Clone, Default)]
pub(super) struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    pub(super) async fn line(&self, writer: &LogWriter, fits: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            assert!(writer.flush(PATIENCE), "the log is written");
            let lines = self.lines();
            if let Some(line) = lines.iter().find(|line| fits(line)) {
                return line.clone();
            }
            assert!(Instant::now() < deadline, "no line fits: {lines:#?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    pub(super) fn count(&self, writer: &LogWriter, fit: impl Fn(&Value) -> bool) -> usize {
        assert!(writer.flush(PATIENCE), "the log is written");
        self.lines().iter().filter(|line| fit(line)).count()
    }

    fn lines(&self) -> Vec<Value> {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = bytes.split_inclusive(|byte| *byte == b'\n');
        lines.map(|line| serde_json::from_slice(line).expect("each line is JSON")).collect()
    }
}
