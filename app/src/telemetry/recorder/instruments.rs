//! The instruments that the rest of the program uses.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::response::Response;
use metrics::{Counter, Gauge, Histogram};
use tokio::runtime::Handle;

use super::Registry;
use crate::telemetry::http_server::HttpServer;
use crate::telemetry::names::{self, Metric};

/// Which door a request came through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// The pages.
    Web,
    /// The simulator's API.
    Api,
}

impl Via {
    /// Both, in the order of their numbers.
    pub const ALL: [Self; 2] = [Self::Web, Self::Api];

    /// The label's value.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Api => "api",
        }
    }
}

/// How an attempt ended. A response carries it among its extensions where its status does not tell: see [`Outcome::of`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Ok,
    /// There was nothing to do: an empty message, a follow of somebody who is followed already.
    Unchanged,
    /// The request was at fault: a name that is taken, a wrong password, no session.
    Refused,
    /// We were at fault.
    Failed,
}

/// A counter with the labels `via` and `outcome`.
pub struct ByDoor {
    counters: [[Counter; 4]; 2],
    // A counter cannot be read.
    done: AtomicU64,
}

impl Outcome {
    /// What the response says, or else its status: of 5xx we are at fault, of 4xx the request.
    #[must_use]
    pub fn of(response: &Response) -> Self {
        let status = response.status();
        match response.extensions().get() {
            Some(said) => *said,
            None if status.is_server_error() => Self::Failed,
            None if status.is_client_error() => Self::Refused,
            None => Self::Ok,
        }
    }

    /// `Ok` if something changed.
    #[must_use]
    pub fn changed(changed: bool) -> Self {
        if changed { Self::Ok } else { Self::Unchanged }
    }
}

impl ByDoor {
    fn register(registry: &Registry, metric: &Metric) -> Self {
        let counter = |via: Via, outcome| registry.counter(metric, &[via.name(), outcome]);
        let counters =
            Via::ALL.map(|via| ["ok", "unchanged", "refused", "failed"].map(|outcome| counter(via, outcome)));
        Self { counters, done: AtomicU64::default() }
    }

    /// Counts one attempt.
    pub fn count(&self, via: Via, outcome: Outcome) {
        self.counters[via as usize][outcome as usize].increment(1);
        if outcome == Outcome::Ok {
            self.done.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many ended with [`Outcome::Ok`], through both doors.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }
}

/// One field for each row of [`crate::telemetry::names`]; what is measured there stands in the row.
pub struct Instruments {
    pub(super) registry: Registry,
    pub(in crate::telemetry) http: HttpServer,
    /// [`names::REGISTRATIONS`]
    pub registrations: ByDoor,
    /// [`names::MESSAGES_POSTED`]
    pub messages_posted: ByDoor,
    /// [`names::FOLLOWS`]
    pub follows: ByDoor,
    /// [`names::UNFOLLOWS`]
    pub unfollows: ByDoor,
    /// [`names::LOGINS`]
    pub logins: ByDoor,
    /// [`names::USERS`]
    pub users: Gauge,
    /// [`names::MESSAGES`]
    pub messages: Gauge,
    /// [`names::FLAGGED`]
    pub flagged: Gauge,
    /// [`names::FOLLOWERS`]
    pub followers: Gauge,
    /// [`names::SESSIONS`]
    pub sessions: Gauge,
    /// [`names::LATEST`]
    pub latest: Gauge,
    /// [`names::LATEST_CHANGED`]
    pub latest_changed: Gauge,
    /// [`names::POOL_CONNECTIONS`] that are idle
    pub pool_idle: Gauge,
    /// [`names::POOL_CONNECTIONS`] that are in use
    pub pool_used: Gauge,
    /// [`names::POOL_MAX`]
    pub pool_max: Gauge,
    /// [`names::POOL_WAIT`]
    pub pool_wait: Histogram,
    /// [`names::POOL_TIMEOUTS`]
    pub pool_timeouts: Counter,
    /// [`names::HASH_QUEUE`]
    pub hash_queue: Gauge,
    /// [`names::HASH_RUNNING`]
    pub hash_running: Gauge,
    /// [`names::HASH_WAIT`]
    pub hash_wait: Histogram,
    /// [`names::HASH_DURATION`]
    pub hash_duration: Histogram,
    /// [`names::LOG_LINES`]
    pub log_lines: Counter,
    /// [`names::LOG_LINES_DROPPED`]
    pub log_lines_dropped: Counter,
    /// [`names::PANICS`]
    pub panics: Counter,
    tokio_workers: Gauge,
    tokio_tasks: Gauge,
    tokio_queue: Gauge,
}

impl Instruments {
    pub(super) fn register(registry: &Registry, version: &str, revision: &str) -> Self {
        let by_door = |metric| ByDoor::register(registry, metric);
        let counter = |metric| registry.counter(metric, &[]);
        let gauge = |metric| registry.gauge(metric, &[]);
        let histogram = |metric| registry.histogram(metric, &[]);
        registry.gauge(&names::BUILD_INFO, &[version, revision]).set(1.0);
        Self {
            http: HttpServer::new(registry.clone()),
            registrations: by_door(&names::REGISTRATIONS),
            messages_posted: by_door(&names::MESSAGES_POSTED),
            follows: by_door(&names::FOLLOWS),
            unfollows: by_door(&names::UNFOLLOWS),
            logins: by_door(&names::LOGINS),
            users: gauge(&names::USERS),
            messages: gauge(&names::MESSAGES),
            flagged: gauge(&names::FLAGGED),
            followers: gauge(&names::FOLLOWERS),
            sessions: gauge(&names::SESSIONS),
            latest: gauge(&names::LATEST),
            latest_changed: gauge(&names::LATEST_CHANGED),
            pool_idle: registry.gauge(&names::POOL_CONNECTIONS, &["idle"]),
            pool_used: registry.gauge(&names::POOL_CONNECTIONS, &["used"]),
            pool_max: gauge(&names::POOL_MAX),
            pool_wait: histogram(&names::POOL_WAIT),
            pool_timeouts: counter(&names::POOL_TIMEOUTS),
            hash_queue: gauge(&names::HASH_QUEUE),
            hash_running: gauge(&names::HASH_RUNNING),
            hash_wait: histogram(&names::HASH_WAIT),
            hash_duration: histogram(&names::HASH_DURATION),
            log_lines: counter(&names::LOG_LINES),
            log_lines_dropped: counter(&names::LOG_LINES_DROPPED),
            panics: counter(&names::PANICS),
            tokio_workers: gauge(&names::TOKIO_WORKERS),
            tokio_tasks: gauge(&names::TOKIO_TASKS),
            tokio_queue: gauge(&names::TOKIO_QUEUE),
            registry: registry.clone(),
        }
    }

    /// Reads what nobody tells: the process' and the runtime's numbers.
    #[expect(clippy::cast_precision_loss, reason = "there are fewer than 2^53 tasks")]
    pub(super) fn refresh(&self) {
        self.registry.read_process();
        if let Ok(runtime) = Handle::try_current().map(|handle| handle.metrics()) {
            self.tokio_workers.set(runtime.num_workers() as f64);
            self.tokio_tasks.set(runtime.num_alive_tasks() as f64);
            self.tokio_queue.set(runtime.global_queue_depth() as f64);
        }
    }
}
