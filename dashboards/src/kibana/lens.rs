//! A panel as Kibana's Lens has it.

mod column;

use serde_json::{Map, Value, json};

use super::fields::{self, Kind as Of};
use super::flavour::Kind;
use super::object::{Reference, SavedObject, kuery};
use super::source::{Counts, DataView, Lines, Measure, Panel, Rows, Show, Table};

/// The one layer of each panel.
const LAYER: &str = "layer";

/// The columns that a layer computes, in their order: groups first.
struct Layer(Vec<(String, Value)>);

impl Panel {
    /// None of a panel that Lens does not make.
    pub(super) fn lens(&self, id: String, view: &DataView) -> Option<SavedObject> {
        let (kind, query, layer, visualization) = match &self.show {
            Show::Text(_) | Show::Search(_) => return None,
            Show::Counts(counts) => ("lnsXY", &counts.query, counts.layer(view), counts.bars()),
            Show::Lines(lines) => ("lnsXY", &lines.query, lines.layer(view), lines.lines()),
            Show::Table(table) => ("lnsDatatable", &table.query, table.layer(), table.columns()),
        };
        let attributes = json!({
            "description": self.description,
            "state": {
                "adHocDataViews": {},
                "datasourceStates": { "formBased": { "layers": { LAYER: layer.json() } } },
                "filters": [],
                "internalReferences": [],
                "query": kuery(&query.value),
                "visualization": visualization,
            },
            "title": self.title,
            "visualizationType": kind,
        });
        let reference = Reference::view(format!("indexpattern-datasource-layer-{LAYER}"), &view.id);
        Some(SavedObject { kind: Kind::Lens, id, attributes, references: vec![reference] })
    }
}

impl Layer {
    fn json(self) -> Value {
        let order: Vec<_> = self.0.iter().map(|(id, _)| id.clone()).collect();
        let columns: Map<_, _> = self.0.into_iter().collect();
        json!({ "columnOrder": order, "columns": columns, "incompleteColumns": {}, "sampling": 1 })
    }
}

impl Counts {
    fn layer(&self, view: &DataView) -> Layer {
        let series = self.series.iter().enumerate();
        let series =
            series.map(|(number, series)| (measure(number), column::rate(&series.label.value, &series.query.value)));
        Layer([time(view)].into_iter().chain(series).collect())
    }

    fn bars(&self) -> Value {
        let accessors = accessors(self.series.len());
        let colour = |(id, colour): (&String, &String)| json!({ "color": colour, "forAccessor": id });
        let colours = self.series.iter().map(|series| &series.colour);
        let colours: Vec<_> = accessors.iter().zip(colours).map(colour).collect();
        chart("bar_stacked", "requests per second", json!({ "accessors": accessors, "yConfig": colours }))
    }
}

impl Lines {
    fn layer(&self, view: &DataView) -> Layer {
        let rows = self.rows.iter().map(|rows| (row(0), rows.column()));
        Layer(rows.chain([time(view)]).chain(measures(&self.measures)).collect())
    }

    fn lines(&self) -> Value {
        let mut layer = json!({ "accessors": accessors(self.measures.len()) });
        if self.rows.is_some() {
            layer["splitAccessor"] = row(0).into();
        }
        chart("line", "", layer)
    }
}

impl Table {
    fn layer(&self) -> Layer {
        let rows = self.rows.iter().enumerate().map(|(number, rows)| (row(number), rows.column()));
        Layer(rows.chain(measures(&self.measures)).collect())
    }

    fn columns(&self) -> Value {
        let ids = (0..self.rows.len()).map(row).chain(accessors(self.measures.len()));
        let columns: Vec<_> = ids.map(|id| json!({ "columnId": id })).collect();
        json!({
            "columns": columns,
            "layerId": LAYER,
            "layerType": "data",
            "paging": { "enabled": true, "size": 10 },
            "sorting": { "columnId": measure(0), "direction": "desc" },
        })
    }
}

impl Rows {
    fn column(&self) -> Value {
        let of = match fields::kind(&self.field.value) {
            Some(Of::Ip) => "ip",
            Some(kind) if kind.is_number() => "number",
            _ => "string",
        };
        column::most(self, of, &measure(0))
    }
}

/// A chart over time, with what its layer has besides that.
fn chart(series: &str, axis: &str, mut layer: Value) -> Value {
    layer["layerId"] = LAYER.into();
    layer["layerType"] = "data".into();
    layer["seriesType"] = series.into();
    layer["xAccessor"] = "time".into();
    json!({
        "axisTitlesVisibilitySettings": { "x": false, "yLeft": !axis.is_empty(), "yRight": false },
        "fittingFunction": "None",
        "layers": [layer],
        "legend": { "isVisible": true, "position": "right", "showSingleSeries": true },
        "preferredSeriesType": series,
        "valueLabels": "hide",
        "yTitle": axis,
    })
}

fn time(view: &DataView) -> (String, Value) {
    ("time".to_owned(), column::time(&view.time.value))
}

fn measures(measures: &[Measure]) -> impl Iterator<Item = (String, Value)> {
    measures.iter().enumerate().map(|(number, each)| (measure(number), column::measure(each)))
}

fn accessors(count: usize) -> Vec<String> {
    (0..count).map(measure).collect()
}

fn measure(number: usize) -> String {
    format!("measure-{number}")
}

fn row(number: usize) -> String {
    format!("row-{number}")
}
