//! A panel's place on the dashboard, and the object that it shows.

use serde_json::{Value, json};

use crate::kibana::flavour::{Flavour, Kind};
use crate::kibana::object::Reference;
use crate::kibana::source::{Grid, Panel, Show, Source};

pub(super) struct Placed<'a> {
    pub(super) name: &'a str,
    pub(super) title: &'a str,
    pub(super) at: Grid,
    pub(super) kind: Kind,
    pub(super) id: String,
}

impl Source {
    pub(super) fn place<'a>(&self, panel: &'a Panel, flavour: Flavour) -> Placed<'a> {
        let own = self.panel_id(&panel.id.value);
        let (kind, id) = match (&panel.show, flavour) {
            (Show::Search(search), _) => (Kind::Search, search.value.clone()),
            (Show::Text(_), _) | (_, Flavour::OpenSearchDashboards) => (Kind::Visualization, own),
            (_, Flavour::Kibana) => (Kind::Lens, own),
        };
        Placed { name: &panel.id.value, title: &panel.title, at: panel.at, kind, id }
    }
}

impl Placed<'_> {
    /// The same, so many rows further down.
    pub(super) fn lowered(mut self, rows: u32) -> Self {
        self.at.y = self.at.y.saturating_add(rows);
        self
    }

    pub(super) fn json(&self, flavour: Flavour, number: usize) -> Value {
        let Grid { x, y, w, h } = self.at;
        let mut panel = json!({
            "embeddableConfig": {},
            "gridData": { "h": h, "i": self.name, "w": w, "x": x, "y": y },
            "panelIndex": self.name,
            "panelRefName": self.reference_name(flavour, number),
            "title": self.title,
            "version": flavour.version(Kind::Dashboard),
        });
        if flavour == Flavour::Kibana {
            panel["embeddableConfig"] = json!({ "enhancements": {} });
            panel["type"] = self.kind.name().into();
        }
        panel
    }

    /// Kibana looks for a panel's references by the panel's own name before theirs.
    pub(super) fn reference(&self, flavour: Flavour, number: usize) -> Reference {
        let name = self.reference_name(flavour, number);
        let name = if flavour == Flavour::Kibana { format!("{}:{name}", self.name) } else { name };
        Reference { name, kind: self.kind, id: self.id.clone() }
    }

    fn reference_name(&self, flavour: Flavour, number: usize) -> String {
        match flavour {
            Flavour::Kibana => format!("panel_{}", self.name),
            Flavour::OpenSearchDashboards => format!("panel_{number}"),
        }
    }
}
