//! The aggregations of a classic visualization: a numbered list of metrics, then of what they are grouped by.

use serde_json::{Value, json};

use crate::kibana::object::kuery;
use crate::kibana::source::{Measure, Of, Percentile, Rows, Series};

/// Metrics, and the groups in which they are computed.
pub(super) struct Aggregations {
    list: Vec<Value>,
    /// By which rows are ordered: a metric's number, of percentiles with the percent behind a dot.
    order: String,
}

impl Aggregations {
    /// How many documents there are.
    pub(super) fn of_documents() -> Self {
        let mut aggregations = Self { list: Vec::new(), order: "1".into() };
        aggregations.add("count", "metric", &json!({}));
        aggregations
    }

    /// Measures; the percentiles of a field are one metric.
    pub(super) fn of(measures: &[Measure]) -> Self {
        let mut aggregations = Self { list: Vec::new(), order: String::new() };
        for measure in measures {
            let order = aggregations.measure(measure);
            if aggregations.order.is_empty() {
                aggregations.order = order;
            }
        }
        aggregations
    }

    fn measure(&mut self, measure: &Measure) -> String {
        let label = &measure.label.value;
        match &measure.of {
            Of::Documents => self.add("count", "metric", &json!({ "customLabel": label })),
            Of::Distinct(field) => {
                self.add("cardinality", "metric", &json!({ "customLabel": label, "field": field.value }))
            }
            Of::Percentile(percentile) => self.percentile(percentile),
        }
    }

    fn percentile(&mut self, Percentile { of, percent }: &Percentile) -> String {
        let of = &of.value;
        let same = |metric: &Value| metric["type"] == "percentiles" && metric["params"]["field"] == **of;
        let number = match self.list.iter().position(same) {
            None => self.add("percentiles", "metric", &json!({ "field": of, "percents": [percent] })),
            Some(known) => {
                if let Some(percents) = self.list[known]["params"]["percents"].as_array_mut() {
                    percents.push((*percent).into());
                }
                (known + 1).to_string()
            }
        };
        format!("{number}.{percent}")
    }

    /// The numbers of the metrics.
    pub(super) fn metrics(&self) -> Vec<String> {
        (1..=self.list.len()).map(|number| number.to_string()).collect()
    }

    /// Intervals that suit the range of time.
    pub(super) fn over_time(&mut self, field: &str) {
        let parameters = json!({
            "drop_partials": false,
            "extended_bounds": {},
            "field": field,
            "interval": "auto",
            "min_doc_count": 1,
            "scaleMetricValues": false,
        });
        self.add("date_histogram", "segment", &parameters);
    }

    /// What each of several queries finds.
    pub(super) fn each_of(&mut self, series: &[Series]) {
        let filter = |series: &Series| json!({ "input": kuery(&series.query.value), "label": series.label.value });
        let filters: Vec<_> = series.iter().map(filter).collect();
        self.add("filters", "group", &json!({ "filters": filters }));
    }

    /// The values of a field with the greatest first metric.
    pub(super) fn most(&mut self, rows: &Rows, schema: &str) {
        let parameters = json!({
            "customLabel": rows.label.value,
            "field": rows.field.value,
            "missingBucket": rows.rest,
            "missingBucketLabel": "Missing",
            "order": "desc",
            "orderBy": self.order,
            "otherBucket": rows.rest,
            "otherBucketLabel": "Other",
            "size": rows.most,
        });
        self.add("terms", schema, &parameters);
    }

    pub(super) fn into_list(self) -> Vec<Value> {
        self.list
    }

    fn add(&mut self, kind: &str, schema: &str, parameters: &Value) -> String {
        let id = (self.list.len() + 1).to_string();
        self.list.push(json!({ "enabled": true, "id": id, "params": parameters, "schema": schema, "type": kind }));
        id
    }
}
