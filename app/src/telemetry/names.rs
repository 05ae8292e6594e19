//! Every metric of the program in one table: name, kind, unit, help, labels and buckets.
//!
//! Names and units follow Prometheus (base units, `_total` for counters) and, for HTTP, OpenTelemetry's
//! `http.server.*`. No label ever holds a user, a path or an address. The metrics of the process (`process_*`) come from
//! the `metrics-process` crate, which names them as Prometheus' client libraries do.

use metrics::Unit;

/// The `route` of every request that met no route of ours.
pub const UNMATCHED: &str = "unmatched";

/// What kind of number a metric is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Only grows, from 0 at the start.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Counts observations by size.
    Histogram,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    /// The name, as Prometheus has it.
    pub name: &'static str,
    /// The kind.
    pub kind: Kind,
    /// What is counted or measured.
    pub unit: Unit,
    /// The names of the labels.
    pub labels: &'static [&'static str],
    /// The upper bounds of a histogram's buckets.
    pub buckets: &'static [f64],
    /// One sentence for people.
    pub help: &'static str,
}

/// Seconds from half a millisecond to ten, with the simulator's limit (0.3) and the alerts' bounds (0.1, 0.5) exact.
pub const LATENCY: &[f64] = &[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Bytes from an empty body to a mebibyte; 65,536 is the largest request body.
pub const SIZE: &[f64] = &[0.0, 256.0, 1024.0, 4096.0, 16384.0, 65536.0, 262_144.0, 1_048_576.0];

/// Seconds of waiting for something that is usually free.
pub const WAIT: &[f64] = &[0.0001, 0.001, 0.005, 0.01, 0.05, 0.1, 0.3, 0.5, 1.0, 2.5, 5.0];

macro_rules! table {
    ($($id:ident = $kind:ident $name:literal [$($label:literal)*] $unit:ident $($buckets:ident)?, $help:literal;)*) => {
        $(
            #[doc = $help]
            pub const $id: Metric = Metric {
                name: $name,
                kind: Kind::$kind,
                unit: Unit::$unit,
                labels: &[$($label),*],
                buckets: table!(@ $($buckets)?),
                help: $help,
            };
        )*
        /// All rows.
        pub const ALL: &[Metric] = &[$($id),*];
    };
    (@ $buckets:ident) => { $buckets };
    (@) => { &[] };
}

table! {
    REQUEST_DURATION = Histogram "http_server_request_duration_seconds" ["via" "method" "route" "status_class"] Seconds LATENCY,
        "Time from a request's arrival to its answer, without the sending of the body.";
    REQUESTS = Counter "http_server_requests_total" ["via" "method" "route" "status"] Count,
        "Requests, by the status of their answer; 499 if the client went away before it.";
    ACTIVE_REQUESTS = Gauge "http_server_active_requests" ["via"] Count,
        "Requests that are being answered now.";
    REQUEST_SIZE = Histogram "http_server_request_size_bytes" ["via" "method" "route"] Bytes SIZE,
        "Announced size of request bodies.";
    RESPONSE_SIZE = Histogram "http_server_response_size_bytes" ["via" "method" "route"] Bytes SIZE,
        "Size of response bodies.";

    REGISTRATIONS = Counter "minitwit_registrations_total" ["via" "outcome"] Count, "Registrations that were tried.";
    MESSAGES_POSTED = Counter "minitwit_messages_posted_total" ["via" "outcome"] Count, "Messages that were sent to be posted.";
    FOLLOWS = Counter "minitwit_follows_total" ["via" "outcome"] Count, "Requests to follow a user.";
    UNFOLLOWS = Counter "minitwit_unfollows_total" ["via" "outcome"] Count, "Requests to follow a user no longer.";
    LOGINS = Counter "minitwit_logins_total" ["via" "outcome"] Count, "Sign-ins that were tried.";

    USERS = Gauge "minitwit_users" [] Count, "Users in the database.";
    MESSAGES = Gauge "minitwit_messages" [] Count, "Messages in the database.";
    FLAGGED = Gauge "minitwit_flagged_messages" [] Count, "Messages in the database that are hidden from everybody.";
    FOLLOWERS = Gauge "minitwit_followers" [] Count, "Pairs of a user and a follower in the database.";
    SESSIONS = Gauge "minitwit_sessions" [] Count, "Sessions that are signed in.";
    LATEST = Gauge "minitwit_simulator_latest" [] Count, "The simulator's number of its latest request; -1 before the first.";
    LATEST_CHANGED = Gauge "minitwit_simulator_latest_changed_timestamp_seconds" [] Seconds,
        "When the simulator's number last changed, in seconds since 1970; 0 before the first.";

    POOL_CONNECTIONS = Gauge "minitwit_db_pool_connections" ["state"] Count, "Open connections to the database.";
    POOL_MAX = Gauge "minitwit_db_pool_max_connections" [] Count, "Connections to the database that may be open.";
    POOL_WAIT = Histogram "minitwit_db_pool_wait_seconds" [] Seconds WAIT, "Time a request waited for a connection to the database.";
    POOL_TIMEOUTS = Counter "minitwit_db_pool_timeouts_total" [] Count,
        "Requests that got no connection to the database in time.";

    HASH_QUEUE = Gauge "minitwit_password_hash_queue" [] Count, "Passwords that wait to be hashed.";
    HASH_RUNNING = Gauge "minitwit_password_hash_running" [] Count, "Passwords that are being hashed now.";
    HASH_WAIT = Histogram "minitwit_password_hash_wait_seconds" [] Seconds WAIT, "Time a password waited to be hashed.";
    HASH_DURATION = Histogram "minitwit_password_hash_duration_seconds" [] Seconds LATENCY,
        "Time the hashing of a password took.";

    LOG_LINES = Counter "minitwit_log_lines_total" [] Count, "Lines of the log that were written.";
    LOG_LINES_DROPPED = Counter "minitwit_log_lines_dropped_total" [] Count,
        "Lines of the log that were lost, because nobody read them in time or writing failed.";
    PANICS = Counter "minitwit_panics_total" [] Count, "Panics of the program.";
    BUILD_INFO = Gauge "minitwit_build_info" ["version" "revision"] Count, "Always 1; the labels say which build runs.";

    TOKIO_WORKERS = Gauge "tokio_workers" [] Count, "Worker threads of the asynchronous runtime.";
    TOKIO_TASKS = Gauge "tokio_alive_tasks" [] Count, "Tasks of the asynchronous runtime that have not ended.";
    TOKIO_QUEUE = Gauge "tokio_global_queue_depth" [] Count, "Tasks that wait in the runtime's global queue.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_stands_once_and_says_its_kind_and_unit() {
        for (at, metric) in ALL.iter().enumerate() {
            let same_name = |other: &Metric| other.name == metric.name;
            assert_eq!(ALL.iter().position(same_name), Some(at), "{}", metric.name);
            assert_eq!(metric.name.ends_with("_total"), metric.kind == Kind::Counter, "{}", metric.name);
            assert_eq!(metric.name.ends_with("_seconds"), metric.unit == Unit::Seconds, "{}", metric.name);
            assert_eq!(metric.name.ends_with("_bytes"), metric.unit == Unit::Bytes, "{}", metric.name);
            assert!(metric.help.ends_with('.'), "{}", metric.name);
        }
    }

    #[test]
    fn histograms_have_growing_buckets_and_nothing_else_has_any() {
        for metric in ALL {
            assert_eq!(metric.kind == Kind::Histogram, !metric.buckets.is_empty(), "{}", metric.name);
            assert!(metric.buckets.is_sorted_by(|a, b| a < b), "{}", metric.name);
        }
        assert!([0.1, 0.3, 0.5].iter().all(|bound| LATENCY.contains(bound)));
    }
}
