//! A panel as the classic visualizations have it, which both programs know.

mod aggregation;
mod chart;

use serde_json::{Value, json};

use super::flavour::{Flavour, Kind};
use super::link;
use super::object::{INDEX, Reference, SavedObject, canonical, kuery, search_source};
use super::source::{Counts, DataView, Lines, Panel, Show, Source, Table};
use aggregation::Aggregations;

/// A visualization, before it is an object.
pub(super) struct Visualization<'a> {
    kind: &'static str,
    title: &'a str,
    description: &'a str,
    aggregations: Vec<Value>,
    parameters: Value,
    query: &'a str,
    interface: Value,
    pub(super) references: Vec<Reference>,
}

impl Source {
    /// A panel's object; none of one that shows what a search finds, since the search is the object.
    pub(super) fn classic(&self, panel: &Panel, id: String, flavour: Flavour) -> Option<SavedObject> {
        let view = &self.data_view;
        let (kind, query, aggregations, parameters, interface) = match &panel.show {
            Show::Search(_) => return None,
            Show::Text(text) => return Some(self.text(panel, &text.value, flavour).object(id)),
            Show::Counts(counts) => {
                ("histogram", &counts.query, counts.grouped(view), Counts::parameters(), counts.colours())
            }
            Show::Lines(lines) => ("line", &lines.query, lines.grouped(view), lines.parameters(), json!({})),
            Show::Table(table) => ("table", &table.query, table.grouped(), Table::parameters(), json!({})),
        };
        let (title, description, query) = (&*panel.title, &*panel.description, &*query.value);
        let references = vec![Reference::view(INDEX, &view.id)];
        let visualization =
            Visualization { kind, title, description, aggregations, parameters, query, interface, references };
        Some(visualization.object(id))
    }

    fn text<'a>(&self, panel: &'a Panel, text: &str, flavour: Flavour) -> Visualization<'a> {
        let text = self.searches.iter().fold(text.to_owned(), |text, search| {
            let id = &search.id.value;
            text.replace(&format!("]({{{id}}})"), &format!("]({})", link::to_search(flavour, id)))
        });
        let parameters = json!({ "fontSize": 12, "markdown": text, "openLinksInNewTab": false });
        Visualization::without_view("markdown", &panel.title, &panel.description, parameters)
    }
}

impl<'a> Visualization<'a> {
    /// One that asks for no documents itself.
    pub(super) fn without_view(kind: &'static str, title: &'a str, description: &'a str, parameters: Value) -> Self {
        let (aggregations, references, interface) = (Vec::new(), Vec::new(), json!({}));
        Self { kind, title, description, aggregations, parameters, query: "", interface, references }
    }

    pub(super) fn object(self, id: String) -> SavedObject {
        let mut source = json!({ "filter": [], "query": kuery(self.query) });
        if self.references.iter().any(|reference| reference.name == INDEX) {
            source["indexRefName"] = INDEX.into();
        }
        let state =
            json!({ "aggs": self.aggregations, "params": self.parameters, "title": self.title, "type": self.kind });
        let attributes = json!({
            "description": self.description,
            "kibanaSavedObjectMeta": search_source(&source),
            "title": self.title,
            "uiStateJSON": canonical(&self.interface),
            "version": 1,
            "visState": canonical(&state),
        });
        SavedObject { kind: Kind::Visualization, id, attributes, references: self.references }
    }
}

impl Counts {
    fn grouped(&self, view: &DataView) -> Vec<Value> {
        let mut aggregations = Aggregations::of_documents();
        aggregations.each_of(&self.series);
        aggregations.over_time(&view.time.value);
        aggregations.into_list()
    }

    fn parameters() -> Value {
        chart::parameters("histogram", "stacked", "Requests", &["1"])
    }

    fn colours(&self) -> Value {
        let colours: serde_json::Map<_, _> =
            self.series.iter().map(|series| (series.label.value.clone(), series.colour.clone().into())).collect();
        json!({ "vis": { "colors": colours } })
    }
}

impl Lines {
    fn grouped(&self, view: &DataView) -> Vec<Value> {
        let mut aggregations = Aggregations::of(&self.measures);
        // Before the time: the values of the whole range, not those of each interval.
        self.rows.iter().for_each(|rows| aggregations.most(rows, "group"));
        aggregations.over_time(&view.time.value);
        aggregations.into_list()
    }

    fn parameters(&self) -> Value {
        let ids = Aggregations::of(&self.measures).metrics();
        let ids: Vec<_> = ids.iter().map(String::as_str).collect();
        chart::parameters("line", "normal", "", &ids)
    }
}

impl Table {
    fn grouped(&self) -> Vec<Value> {
        let mut aggregations = Aggregations::of(&self.measures);
        self.rows.iter().for_each(|rows| aggregations.most(rows, "bucket"));
        aggregations.into_list()
    }

    fn parameters() -> Value {
        json!({
            "percentageCol": "",
            "perPage": 10,
            "showMetricsAtAllLevels": false,
            "showPartialRows": false,
            "showTotal": false,
            "totalFunc": "sum",
        })
    }
}
