//! `log-shipper setup`

use anyhow::{Result, anyhow, bail};
use tokio::runtime::Builder;

use super::Setup;
use super::output::{line, print, tell};
use crate::config::{Given, Settings};
use crate::service::clients;
use crate::setup::{self, Client, Error, Plan, Product, Retention, Step, Target};

impl Setup {
    /// Puts in place what Elasticsearch has to know beforehand, and says what it changed; or prints it.
    ///
    /// # Errors
    /// No host answers, or one refuses; it is named.
    pub fn run(&self, given: &Given) -> Result<()> {
        let settings = Settings::load(given)?;
        let target: Target = settings.elasticsearch.target.parse()?;
        let retention = Retention::new(self.retention);
        if let Some(product) = self.unasked(&settings) {
            return print(&Step::requests(product, &Step::all(product, &target, retention)));
        }
        let clients = clients(&settings)?;
        let runtime = Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(self.put(clients, &target, retention))
    }

    /// For what is printed without asking a server.
    fn unasked(&self, settings: &Settings) -> Option<Product> {
        let nobody = || self.dry_run && settings.elasticsearch.hosts().is_err();
        self.product.or_else(|| {
            nobody().then(|| {
                tell("this is for Elasticsearch; --for opensearch prints the other, and --elasticsearch URL asks");
                Product::Elasticsearch
            })
        })
    }

    async fn put(&self, clients: Vec<(String, Client)>, target: &Target, retention: Retention) -> Result<()> {
        let (host, client, plan) = planned(clients, target, retention).await?;
        if self.dry_run {
            return print(&plan.requests());
        }
        let named = |error: Error| anyhow!("{host}: {error}{}", hint(&error));
        plan.apply(&client).await.map_err(named)?;
        plan.steps.iter().try_for_each(|step| line(&step.to_string()))?;
        plan.remaining(&client).await.map_err(named)?.map_or(Ok(()), |advice| line(&advice))
    }
}

/// By the first host that answers.
async fn planned(
    clients: Vec<(String, Client)>,
    target: &Target,
    retention: Retention,
) -> Result<(String, Client, Plan)> {
    let mut silent = Vec::new();
    for (host, client) in clients {
        match setup::plan(&client, target, retention).await {
            Ok(plan) => return Ok((host, client, plan)),
            Err(error @ (Error::NoAnswer(_) | Error::Tls(_))) => silent.push(format!("{host}: {error}")),
            Err(error) => bail!("{host}: {error}{}", hint(&error)),
        }
    }
    bail!("{}; `--dry-run --for elasticsearch` prints the same without a server", silent.join("; "))
}

fn hint(error: &Error) -> &'static str {
    match error {
        Error::Refused { status: 401, .. } => "; give --user and --password-file, or --api-key-file, of one who may",
        Error::Refused { status: 403, .. } => {
            "; the user needs the cluster privileges monitor and manage_index_templates"
        }
        Error::Refused { status: 429 | 500.., .. } => "; that may pass: try again",
        _ => "",
    }
}
