//! The queries of a panel in the form of their data sources.

use serde_json::{Value, json};

use super::choices::{DataSource, Kind};
use super::source::{Panel, Written};

/// The data source of all queries, or the mark that each has its own.
pub fn data_source(panel: &Panel) -> Value {
    match panel.queries.as_slice() {
        [first, others @ ..] if others.iter().all(|other| other.source == first.source) => reference(first.source),
        _ => json!({ "type": "datasource", "uid": "-- Mixed --" }),
    }
}

/// The queries.
pub fn all(panel: &Panel) -> Value {
    panel.queries.iter().enumerate().map(|(at, query)| target(panel, query, &reference_id(at))).collect()
}

/// The name of the query at a place: A, B, C …
pub fn reference_id(at: usize) -> String {
    ('A'..='Z').nth(at).unwrap_or('Z').to_string()
}

/// Whether a query asks for one moment only.
pub fn instant(panel: &Panel) -> bool {
    !panel.kind.over_time() && !panel.course
}

fn target(panel: &Panel, query: &Written, reference: &str) -> Value {
    match query.source {
        DataSource::Prometheus => promql(panel, query, reference),
        DataSource::Postgres => sql(panel, query, reference),
        DataSource::Elasticsearch => lucene(query, reference),
    }
}

fn reference(source: DataSource) -> Value {
    json!({ "type": source.plugin(), "uid": format!("${{{}}}", source.variable().name()) })
}

fn promql(panel: &Panel, query: &Written, reference_id: &str) -> Value {
    let instant = instant(panel);
    json!({
        "datasource": reference(DataSource::Prometheus),
        "editorMode": "code",
        "expr": query.text,
        "format": format(panel.kind),
        "instant": instant,
        "legendFormat": query.legend.as_deref().unwrap_or("__auto"),
        "range": !instant,
        "refId": reference_id,
    })
}

fn format(kind: Kind) -> &'static str {
    match kind {
        Kind::Table => "table",
        Kind::HeatMap => "heatmap",
        Kind::TimeSeries | Kind::Stat | Kind::BarChart | Kind::StateTimeline => "time_series",
    }
}

fn sql(panel: &Panel, query: &Written, reference_id: &str) -> Value {
    json!({
        "datasource": reference(DataSource::Postgres),
        "editorMode": "code",
        "format": if panel.kind.over_time() { "time_series" } else { "table" },
        "rawQuery": true,
        "rawSql": query.text,
        "refId": reference_id,
    })
}

// A count for each value of `event.dataset`, over time: the one form that a panel has needed so far.
fn lucene(query: &Written, reference_id: &str) -> Value {
    json!({
        "alias": query.legend.as_deref().unwrap_or("{{term event.dataset}}"),
        "bucketAggs": [
            {
                "field": "event.dataset",
                "id": "2",
                "settings": { "min_doc_count": "1", "order": "desc", "orderBy": "_count", "size": "10" },
                "type": "terms",
            },
            {
                "field": "@timestamp",
                "id": "3",
                "settings": { "interval": "auto", "min_doc_count": "0", "trimEdges": "0" },
                "type": "date_histogram",
            },
        ],
        "datasource": reference(DataSource::Elasticsearch),
        "metrics": [{ "id": "1", "type": "count" }],
        "query": query.text,
        "refId": reference_id,
        "timeField": "@timestamp",
    })
}
