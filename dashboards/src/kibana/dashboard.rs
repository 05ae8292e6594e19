//! The dashboard as a saved object, and the objects of its panels.

mod controls;
mod placed;

use serde_json::{Value, json};

use super::flavour::{Flavour, Kind};
use super::object::{SavedObject, canonical, kuery, search_source};
use super::source::{Panel, Source};

pub(super) use controls::CONTROLS;
use placed::Placed;

impl Source {
    /// Everything that the dashboard shows and that is no search.
    pub(super) fn panels(&self, flavour: Flavour) -> Vec<SavedObject> {
        let controls = (flavour == Flavour::OpenSearchDashboards).then(|| self.controls());
        let panels = self.dashboard.panels.iter().filter_map(|panel| self.panel(panel, flavour));
        controls.into_iter().chain(panels).collect()
    }

    fn panel(&self, panel: &Panel, flavour: Flavour) -> Option<SavedObject> {
        let id = || self.panel_id(&panel.id.value);
        let lens = (flavour == Flavour::Kibana).then(|| panel.lens(id(), &self.data_view)).flatten();
        lens.or_else(|| self.classic(panel, id(), flavour))
    }

    /// The id of a panel's object.
    fn panel_id(&self, name: &str) -> String {
        format!("{}-{name}", self.dashboard.id.value)
    }

    pub(super) fn dashboard_object(&self, flavour: Flavour) -> SavedObject {
        let dashboard = &self.dashboard;
        let placed = self.placed(flavour);
        let panels: Vec<_> = placed.iter().enumerate().map(|(number, panel)| panel.json(flavour, number)).collect();
        let references = placed.iter().enumerate().map(|(number, panel)| panel.reference(flavour, number));
        let mut references: Vec<_> = references.collect();
        let mut attributes = json!({
            "description": dashboard.description,
            "hits": 0,
            "kibanaSavedObjectMeta": search_source(&json!({ "filter": [], "query": kuery("") })),
            "optionsJSON": canonical(&options(flavour)),
            "panelsJSON": canonical(&panels.into()),
            "refreshInterval": { "pause": false, "value": u64::from(dashboard.refresh_seconds) * 1000 },
            "timeFrom": dashboard.from,
            "timeRestore": true,
            "timeTo": "now",
            "title": dashboard.title,
            "version": 1,
        });
        if flavour == Flavour::Kibana {
            attributes["controlGroupInput"] = self.control_group();
            references.extend(self.control_references());
        }
        SavedObject { kind: Kind::Dashboard, id: dashboard.id.value.clone(), attributes, references }
    }

    fn placed(&self, flavour: Flavour) -> Vec<Placed<'_>> {
        let panels = self.dashboard.panels.iter().map(|panel| self.place(panel, flavour));
        match flavour {
            Flavour::Kibana => panels.collect(),
            Flavour::OpenSearchDashboards => {
                let controls = self.placed_controls();
                let below = controls.at.h;
                [controls].into_iter().chain(panels.map(|panel| panel.lowered(below))).collect()
            }
        }
    }
}

fn options(flavour: Flavour) -> Value {
    let mut options = json!({ "hidePanelTitles": false, "useMargins": true });
    if flavour == Flavour::Kibana {
        options["syncColors"] = false.into();
        options["syncCursor"] = true.into();
        options["syncTooltips"] = false.into();
    }
    options
}
