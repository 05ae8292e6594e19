//! One line of the log and one count in the metrics for each request, whatever its end.

use axum::extract::Request;
use axum::response::Response;

use crate::telemetry::{Exchange, Metrics, Transaction, TransactionLog, Via};

/// What watches requests; each half can be left out.
#[derive(Clone)]
pub struct Observer {
    /// Which door they come through.
    pub via: Via,
    /// Writes their lines.
    pub log: Option<TransactionLog>,
    /// Counts and times them by route.
    pub metrics: Option<Metrics>,
}

impl Observer {
    /// Starts the request's clock.
    #[must_use]
    pub fn begin(self, request: &mut Request) -> Watched {
        Watched {
            exchange: self.metrics.map(|metrics| metrics.begin(self.via, request)),
            transaction: self.log.map(|log| log.begin(self.via, request)),
        }
    }
}

/// A request that is watched. Dropped before [`Watched::answered`], it is noted as one whose client went away.
pub struct Watched {
    exchange: Option<Exchange>,
    transaction: Option<Transaction>,
}

impl Watched {
    /// Returns when the log has room; at once if it has, or if no line is written.
    pub async fn room(&self) {
        if let Some(transaction) = &self.transaction {
            transaction.room().await;
        }
    }

    /// Notes the answer.
    pub fn answered(self, response: &Response) {
        if let Some(transaction) = self.transaction {
            transaction.answered(response);
        }
        if let Some(exchange) = self.exchange {
            exchange.answered(response);
        }
    }
}
