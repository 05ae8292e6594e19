//! Nothing is sent before `log-shipper setup` has put its template in place, if that is asked for.

use std::time::Duration;

use anyhow::Result;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::clients;
use crate::config::{AwaitSetup, Settings};
use crate::ops::Readiness;
use crate::setup::output::check;
use crate::setup::{Client, Target};

/// How often it is looked whether the template is there.
const LOOK: Duration = Duration::from_secs(1);

/// Who waits for the template, and opens the way when it is there.
pub(super) struct Gate {
    client: Client,
    target: Target,
    open: watch::Sender<bool>,
}

impl Gate {
    /// `None` if nothing has to be waited for.
    ///
    /// # Errors
    /// The settings name no host, or a target that cannot be one.
    pub(super) fn of(settings: &Settings) -> Result<Option<Self>> {
        if settings.delivery.await_setup == AwaitSetup::Off {
            return Ok(None);
        }
        let target = settings.elasticsearch.target.parse()?;
        let client = clients(settings)?.into_iter().map(|(_, client)| client).next();
        Ok(client.map(|client| Self { client, target, open: watch::Sender::new(false) }))
    }

    /// What is true when lines may be sent.
    pub(super) fn opens(&self) -> watch::Receiver<bool> {
        self.open.subscribe()
    }

    /// Looks until the template is there, or what is returned is dropped.
    pub(super) fn watch(self, readiness: Readiness) -> JoinSet<()> {
        let mut watching = JoinSet::new();
        watching.spawn(self.run(readiness));
        watching
    }

    async fn run(self, readiness: Readiness) {
        let mut is_told = false;
        while let Err(advice) = self.look().await {
            if !is_told {
                tracing::warn!(reason = %advice, "nothing is sent before the template is in place");
                is_told = true;
            }
            readiness.lacks("setup", advice);
            sleep(LOOK).await;
        }
        readiness.recovers("setup");
        self.open.send_replace(true);
    }

    /// What is to be done first, unless nothing is.
    async fn look(&self) -> Result<(), String> {
        let checks = check(&self.client, &self.target).await;
        let template = checks.iter().find(|check| check.name == "template").or(checks.last());
        template.map_or(Ok(()), |check| check.verdict.clone().map(drop))
    }
}
