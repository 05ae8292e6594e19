//! Makes instruments of rows of the table.

use std::sync::Arc;

use metrics::{Counter, Gauge, Histogram, Key, Label, Level, Metadata, Recorder};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusRecorder};
use metrics_process::Collector;

use super::Counters;
use super::names::{self, Kind, Metric};

const METADATA: Metadata<'static> = Metadata::new("log_shipper", Level::INFO, None);

/// A recorder that knows the whole table. It is used directly, not as the process' global one.
#[derive(Clone)]
pub(super) struct Registry {
    recorder: Arc<PrometheusRecorder>,
    process: Collector,
}

impl Registry {
    pub(super) fn new(version: &str, revision: &str) -> Self {
        let buckets = |builder: PrometheusBuilder, metric: &Metric| {
            let matcher = Matcher::Full(metric.name.to_owned());
            builder.set_buckets_for_metric(matcher, metric.buckets).expect("a histogram of the table has buckets")
        };
        let histograms = names::ALL.iter().filter(|metric| metric.kind == Kind::Histogram);
        let recorder = Arc::new(histograms.fold(PrometheusBuilder::new(), buckets).build_recorder());
        names::ALL.iter().chain([&names::BUILD_INFO]).for_each(|metric| describe(&recorder, metric));
        let process = Collector::default();
        metrics::with_local_recorder(&*recorder, || process.describe());
        let build = [("version", version), ("revision", revision)];
        recorder.register_gauge(&key(&names::BUILD_INFO, &build), &METADATA).set(1.0);
        Self { recorder, process }
    }

    pub(super) fn counter(&self, metric: &Metric) -> Counter {
        self.recorder.register_counter(&key(metric, &[]), &METADATA)
    }

    pub(super) fn counters(&self, metric: &Metric) -> Counters {
        let (label, values) = metric.label.unwrap_or_default();
        let counter = |value| self.recorder.register_counter(&key(metric, &[(label, value)]), &METADATA);
        Counters(values.iter().map(|value| (*value, counter(value))).collect())
    }

    pub(super) fn gauge(&self, metric: &Metric) -> Gauge {
        self.recorder.register_gauge(&key(metric, &[]), &METADATA)
    }

    pub(super) fn histogram(&self, metric: &Metric) -> Histogram {
        self.recorder.register_histogram(&key(metric, &[]), &METADATA)
    }

    /// Brings observations into their buckets.
    pub(super) fn gather(&self) {
        self.recorder.handle().run_upkeep();
    }

    pub(super) fn render(&self) -> String {
        metrics::with_local_recorder(&*self.recorder, || self.process.collect());
        self.recorder.handle().render()
    }
}

fn key(metric: &Metric, labels: &[(&'static str, &str)]) -> Key {
    let labels = labels.iter().map(|(name, value)| Label::new(*name, (*value).to_owned()));
    Key::from_parts(metric.name, labels.collect::<Vec<_>>())
}

fn describe(recorder: &PrometheusRecorder, metric: &Metric) {
    let (name, unit, help) = (metric.name.into(), Some(metric.unit), metric.help.into());
    match metric.kind {
        Kind::Counter => recorder.describe_counter(name, unit, help),
        Kind::Gauge => recorder.describe_gauge(name, unit, help),
        Kind::Histogram => recorder.describe_histogram(name, unit, help),
    }
}
