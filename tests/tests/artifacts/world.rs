//! A past in which everything goes on as it should, made of what the real programs tell: the same series, with values that are
//! known.

use std::collections::{BTreeMap, BTreeSet};

use e2e::monitoring::{Course, Pace, Past, Places, Prometheus, Series, Span};
use minitwit::clock::Clock;

use crate::platform::Platform;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// How much each counter grows in a second that has no pace of its own.
const PACE: f64 = 0.5;

/// How much each counter of requests that failed grows, and that of messages to people: one in twenty minutes, which is no
/// reason to wake anybody.
const FAILURES: f64 = 1.0 / 1_200.0;

/// What counts the site's requests once more.
const STORED: &str = r#"log_shipper_documents_acknowledged_total{dataset="minitwit.request"}"#;

/// Of these nothing is counted when all is well.
const TROUBLE: &[&str] = &[
    "_dead_letters_",
    "_deadlocks",
    "_dropped_",
    "_errors_",
    "_failed_",
    "_failures_",
    "_missed_",
    "_oom_kill",
    "_panics_",
    "_retried_",
    "_timeouts_",
];

/// What a machine has that is neither full nor short of anything, whatever this one has.
const MACHINE: &[(&str, f64)] = &[
    ("elasticsearch_filesystem_data_available_bytes", 60e9),
    ("elasticsearch_filesystem_data_size_bytes", 100e9),
    ("node_filesystem_avail_bytes", 60e9),
    ("node_filesystem_size_bytes", 100e9),
    ("node_memory_MemAvailable_bytes", 6e9),
    ("node_memory_MemTotal_bytes", 8e9),
];

/// What rules have recorded a week ago.
const RECORDED: f64 = 1_000.0;

/// A Prometheus that remembers it.
pub struct World {
    pub prometheus: Prometheus,
    pub past: Past,
    /// The time of the last sample, in seconds since 1970.
    pub end: f64,
}

impl World {
    /// Takes the series called `names` from a platform that runs; `None` where something is missing.
    pub async fn like(platform: &Platform, names: &BTreeSet<String>) -> anyhow::Result<Option<Self>> {
        let Pasts { recorded, site, all } = Pasts::like(platform, names).await?;
        let end = u64::try_from(Clock::default().now() / 1_000_000)?;
        let folder = tempfile::tempdir()?;
        let (begin, data) = (end - 10 * DAY, folder.path().join("data"));
        let span = |before: u64, length: u64, step: u64| Span { from: end - before, upto: end - before + length, step };
        // A week ago, for what compares; three days, for what is slow; and some hours as Prometheus has them.
        let week = span(7 * DAY + 2 * HOUR, 3 * HOUR, MINUTE);
        let days = span(3 * DAY, 3 * DAY - 7 * HOUR, 10 * MINUTE);
        let written = recorded.write(begin, &[week], &data)?
            && site.write(begin, &[week, days], &data)?
            && all.write(begin, &[span(7 * HOUR, 7 * HOUR, 15)], &data)?;
        if !written {
            return Ok(None);
        }
        let pace = Pace { every: "2s", speed: 1 };
        let Some(prometheus) = Prometheus::start(&Places::default(), pace, folder).await? else { return Ok(None) };
        #[expect(clippy::cast_precision_loss, reason = "times of this century are exact")]
        let world = Self { prometheus, past: all, end: end as f64 };
        for _ in 0..4 {
            // Some rules record what others make of what yet others record.
            world.prometheus.evaluates_all_rules().await?;
        }
        Ok(Some(world))
    }
}

/// Series of a platform, with the values that they shall have had.
#[derive(Default)]
struct Pasts {
    /// What rules have recorded, for those that compare with it.
    recorded: Past,
    /// The site's.
    site: Past,
    /// All but recorded ones.
    all: Past,
}

