//! The listener of operations.

use std::io::ErrorKind;

use anyhow::{Context, Error, Result};
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
    let listener = listener.with_context(|| cannot(settings))?;
    let operations = Operations { metrics: metrics.clone(), readiness: readiness.clone() };
    let shutdown = async move {
        // The sender is only ever dropped.
        let _ = ended.changed().await;
    };
    tokio::spawn(ops::serve(listener, operations, shutdown));
    Ok(running)
}

/// Whether a shipper could listen. An address that is taken may be that of the shipper which runs: then a sentence about it.
pub(super) fn probe(settings: &Settings) -> Result<Option<String>> {
    let Some(Listen::At(address)) = address(settings, Purpose::Follow) else { return Ok(None) };
    match std::net::TcpListener::bind(address) {
        Ok(_) => Ok(None),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            let subject = settings.effective.subject("operations-listen");
            Ok(Some(format!("{subject}: {address} is in use; only the shipper that runs here may have it")))
        }
        Err(error) => Err(Error::from(error).context(cannot(settings))),
    }
}

fn cannot(settings: &Settings) -> String {
    let address = match settings.operations.operations_listen {
        Listen::At(address) => address.to_string(),
        Listen::Off => "off".to_owned(),
    };
    format!("{}: cannot listen at {address}", settings.effective.subject("operations-listen"))
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
