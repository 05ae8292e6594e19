//! `/latest`: the last number that the simulator sent with any request, whatever became of that request.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use serde::Serialize;

use super::concerns;
use crate::App;
use crate::error::Result;
use crate::telemetry::RequestLog;

/// The answer.
#[derive(Serialize)]
pub(super) struct Latest {
    latest: i64,
}

/// `GET /latest`
pub(super) async fn get(State(app): State<Arc<App>>) -> Result<Json<Latest>> {
    let latest = app.store.latest().await?.latest;
    Ok(Json(Latest { latest }))
}

/// The number that a request brings along, to be stored before the request is looked at any further.
pub(crate) fn brought_by(request: &Request) -> Option<i64> {
    let uri = request.uri();
    let latest = uri.query().filter(|_| counts(uri.path())).and_then(number)?;
    if let Some(log) = request.extensions().get::<RequestLog>() {
        log.latest(latest);
    }
    Some(latest)
}

fn counts(path: &str) -> bool {
    ["/register", "/msgs", "/fllws"].iter().any(|resource| concerns(path, resource))
}

/// The first `latest` of a query; -1 is what an absent one means, so it changes nothing.
fn number(query: &str) -> Option<i64> {
    let value = form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == "latest").map(|(_, value)| value)?;
    value.trim().parse().ok().filter(|latest| *latest != -1)
}

#[cfg(test)]
mod tests {
    use super::{counts, number};

    #[test]
    fn only_an_integer_other_than_minus_one_counts() {
        assert_eq!(number("no=1&latest=7"), Some(7));
        assert_eq!(number("latest=-2"), Some(-2));
        for query in ["latest=-1", "latest=", "latest=x", "latest=1.5", "Latest=1", "latest=99999999999999999999"] {
            assert_eq!(number(query), None, "{query}");
        }
    }

    #[test]
    fn it_counts_on_the_resources_and_below_them() {
        assert!(counts("/register") && counts("/msgs") && counts("/msgs/ada") && counts("/fllws/ada"));
        assert!(!counts("/latest") && !counts("/msgsx") && !counts("/"));
    }
}
