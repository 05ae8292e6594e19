//! Rules on a single query.

use dashboards::grafana::DataSource;
use serde_json::Value;

use super::Found;
use crate::board::{list, panels, promql as queries, text, variable};
use crate::expression::{self, INSTANCE, JOB, RATE_INTERVAL, Seen};

/// Names that end like a counter's and are none.
const GAUGES: [&str; 1] = ["pg_stat_activity_count"];

/// Counters that do not end like one.
const COUNTERS: [&str; 6] = [
    "node_vmstat_oom_kill",
    "pg_stat_database_blks_hit",
    "pg_stat_database_blks_read",
    "pg_stat_database_deadlocks",
    "pg_stat_database_xact_commit",
    "pg_stat_database_xact_rollback",
];

/// Only data sources of ours are asked; there is no Loki among them.
pub fn logql(board: &Value) -> Found {
    let ours =
        |target: &Value| DataSource::ALL.iter().any(|source| source.plugin() == text(target, "/datasource/type"));
    let strange = panels(board).into_iter().filter(|panel| !list(panel, "/targets").iter().all(ours));
    strange.map(|panel| (id(panel), "it asks a data source that is none of ours".to_owned())).collect()
}

/// What is asked of Prometheus can be read by it.
pub fn promql(board: &Value) -> Found {
    let parsed = queries(board).into_iter().map(|(panel, query)| (panel, expression::parse(query)));
    parsed.filter_map(|(panel, parsed)| Some((id(panel), parsed.err()?))).collect()
}

/// A rate looks back as far as the distance of two points asks for.
pub fn rate_interval(board: &Value) -> Found {
    let is_rate = |name: &str| ["rate", "irate", "increase", "changes", "resets"].contains(&name);
    each(board, |_, seen| {
        let rate = seen.functions.first().is_some_and(|function| is_rate(function));
        (rate && seen.range != Some(RATE_INTERVAL)).then(|| format!("{} is not over $__rate_interval", seen.name))
    })
}

/// Metrics of the dashboard's own targets are those of the chosen jobs.
pub fn job(board: &Value) -> Found {
    each(board, |board, seen| {
        let chosen = seen.matchers("job").contains(&JOB);
        (of_targets(board, seen) && !chosen).then(|| format!("{} is not of the chosen jobs", seen.name))
    })
}

/// Metrics of the dashboard's own targets are those of the chosen instances.
pub fn instance(board: &Value) -> Found {
    each(board, |board, seen| {
        let chosen = seen.matchers("instance").contains(&INSTANCE);
        (of_targets(board, seen) && !chosen).then(|| format!("{} is not of the chosen instances", seen.name))
    })
}

/// Every metric is that of certain jobs: two programs may have the same name for something.
pub fn required_matchers(board: &Value) -> Found {
    each(board, |_, seen| {
        let free = seen.recorded() || seen.name.starts_with("ALERTS");
        (!free && seen.matchers("job").iter().all(|job| job.is_empty())).then(|| format!("{} is of no job", seen.name))
    })
}

/// What every program has, whatever it is, is that of certain jobs even when all jobs are chosen.
pub fn shared(board: &Value) -> Found {
    each(board, |_, seen| {
        let shared = seen.name == "up" || ["process_", "scrape_"].iter().any(|start| seen.name.starts_with(start));
        let jobs = seen.matchers("job");
        let open = !jobs.is_empty() && jobs.iter().all(|job| *job == JOB);
        (shared && open).then(|| format!("{} is of every job if all are chosen", seen.name))
    })
}

/// What only grows is shown by how fast it grows.
pub fn counter_agg(board: &Value) -> Found {
    each(board, |_, seen| {
        let grows = seen.functions.first().is_some_and(|function| ["rate", "irate", "increase"].contains(function));
        (is_counter(seen) && !(grows && seen.range.is_some()))
            .then(|| format!("{} is a counter without a rate", seen.name))
    })
}

/// Buckets are for quantiles, for shares below a bound, and for pictures of all of them.
pub fn histogram(board: &Value) -> Found {
    let misused = queries(board).into_iter().filter(|(panel, query)| {
        let parsed = expression::parse(query);
        let buckets = parsed.iter().flat_map(expression::selectors).filter(|seen| seen.name.ends_with("_bucket"));
        text(panel, "/type") != "heatmap"
            && buckets
                .into_iter()
                .any(|seen| !seen.functions.contains(&"histogram_quantile") && seen.matchers("le").is_empty())
    });
    misused.map(|(panel, _)| (id(panel), "buckets are added up that contain each other".to_owned())).collect()
}

fn is_counter(seen: &Seen<'_>) -> bool {
    let ends = ["_total", "_count", "_bucket", "_sum"].iter().any(|end| seen.name.ends_with(end));
    let named = COUNTERS.contains(&seen.name) || ends && !GAUGES.contains(&seen.name);
    named && !seen.recorded()
}

/// Whether a metric belongs to the targets that can be chosen at the top: those of the shipper where shippers are chosen, else
/// those of the site. A process of another job is another matter.
fn of_targets(board: &Value, seen: &Seen<'_>) -> bool {
    let chosen = variable(board, "job").map_or("", |variable| text(variable, "/query/query"));
    let other = seen.matchers("job").iter().any(|job| *job != JOB && !job.starts_with("minitwit-"));
    if chosen.contains("log_shipper") {
        return seen.name.starts_with("log_shipper_");
    }
    let ours = ["minitwit_", "http_server_", "tokio_", "process_"].iter().any(|start| seen.name.starts_with(start));
    let backup = seen.name.starts_with("minitwit_backup_");
    (ours && !backup || seen.name == "up")
        && !other
        && !seen.recorded()
        && !(seen.name == "up" && seen.matchers("job").is_empty())
}

fn each(board: &Value, wrong: impl Fn(&Value, &Seen<'_>) -> Option<String>) -> Found {
    let mut found = Vec::new();
    for (panel, query) in queries(board) {
        let parsed = expression::parse(query);
        let selectors = parsed.iter().flat_map(expression::selectors);
        found.extend(selectors.filter_map(|seen| Some((id(panel), wrong(board, &seen)?))));
    }
    found
}

fn id(panel: &Value) -> u64 {
    panel["id"].as_u64().unwrap_or_default()
}