impl Pasts {
    async fn like(platform: &Platform, names: &BTreeSet<String>) -> anyhow::Result<Self> {
        let types = platform.prometheus.metadata().await?;
        let mut pasts = Self::default();
        for name in names {
            for series in platform.prometheus.query(&format!("{{__name__=\"{name}\"}}"), None).await? {
                pasts.add(name, series, &types);
            }
        }
        let requests = pasts.all.rate(|label| label("__name__") == "http_server_requests_total");
        for series in platform.prometheus.query(STORED, None).await? {
            pasts.all.add(series.labels, Course::Grows(requests));
        }
        let mut since = alert();
        pasts.all.add(since.clone(), Course::Still(1.0));
        since.remove("alertstate");
        since.insert("__name__".to_owned(), "ALERTS_FOR_STATE".to_owned());
        pasts.all.add(since, Course::Still(1_700_000_000.0));
        Ok(pasts)
    }

    fn add(&mut self, name: &str, series: Series, types: &BTreeMap<String, String>) {
        if is_recorded(name) {
            if name.contains(":increase") {
                self.recorded.add(series.labels, Course::Still(RECORDED));
            }
            return;
        }
        let course = course(&series, name, types);
        let failed = failed(&series).map(|labels| (labels, Course::Grows(FAILURES)));
        for (labels, course) in failed.into_iter().chain([(series.labels, course)]) {
            if name.starts_with("minitwit_") || name.starts_with("http_") {
                self.site.add(labels.clone(), course);
            }
            self.all.add(labels, course);
        }
    }
}

/// Recording rules have colons in their names.
pub fn is_recorded(name: &str) -> bool {
    name.contains(':')
}

/// What is a counter grows, unless it counts trouble; anything else stays as it is.
fn course(series: &Series, name: &str, types: &BTreeMap<String, String>) -> Course {
    let base = ["_bucket", "_count", "_sum"].iter().find_map(|suffix| name.strip_suffix(suffix)).unwrap_or(name);
    let is_of = |name: &str, kinds: &[&str]| types.get(name).is_some_and(|kind| kinds.contains(&kind.as_str()));
    if let Some(bound) = series.labels.get("le") {
        return Course::Grows(PACE * share_within(bound));
    }
    if name == "node_time_seconds" {
        return Course::Clock;
    }
    if let Some((_, value)) = MACHINE.iter().find(|(of_machine, _)| *of_machine == name) {
        return Course::Still(*value);
    }
    if is_of(name, &["counter"]) || is_of(base, &["histogram", "summary"]) && base != name {
        return Course::Grows(pace(series, name));
    }
    Course::Still(if series.value.is_finite() { series.value } else { 1.0 })
}

/// Of a hundred requests, one is at fault, and none meets with trouble.
fn pace(series: &Series, name: &str) -> f64 {
    let label = |name: &str| series.labels.get(name).map(String::as_str).unwrap_or_default();
    let is_refused = label("status").starts_with('4') || label("outcome") == "refused";
    if label("integration") == "webhook" && name.contains("_failed_") {
        return FAILURES;
    }
    match label("outcome") == "failed" || TROUBLE.iter().any(|trouble| name.contains(trouble)) {
        true => 0.0,
        false if is_refused => PACE / 100.0,
        false => PACE,
    }
}

/// The labels of requests like these that failed.
fn failed(series: &Series) -> Option<BTreeMap<String, String>> {
    let mut labels = series.labels.clone();
    let status = labels.get_mut("status").filter(|status| *status == "200")?;
    "500".clone_into(status);
    Some(labels)
}

/// Somebody is being woken.
fn alert() -> BTreeMap<String, String> {
    let labels = [
        ("__name__", "ALERTS"),
        ("alertname", "SiteProbeFailed"),
        ("alertstate", "firing"),
        ("severity", "critical"),
        ("team", "site"),
        ("component", "site"),
    ];
    labels.map(|(label, value)| (label.to_owned(), value.to_owned())).into()
}

/// How many of all observations are within a bound: half of them within half a millisecond.
pub fn share_within(bound: &str) -> f64 {
    match bound.parse::<f64>() {
        Ok(bound) if bound.is_finite() => bound / (bound + 0.0005),
        _ => 1.0,
    }
}
