//! What a column of a layer computes.

use serde_json::{Value, json};

use crate::kibana::object::kuery;
use crate::kibana::source::{Measure, Of, Percentile, Rows};

/// All documents, as Lens calls them.
const DOCUMENTS: &str = "___records___";

/// Intervals that suit the range of time.
pub(super) fn time(field: &str) -> Value {
    json!({
        "customLabel": true,
        "dataType": "date",
        "isBucketed": true,
        "label": "Time",
        "operationType": "date_histogram",
        "params": { "dropPartials": false, "includeEmptyRows": true, "interval": "auto" },
        "scale": "interval",
        "sourceField": field,
    })
}

/// The values of a field with the greatest measure.
pub(super) fn most(rows: &Rows, of: &str, by: &str) -> Value {
    json!({
        "customLabel": true,
        "dataType": of,
        "isBucketed": true,
        "label": rows.label.value,
        "operationType": "terms",
        "params": {
            "exclude": [],
            "excludeIsRegex": false,
            "include": [],
            "includeIsRegex": false,
            "missingBucket": rows.rest,
            "orderBy": { "columnId": by, "type": "column" },
            "orderDirection": "desc",
            "otherBucket": rows.rest,
            "parentFormat": { "id": "terms" },
            "size": rows.most,
        },
        "scale": "ordinal",
        "sourceField": rows.field.value,
    })
}

/// How many documents there are of a query in a second.
pub(super) fn rate(label: &str, query: &str) -> Value {
    let mut column = number(label, "count", DOCUMENTS, &json!({ "emptyAsNull": false }));
    column["filter"] = kuery(query);
    column["params"]["format"] = json!({ "id": "number", "params": { "decimals": 2 } });
    column["timeScale"] = "s".into();
    column
}

pub(super) fn measure(measure: &Measure) -> Value {
    let label = &measure.label.value;
    match &measure.of {
        Of::Documents => number(label, "count", DOCUMENTS, &json!({ "emptyAsNull": true })),
        Of::Distinct(field) => number(label, "unique_count", &field.value, &json!({ "emptyAsNull": true })),
        Of::Percentile(Percentile { of, percent }) => {
            number(label, "percentile", &of.value, &json!({ "percentile": percent }))
        }
    }
}

/// A number; it is shown in the form that the data view gives its field.
fn number(label: &str, operation: &str, field: &str, parameters: &Value) -> Value {
    json!({
        "customLabel": true,
        "dataType": "number",
        "isBucketed": false,
        "label": label,
        "operationType": operation,
        "params": parameters,
        "scale": "ratio",
        "sourceField": field,
    })
}
