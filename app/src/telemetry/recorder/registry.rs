//! Makes instruments of rows of the table.

use std::sync::Arc;

use metrics::{Counter, Gauge, Histogram, Key, Label, Level, Metadata, Recorder};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusRecorder};
use metrics_process::Collector;

use crate::telemetry::names::{self, Kind, Metric};

const METADATA: Metadata<'static> = Metadata::new("minitwit", Level::INFO, None);

/// A recorder that knows the whole table. It is used directly, not as the process' global one.
#[derive(Clone)]
pub struct Registry {
    recorder: Arc<PrometheusRecorder>,
    process: Collector,
}

impl Registry {
    pub(super) fn new() -> Self {
        let buckets = |builder: PrometheusBuilder, metric: &Metric| {
            let matcher = Matcher::Full(metric.name.to_owned());
            builder.set_buckets_for_metric(matcher, metric.buckets).expect("a histogram of the table has buckets")
        };
        let histograms = names::ALL.iter().filter(|metric| metric.kind == Kind::Histogram);
        let recorder = Arc::new(histograms.fold(PrometheusBuilder::new(), buckets).build_recorder());
        for metric in names::ALL {
            describe(&recorder, metric);
        }
        let process = Collector::default();
        metrics::with_local_recorder(&*recorder, || process.describe());
        Self { recorder, process }
    }

    /// The counter of `metric` with these values of its labels.
    pub(in crate::telemetry) fn counter(&self, metric: &Metric, values: &[&str]) -> Counter {
        self.recorder.register_counter(&key(metric, values), &METADATA)
    }

    /// The gauge of `metric` with these values of its labels.
    pub(in crate::telemetry) fn gauge(&self, metric: &Metric, values: &[&str]) -> Gauge {
        self.recorder.register_gauge(&key(metric, values), &METADATA)
    }

    /// The histogram of `metric` with these values of its labels.
    pub(in crate::telemetry) fn histogram(&self, metric: &Metric, values: &[&str]) -> Histogram {
        self.recorder.register_histogram(&key(metric, values), &METADATA)
    }

    pub(super) fn read_process(&self) {
        metrics::with_local_recorder(&*self.recorder, || self.process.collect());
    }

    pub(super) fn upkeep(&self) {
        self.recorder.handle().run_upkeep();
    }

    pub(super) fn render(&self) -> String {
        self.recorder.handle().render()
    }
}

fn key(metric: &Metric, values: &[&str]) -> Key {
    assert_eq!(metric.labels.len(), values.len(), "{}", metric.name);
    let labels = metric.labels.iter().zip(values);
    Key::from_parts(metric.name, labels.map(|(name, value)| Label::new(*name, (*value).to_owned())).collect::<Vec<_>>())
}

fn describe(recorder: &PrometheusRecorder, metric: &Metric) {
    let (name, unit, help) = (metric.name.into(), Some(metric.unit), metric.help.into());
    match metric.kind {
        Kind::Counter => recorder.describe_counter(name, unit, help),
        Kind::Gauge => recorder.describe_gauge(name, unit, help),
        Kind::Histogram => recorder.describe_histogram(name, unit, help),
    }
}
