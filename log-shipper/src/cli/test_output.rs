//! `log-shipper test output`

use anyhow::{Result, bail};
use tokio::runtime::Builder;

use super::TestOutput;
use super::output::line;
use crate::config::{Given, Settings};
use crate::service::clients;
use crate::setup::Target;
use crate::setup::output::check;

impl TestOutput {
    /// Prints for each host what is in order, and what is to be done.
    ///
    /// # Errors
    /// Something is to be done.
    pub fn run(self, given: &Given) -> Result<()> {
        let settings = Settings::load(given)?;
        let target: Target = settings.elasticsearch.target.parse()?;
        let clients = clients(&settings)?;
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let mut faults = 0;
        for (host, client) in clients {
            line(&host)?;
            let checks = runtime.block_on(check(&client, &target));
            checks.iter().try_for_each(|check| line(&check.to_string()))?;
            faults += checks.iter().filter(|check| check.verdict.is_err()).count();
        }
        match faults {
            0 => Ok(()),
            1 => bail!("something is to be done first: see above"),
            _ => bail!("{faults} things are to be done first: see above"),
        }
    }
}
