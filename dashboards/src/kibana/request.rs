//! What a panel asks Elasticsearch, so that it can be run without Kibana.

use serde_json::{Map, Value, json};

use super::kql;
use super::source::{Counts, Lines, Measure, Of, Panel, Percentile, Rows, Show, Source, Table};

/// The body of a search; any time.
///
/// - of counts: `aggregations.LABEL`, with `doc_count` and `time.buckets`, for each of the series;
/// - of lines: `aggregations.time.buckets`, each with the measures by their labels, or for each of `aggregations.LABEL.buckets`
///   of the rows' label the measure and `time.buckets`;
/// - of a table: `aggregations.LABEL.buckets` of the first rows' label with the next one's inside, and in the innermost the
///   measures by their labels, percentiles as `values["95.0"]`; the number of documents is `doc_count`.
#[derive(Clone, Debug)]
pub struct Request {
    /// The panel's id.
    pub panel: String,
    /// The panel's title.
    pub title: String,
    /// What is sent to `_search`.
    pub body: Value,
}

impl Source {
    pub(super) fn requests(&self) -> Result<Vec<Request>, kql::Error> {
        let time = &self.data_view.time.value;
        self.dashboard.panels.iter().filter_map(|panel| panel.request(time).transpose()).collect()
    }
}

impl Panel {
    /// None of a panel that shows a text, or what a search finds.
    fn request(&self, time: &str) -> Result<Option<Request>, kql::Error> {
        let (query, aggregations) = match &self.show {
            Show::Text(_) | Show::Search(_) => return Ok(None),
            Show::Counts(counts) => (&counts.query, counts.aggregations(time)?),
            Show::Lines(lines) => (&lines.query, lines.aggregations(time)),
            Show::Table(table) => (&table.query, table.aggregations()),
        };
        let query = kql::query(&query.value)?;
        let body = json!({ "size": 0, "track_total_hits": true, "query": query, "aggs": aggregations });
        Ok(Some(Request { panel: self.id.value.clone(), title: self.title.clone(), body }))
    }
}

impl Counts {
    fn aggregations(&self, time: &str) -> Result<Value, kql::Error> {
        let series = self.series.iter().map(|series| {
            let filter = kql::query(&series.query.value)?;
            Ok((series.label.value.clone(), json!({ "filter": filter, "aggs": over_time(time, &json!({})) })))
        });
        series.collect::<Result<Map<_, _>, _>>().map(Value::Object)
    }
}

impl Lines {
    fn aggregations(&self, time: &str) -> Value {
        let measures = measures(&self.measures);
        let Some(rows) = &self.rows else { return over_time(time, &measures) };
        let mut each = measures.clone();
        each["time"] = over_time(time, &measures)["time"].take();
        rows.aggregation(&self.measures, &each)
    }
}

impl Table {
    fn aggregations(&self) -> Value {
        let mut inner = json!({});
        for rows in self.rows.iter().rev() {
            let mut each = measures(&self.measures);
            inner.as_object_mut().into_iter().flatten().for_each(|(name, of)| each[name] = of.take());
            inner = rows.aggregation(&self.measures, &each);
        }
        inner
    }
}

impl Rows {
    /// The values with the greatest first measure.
    fn aggregation(&self, measures: &[Measure], each: &Value) -> Value {
        let by = measures.first().map_or_else(|| "_count".into(), Measure::path);
        let mut terms = json!({ "field": self.field.value, "size": self.most, "order": { by: "desc" } });
        if self.rest {
            terms["missing"] = "".into();
        }
        json!({ &self.label.value: { "terms": terms, "aggs": each } })
    }
}

fn over_time(time: &str, each: &Value) -> Value {
    json!({ "time": { "date_histogram": { "field": time, "fixed_interval": "1m", "min_doc_count": 1 }, "aggs": each } })
}

fn measures(measures: &[Measure]) -> Value {
    let named = measures.iter().filter_map(|measure| Some((measure.label.value.clone(), measure.aggregation()?)));
    named.collect::<Map<_, _>>().into()
}

impl Measure {
    /// None of the number of documents, which every bucket has.
    fn aggregation(&self) -> Option<Value> {
        match &self.of {
            Of::Documents => None,
            Of::Distinct(field) => Some(json!({ "cardinality": { "field": field.value } })),
            Of::Percentile(Percentile { of, percent }) => {
                Some(json!({ "percentiles": { "field": of.value, "percents": [percent] } }))
            }
        }
    }

    fn path(&self) -> String {
        let label = &self.label.value;
        match &self.of {
            Of::Documents => "_count".into(),
            Of::Distinct(_) => label.clone(),
            Of::Percentile(Percentile { percent, .. }) => format!("{label}.{percent}"),
        }
    }
}
