//! The table: name, kind, unit, label with its values, buckets and help of every metric.
//!
//! Names and units follow Prometheus: base units, `_total` for counters. No label ever holds a container, a path or an
//! address. The metrics of the process (`process_*`) come from the `metrics-process` crate, which names them as
//! Prometheus' client libraries do.

use metrics::{Counter, Gauge, Histogram, Unit};

use super::Counters;
use super::registry::Registry;
use crate::batch::Dataset;
use crate::line::Marks;

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
    /// The label, if there is one, with every value that it can have.
    pub label: Option<(&'static str, &'static [&'static str])>,
    /// The upper bounds of a histogram's buckets.
    pub buckets: &'static [f64],
    /// One sentence for people.
    pub help: &'static str,
}

/// Seconds of a request; a minute is when it is given up by default.
pub const LATENCY: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0];

/// Bytes from a line to 16 MiB; 2 MiB is a full request by default.
pub const SIZE: &[f64] = &[1024.0, 16384.0, 131_072.0, 524_288.0, 1_048_576.0, 2_097_152.0, 4_194_304.0, 16_777_216.0];

/// Why a document became a dead letter: what Elasticsearch calls the error, or that it is too large for a request (ours).
pub const REASONS: &[&str] = &[
    "document_parsing_exception",
    "mapper_parsing_exception",
    "illegal_argument_exception",
    "request_too_large",
    "other",
];

/// How an attempt ended.
pub const OUTCOMES: &[&str] = &["ok", "failed"];

macro_rules! table {
    ($($field:ident = $kind:ident $(($($more:tt)*))? $name:literal $unit:ident $help:literal;)*) => {
        /// One field for each row.
        pub struct Instruments {
            $(#[doc = $help] pub $field: table!(@type $kind),)*
        }

        impl Instruments {
            pub(super) fn register(registry: &Registry) -> Self {
                let mut rows = ALL.iter();
                let mut next = || rows.next().expect("there is a row for each field");
                Self { $($field: registry.$kind(next()),)* }
            }
        }

        /// All rows.
        pub const ALL: &[Metric] = &[
            $(Metric {
                name: $name,
                unit: Unit::$unit,
                help: $help,
                ..table!(@row $kind $(($($more)*))?)
            },)*
        ];
    };
    (@type counter) => { Counter };
    (@type counters) => { Counters };
    (@type gauge) => { Gauge };
    (@type histogram) => { Histogram };
    (@row counter) => { row(Kind::Counter) };
    (@row counters($label:literal, $values:expr)) => { Metric { label: Some(($label, $values)), ..row(Kind::Counter) } };
    (@row gauge) => { row(Kind::Gauge) };
    (@row histogram($buckets:expr)) => { Metric { buckets: $buckets, ..row(Kind::Histogram) } };
}

const fn row(kind: Kind) -> Metric {
    Metric { name: "", kind, unit: Unit::Count, label: None, buckets: &[], help: "" }
}

/// Always 1; the labels `version` and `revision` say which build runs.
pub const BUILD_INFO: Metric =
    Metric { name: "log_shipper_build_info", help: "Always 1; the labels say which build runs.", ..row(Kind::Gauge) };

table! {
    lines_read = counter "log_shipper_lines_read_total" Count "Whole lines that were read.";
    lines_joined = counter "log_shipper_lines_joined_total" Count "Lines that were joined of several pieces or lines.";
    lines_cut = counter "log_shipper_lines_cut_total" Count "Lines that a time-out or the limit of length ended.";
    lines_marked = counters("mark", &Marks::NAMES) "log_shipper_lines_marked_total" Count
        "Lines that something happened to, by what it was; a line can have several marks.";
    documents_sent = counter "log_shipper_documents_sent_total" Count "Documents in requests, each time that they were sent.";
    documents_acknowledged = counters("dataset", &Dataset::NAMES) "log_shipper_documents_acknowledged_total" Count
        "Documents that Elasticsearch has stored, for the first time or before, by whose log they belong to.";
    documents_repeated = counter "log_shipper_documents_repeated_total" Count
        "Documents that Elasticsearch had already stored when they were sent.";
    documents_retried = counter "log_shipper_documents_retried_total" Count "Documents that have to be sent once more.";
    dead_letters = counters("reason", REASONS) "log_shipper_dead_letters_total" Count
        "Documents that Elasticsearch refused for good and that are kept here.";
    dead_letters_used = gauge "log_shipper_dead_letters_used_bytes" Bytes "Room on disk that dead letters take.";
    dead_letters_limit = gauge "log_shipper_dead_letters_limit_bytes" Bytes
        "Room on disk that dead letters may take; when it is used up, what is refused waits.";
    failure_store = counter "log_shipper_failure_store_total" Count
        "Documents that Elasticsearch put into its failure store.";
    bytes_read = counter "log_shipper_bytes_read_total" Bytes "Bytes that were read of files and standard input.";
    bytes_missed = counter "log_shipper_bytes_missed_total" Bytes
        "Bytes of files that vanished before they could be read, as far as their size was known.";
    files_missed = counter "log_shipper_files_missed_total" Count "Files that vanished before they could be read.";
    secrets_masked = counter "log_shipper_secrets_masked_total" Count "Parts of lines that looked like secrets and were hidden.";
    open_files = gauge "log_shipper_open_files" Count "Files that are held open.";
    files_followed = gauge "log_shipper_files_followed" Count "Files that are followed.";
    behind_bytes = gauge "log_shipper_behind_bytes" Bytes "Bytes of files that are not acknowledged.";
    behind_seconds = gauge "log_shipper_behind_seconds" Seconds
        "Age of the oldest line that is not acknowledged, since it was printed if Docker says when, else since it was read; 0 if all are.";
    in_flight_batches = gauge "log_shipper_in_flight_batches" Count "Requests that are on their way.";
    budget = gauge "log_shipper_budget_bytes" Bytes "Memory that documents may take that are not acknowledged.";
    budget_used = gauge "log_shipper_budget_used_bytes" Bytes "Memory that documents take that are not acknowledged.";
    bulk_duration = histogram(LATENCY) "log_shipper_bulk_duration_seconds" Seconds
        "Time from the sending of a request to its whole answer.";
    bulk_size = histogram(SIZE) "log_shipper_bulk_size_bytes" Bytes "Size of requests before compression.";
    state_writes = counters("outcome", OUTCOMES) "log_shipper_state_writes_total" Count "Times that positions were written.";
    reloads = counters("outcome", OUTCOMES) "log_shipper_reloads_total" Count "Times that the settings were read again.";
    watch_overflows = counter "log_shipper_watch_overflows_total" Count
        "Times that the kernel could not tell of all changes, so that everything was looked at anew.";
    log_lines_dropped = counter "log_shipper_log_lines_dropped_total" Count
        "Lines of the program's own log that were lost because nobody read them in time.";
}
