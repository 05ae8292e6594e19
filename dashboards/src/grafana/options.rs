//! What each kind of panel has of its own.

use serde_json::{Value, json};

use super::choices::{Calc, Draw, Kind, Scale};
use super::source::Panel;
use super::{columns, fields};

/// The panel's options.
pub fn of(panel: &Panel) -> Value {
    match panel.kind {
        Kind::TimeSeries => json!({ "legend": legend(panel), "tooltip": tooltip() }),
        Kind::Stat => stat(panel),
        Kind::Table => table(panel),
        Kind::BarChart => bar_chart(panel),
        Kind::StateTimeline => state_timeline(panel),
        Kind::HeatMap => heat_map(panel),
    }
}

/// What its fields have of their own.
pub fn custom(panel: &Panel) -> Option<Value> {
    match panel.kind {
        Kind::TimeSeries => Some(time_series_fields(panel)),
        Kind::Stat => None,
        Kind::Table => Some(json!({ "align": "auto", "cellOptions": { "type": "auto" }, "inspect": false })),
        Kind::BarChart => Some(json!({ "fillOpacity": 70, "lineWidth": 1, "scaleDistribution": scale(panel) })),
        Kind::StateTimeline => Some(json!({ "fillOpacity": 70, "lineWidth": 0 })),
        Kind::HeatMap => Some(json!({ "scaleDistribution": scale(panel) })),
    }
}

fn legend(panel: &Panel) -> Value {
    let mode = if panel.legend.is_empty() { "list" } else { "table" };
    let mut legend = json!({ "calcs": panel.legend, "displayMode": mode, "placement": "bottom", "showLegend": true });
    // Of many lines only the first are seen: those with the highest peak.
    if panel.legend.contains(&Calc::Max) {
        fields::set(&mut legend, "sortBy", Some("Max"));
        fields::set(&mut legend, "sortDesc", Some(true));
    }
    legend
}

fn tooltip() -> Value {
    json!({ "mode": "multi", "sort": "desc" })
}

fn scale(panel: &Panel) -> Value {
    match panel.scale {
        Scale::Linear => json!({ "type": "linear" }),
        // Of the logarithmic scales it is the one that has a zero.
        Scale::Log => json!({ "linearThreshold": 1, "log": 10, "type": "symlog" }),
    }
}

fn time_series_fields(panel: &Panel) -> Value {
    let limits = panel.thresholds.is_some();
    let (style, interpolation, fill) = style(panel.draw, panel.stack);
    json!({
        "axisPlacement": "auto",
        "axisSoftMin": 0,
        "barAlignment": 0,
        "barWidthFactor": if in_pairs(panel) { 0.4 } else { 0.6 },
        "drawStyle": style,
        "fillOpacity": fill,
        "lineInterpolation": interpolation,
        "lineWidth": 1,
        "scaleDistribution": scale(panel),
        "showPoints": "auto",
        "spanNulls": false,
        "stacking": { "group": "A", "mode": if panel.stack { "normal" } else { "none" } },
        "thresholdsStyle": { "mode": if limits { "dashed" } else { "off" } },
    })
}

/// How lines or bars look: their style, what is between two points, and how much is filled, in percent.
fn style(draw: Draw, stack: bool) -> (&'static str, &'static str, u32) {
    match draw {
        Draw::Line => ("line", "linear", if stack { 40 } else { 10 }),
        Draw::Steps => ("line", "stepAfter", 10),
        Draw::Bars => ("bars", "linear", 70),
    }
}

/// Whether there are two bars for each point, which Grafana would draw one over the other.
fn in_pairs(panel: &Panel) -> bool {
    panel.draw == Draw::Bars && !panel.stack && panel.queries.len() == 2
}

/// On which side of its point a query's bar stands, if it has to make room for the other one's.
pub fn side(panel: &Panel, query: usize) -> Option<i8> {
    in_pairs(panel).then_some(if query == 0 { -1 } else { 1 })
}

/// The same, as what overrides the other series' looks; paler, since it stands behind them.
pub fn drawn(draw: Draw) -> [(&'static str, Value); 3] {
    let (style, interpolation, fill) = style(draw, false);
    let fill = json!(fill / 3);
    [
        ("custom.drawStyle", json!(style)),
        ("custom.lineInterpolation", json!(interpolation)),
        ("custom.fillOpacity", fill),
    ]
}

fn stat(panel: &Panel) -> Value {
    json!({
        "colorMode": "value",
        "graphMode": if panel.course { "area" } else { "none" },
        "justifyMode": "auto",
        "orientation": "auto",
        "reduceOptions": { "calcs": ["lastNotNull"], "fields": "", "values": false },
        "showPercentChange": false,
        "textMode": if panel.queries.iter().any(|query| query.legend.is_some()) { "value_and_name" } else { "value" },
        "wideLayout": true,
    })
}

fn table(panel: &Panel) -> Value {
    json!({
        "cellHeight": "sm",
        "frameIndex": 0,
        "showHeader": true,
        "sortBy": columns::order(panel),
    })
}

fn bar_chart(panel: &Panel) -> Value {
    json!({
        "barRadius": 0,
        "barWidth": 0.97,
        "fullHighlight": false,
        "groupWidth": 0.7,
        "legend": legend(panel),
        "orientation": "auto",
        "showValue": "auto",
        "stacking": if panel.stack { "normal" } else { "none" },
        "tooltip": tooltip(),
        "xTickLabelMaxLength": 20,
        "xTickLabelRotation": 0,
        "xTickLabelSpacing": 0,
    })
}

fn state_timeline(panel: &Panel) -> Value {
    json!({
        "alignValue": "left",
        "legend": legend(panel),
        "mergeValues": true,
        "rowHeight": 0.9,
        "showValue": "auto",
        "tooltip": tooltip(),
    })
}

fn heat_map(panel: &Panel) -> Value {
    json!({
        "calculate": false,
        "cellGap": 1,
        "color": {
            "exponent": 0.5,
            "fill": "dark-orange",
            "mode": "scheme",
            "reverse": false,
            "scale": "exponential",
            "scheme": "Oranges",
            "steps": 64,
        },
        "exemplars": { "color": "rgba(255,0,255,0.7)" },
        "filterValues": { "le": 1e-9 },
        "legend": { "show": true },
        "rowsFrame": { "layout": "auto" },
        "showValue": "never",
        "tooltip": { "mode": "single", "showColorScale": false, "yHistogram": false },
        "yAxis": { "axisPlacement": "left", "reverse": false, "unit": panel.unit },
    })
}
