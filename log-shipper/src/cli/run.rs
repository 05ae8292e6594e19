//! `log-shipper run`

use anyhow::{Result, bail};
use tokio::runtime::Builder;

use super::Run;
use super::output::tell;
use crate::config::Given;
use crate::progress::Progress;
use crate::service::{self, Purpose};

/// Threads for requests; reading has its own.
const WORKERS: usize = 2;

impl Run {
    /// Ships lines until told to stop, or until all are shipped.
    ///
    /// # Errors
    /// It cannot start, or not everything has arrived.
    pub fn run(self, given: &Given) -> Result<()> {
        let runtime = Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build()?;
        let progress = Progress::of_bytes("acknowledged");
        let ended = runtime.block_on(service::run(given, self, &progress));
        progress.end();
        runtime.shutdown_background();
        let ended = ended?;
        if ended.purpose == Purpose::Exhaust {
            tell(&ended.to_string());
        }
        match ended.lacks() {
            Some(lacks) => bail!("{lacks}"),
            None => Ok(()),
        }
    }
}
