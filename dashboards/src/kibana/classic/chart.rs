//! How a classic chart over time looks.

use serde_json::{Value, json};

/// A chart of one kind for metrics with these numbers.
pub(super) fn parameters(kind: &str, mode: &str, title: &str, metrics: &[&str]) -> Value {
    let series = |id: &&str| {
        json!({
            "data": { "id": id, "label": title },
            "drawLinesBetweenPoints": true,
            "lineWidth": 2,
            "mode": mode,
            "show": true,
            "showCircles": false,
            "type": kind,
            "valueAxis": "ValueAxis-1",
        })
    };
    json!({
        "addLegend": true,
        "addTimeMarker": false,
        "addTooltip": true,
        "categoryAxes": [axis("CategoryAxis-1", "category", "bottom", &json!({ "type": "linear" }), "")],
        "grid": { "categoryLines": false },
        "labels": { "show": false },
        "legendPosition": "right",
        "seriesParams": metrics.iter().map(series).collect::<Vec<_>>(),
        "thresholdLine": { "color": "#E7664C", "show": false, "style": "full", "value": 10, "width": 1 },
        "times": [],
        "type": kind,
        "valueAxes": [axis("ValueAxis-1", "value", "left", &json!({ "mode": "normal", "type": "linear" }), title)],
    })
}

fn axis(id: &str, kind: &str, position: &str, scale: &Value, title: &str) -> Value {
    json!({
        "id": id,
        "labels": { "filter": kind == "category", "rotate": 0, "show": true, "truncate": 100 },
        "name": format!("{position}-axis"),
        "position": position,
        "scale": scale,
        "show": true,
        "style": {},
        "title": { "text": title },
        "type": kind,
    })
}
