//! `log-shipper run`

use anyhow::{Result, bail};
use tokio::runtime::Builder;

use super::Run;
use crate::config::Given;
use crate::service::{self, Ended};

/// Threads for requests; reading has its own.
const WORKERS: usize = 2;

impl Run {
    /// Ships lines until told to stop.
    ///
    /// # Errors
    /// It cannot start, or not everything has arrived.
    pub fn run(self, given: &Given) -> Result<()> {
        let runtime = Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build()?;
        let ended = runtime.block_on(service::run(given, self));
        runtime.shutdown_background();
        match ended? {
            Ended::Done => Ok(()),
            Ended::Unfinished(batches) => {
                bail!("{batches} batches were not acknowledged; they are sent at the next start")
            }
        }
    }
}
