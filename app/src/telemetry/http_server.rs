//! The metrics of HTTP: each request by method, route and status, without building a label more than once.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::Instant;

use axum::body::HttpBody;
use axum::extract::{MatchedPath, Request};
use axum::response::Response;
use metrics::{Counter, Gauge, Histogram};

use super::Metrics;
use super::entry::CLIENT_GONE;
use super::names::{self, UNMATCHED};
use super::recorder::Registry;
use crate::redact;

/// The instruments of every route that was met. It is bounded: routes are ours, methods are ten, statuses are those that
/// we answer with.
pub(super) struct HttpServer {
    registry: Registry,
    active: Gauge,
    routes: RwLock<HashMap<Box<str>, Vec<Series>>>,
}

/// The instruments of one method and status on one route.
struct Series {
    method: &'static str,
    status: u16,
    requests: Counter,
    duration: Histogram,
    request_size: Histogram,
    response_size: Histogram,
}

/// What is observed of one request.
struct Observation<'a> {
    method: &'static str,
    route: &'a str,
    status: u16,
    seconds: f64,
    request_bytes: Option<u64>,
    response_bytes: Option<u64>,
}

impl HttpServer {
    pub(super) fn new(registry: Registry) -> Self {
        Self { active: registry.gauge(&names::ACTIVE_REQUESTS, &[]), registry, routes: RwLock::default() }
    }

    fn observe(&self, seen: &Observation<'_>) {
        let found = {
            let routes = self.routes.read().unwrap_or_else(PoisonError::into_inner);
            find(&routes, seen).map(|series| series.record(seen)).is_some()
        };
        if !found {
            let mut routes = self.routes.write().unwrap_or_else(PoisonError::into_inner);
            // Two threads may have missed it at once; both would register the same instruments, so that nothing is lost.
            let series = Series::register(&self.registry, seen);
            series.record(seen);
            if find(&routes, seen).is_none() {
                routes.entry(seen.route.into()).or_default().push(series);
            }
        }
    }
}

fn find<'a>(routes: &'a HashMap<Box<str>, Vec<Series>>, seen: &Observation<'_>) -> Option<&'a Series> {
    routes.get(seen.route)?.iter().find(|series| series.status == seen.status && series.method == seen.method)
}

impl Series {
    fn register(registry: &Registry, seen: &Observation<'_>) -> Self {
        let (method, route) = (seen.method, seen.route);
        let status = seen.status.to_string();
        let class = format!("{}xx", seen.status / 100);
        Self {
            method,
            status: seen.status,
            requests: registry.counter(&names::REQUESTS, &[method, route, &status]),
            duration: registry.histogram(&names::REQUEST_DURATION, &[method, route, &class]),
            request_size: registry.histogram(&names::REQUEST_SIZE, &[method, route]),
            response_size: registry.histogram(&names::RESPONSE_SIZE, &[method, route]),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a body has less than 2^53 bytes")]
    fn record(&self, seen: &Observation<'_>) {
        self.requests.increment(1);
        self.duration.record(seen.seconds);
        seen.request_bytes.into_iter().for_each(|bytes| self.request_size.record(bytes as f64));
        seen.response_bytes.into_iter().for_each(|bytes| self.response_size.record(bytes as f64));
    }
}

impl Metrics {
    /// Starts the clock of a request, and counts it as active until the [`Exchange`] ends.
    #[must_use]
    pub fn begin(self, request: &Request) -> Exchange {
        self.http.active.increment(1.0);
        Exchange {
            metrics: self,
            started: Instant::now(),
            method: redact::method(request.method()),
            route: request.extensions().get().cloned(),
            // Most requests have none, and a row of zeros says nothing of those that do.
            request_bytes: request.body().size_hint().exact().filter(|bytes| *bytes > 0),
            answer: (CLIENT_GONE, None),
        }
    }
}

/// A request that is being answered. It is counted when this ends: with its status, or as one whose client went away.
pub struct Exchange {
    metrics: Metrics,
    started: Instant,
    method: &'static str,
    route: Option<MatchedPath>,
    request_bytes: Option<u64>,
    answer: (u16, Option<u64>),
}

impl Exchange {
    /// The request was answered so.
    pub fn answered(mut self, response: &Response) {
        let bytes = if self.method == "HEAD" { Some(0) } else { response.body().size_hint().exact() };
        self.answer = (response.status().as_u16(), bytes);
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        let (status, response_bytes) = self.answer;
        self.metrics.http.active.decrement(1.0);
        self.metrics.http.observe(&Observation {
            method: self.method,
            route: self.route.as_ref().map_or(UNMATCHED, MatchedPath::as_str),
            status,
            seconds: self.started.elapsed().as_secs_f64(),
            request_bytes: self.request_bytes,
            response_bytes,
        });
    }
}
