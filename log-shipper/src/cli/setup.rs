//! `log-shipper setup`

use anyhow::{Context, Result};
use tokio::runtime::Builder;

use super::Setup;
use super::output::{line, print};
use crate::config::{Given, Settings};
use crate::service::clients;
use crate::setup::{self, Client, Error, Plan, Retention, Target};

impl Setup {
    /// Puts in place what Elasticsearch has to know beforehand, and says what it changed; or prints it.
    ///
    /// # Errors
    /// No host answers, or one refuses.
    pub fn run(&self, given: &Given) -> Result<()> {
        let settings = Settings::load(given)?;
        let target: Target = settings.elasticsearch.target.parse()?;
        let clients = clients(&settings)?.into_iter().map(|(_, client)| client);
        let retention = Retention::new(self.retention);
        let runtime = Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(self.put(clients.collect(), &target, retention))
    }

    async fn put(&self, clients: Vec<Client>, target: &Target, retention: Retention) -> Result<()> {
        let (client, plan) = planned(clients, target, retention).await?;
        if self.dry_run {
            return print(&plan.requests());
        }
        plan.apply(&client).await?;
        plan.steps.iter().try_for_each(|step| line(&step.to_string()))?;
        plan.remaining(&client).await?.map_or(Ok(()), |advice| line(&advice))
    }
}

/// By the first host that answers.
async fn planned(clients: Vec<Client>, target: &Target, retention: Retention) -> Result<(Client, Plan)> {
    let mut silence = None;
    for client in clients {
        match setup::plan(&client, target, retention).await {
            Ok(plan) => return Ok((client, plan)),
            Err(error @ (Error::NoAnswer(_) | Error::Tls(_))) => silence = Some(error),
            Err(error) => return Err(error.into()),
        }
    }
    Err(silence.context("there is no host")?.into())
}
