//! The listener of operations.

use anyhow::{Context, Result};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::Purpose;
use crate::config::{Listen, Origin, Settings};
use crate::metrics::Metrics;
use crate::ops::{self, Operations, Readiness};

/// Answers until what is returned is dropped.
pub(super) async fn listen(
    settings: &Settings,
    purpose: Purpose,
    metrics: &Metrics,
    readiness: &Readiness,
) -> Result<watch::Sender<()>> {
    let (running, mut ended) = watch::channel(());
    let Some(Listen::At(address)) = address(settings, purpose) else { return Ok(running) };
    let listener = TcpListener::bind(address).await;
    let listener = listener.with_context(|| format!("--operations-listen: cannot listen at {address}"))?;
    let operations = Operations { metrics: metrics.clone(), readiness: readiness.clone() };
    let shutdown = async move {
        // The sender is only ever dropped.
        let _ = ended.changed().await;
    };
    tokio::spawn(ops::serve(listener, operations, shutdown));
    Ok(running)
}

/// A run that ends by itself may be one beside the shipper that has the usual address.
fn address(settings: &Settings, purpose: Purpose) -> Option<Listen> {
    let is_usual = settings.effective.origin("operations-listen") == Some(&Origin::Default);
    let listens = match purpose {
        Purpose::Follow => true,
        Purpose::Exhaust => !is_usual,
        Purpose::Print => false,
    };
    listens.then_some(settings.operations.operations_listen)
}
