//! The metrics of HTTP: each request by its door, method, route and status, without building a label more than once.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::Instant;

use axum::body::HttpBody;
use axum::extract::{MatchedPath, Request};
use axum::response::Response;
use http::StatusCode;
use metrics::{Counter, Gauge, Histogram};

use super::Metrics;
use super::entry::CLIENT_GONE;
use super::names::{self, UNMATCHED};
use super::recorder::{Registry, Via};
use crate::redact;

/// The instruments of both doors.
pub(super) struct HttpServer {
    registry: Registry,
    doors: [Door; 2],
}

/// The instruments of every route that was met. It is bounded: routes are ours, methods are ten, statuses are those that
/// we answer with.
struct Door {
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
    via: Via,
    method: &'static str,
    route: &'a str,
    status: u16,
    seconds: f64,
    request_bytes: Option<u64>,
    response_bytes: Option<u64>,
}

impl HttpServer {
    pub(super) fn new(registry: Registry) -> Self {
        let door = |via: Via| Door {
            active: registry.gauge(&names::ACTIVE_REQUESTS, &[via.name()]),
            routes: RwLock::default(),
        };
        Self { doors: Via::ALL.map(door), registry }
    }

    fn active(&self, via: Via) -> &Gauge {
        &self.doors[via as usize].active
    }

    fn observe(&self, seen: &Observation<'_>) {
        let routes = &self.doors[seen.via as usize].routes;
        let found = {
            let routes = routes.read().unwrap_or_else(PoisonError::into_inner);
            find(&routes, seen).map(|series| series.record(seen)).is_some()
        };
        if !found {
            let mut routes = routes.write().unwrap_or_else(PoisonError::into_inner);
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
        let (via, method, route) = (seen.via.name(), seen.method, seen.route);
        let status = seen.status.to_string();
        let class = format!("{}xx", seen.status / 100);
        Self {
            method,
            status: seen.status,
            requests: registry.counter(&names::REQUESTS, &[via, method, route, &status]),
            duration: registry.histogram(&names::REQUEST_DURATION, &[via, method, route, &class]),
            request_size: registry.histogram(&names::REQUEST_SIZE, &[via, method, route]),
            response_size: registry.histogram(&names::RESPONSE_SIZE, &[via, method, route]),
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
    pub fn begin(self, via: Via, request: &Request) -> Exchange {
        self.http.active(via).increment(1.0);
        Exchange {
            metrics: self,
            via,
            started: Instant::now(),
            method: redact::method(request.method()),
            route: request.extensions().get().cloned(),
            // Most requests have none, and a row of zeros says nothing of those that do.
            request_bytes: request.body().size_hint().exact().filter(|bytes| *bytes > 0),
            answer: (CLIENT_GONE, None),
        }
    }

    /// Counts a request that the server itself refused before there was one to handle: nobody knows its method, or how
    /// long it took.
    pub fn refused(&self, via: Via, status: StatusCode) {
        let labels = [via.name(), redact::UNKNOWN_METHOD, UNMATCHED, status.as_str()];
        self.http.registry.counter(&names::REQUESTS, &labels).increment(1);
    }
}

/// A request that is being answered. It is counted when this ends: with its status, or as one whose client went away.
pub struct Exchange {
    metrics: Metrics,
    via: Via,
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
        self.metrics.http.active(self.via).decrement(1.0);
        self.metrics.http.observe(&Observation {
            via: self.via,
            method: self.method,
            route: self.route.as_ref().map_or(UNMATCHED, MatchedPath::as_str),
            status,
            seconds: self.started.elapsed().as_secs_f64(),
            request_bytes: self.request_bytes,
            response_bytes,
        });
    }
}
