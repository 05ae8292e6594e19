//! Fields of which people choose values for all panels: above the panels in Kibana, and in OpenSearch Dashboards a panel of
//! their own.

use serde_json::{Map, Value, json};

use super::placed::Placed;
use crate::kibana::classic::Visualization;
use crate::kibana::flavour::Kind;
use crate::kibana::object::{Reference, SavedObject, canonical};
use crate::kibana::source::{Control, Grid, Source};

/// The name of the panel.
pub(in crate::kibana) const CONTROLS: &str = "filters";

impl Source {
    pub(super) fn control_group(&self) -> Value {
        let controls = self.dashboard.controls.iter().enumerate();
        let panels: Map<_, _> = controls.map(|(number, control)| (name(number), control.above(number))).collect();
        let ignored = json!({
            "ignoreFilters": false,
            "ignoreQuery": false,
            "ignoreTimerange": false,
            "ignoreValidations": false,
        });
        json!({
            "chainingSystem": "HIERARCHICAL",
            "controlStyle": "oneLine",
            "ignoreParentSettingsJSON": canonical(&ignored),
            "panelsJSON": canonical(&panels.into()),
        })
    }

    /// The names by which the dashboard speaks of the data view of each control.
    pub(super) fn control_references(&self) -> impl Iterator<Item = Reference> {
        let names = (0..self.dashboard.controls.len()).map(name);
        names.map(|name| Reference::view(format!("controlGroup_{name}:optionsListDataView"), &self.data_view.id))
    }

    pub(super) fn controls(&self) -> SavedObject {
        let controls = &self.dashboard.controls;
        let list: Vec<_> = controls.iter().enumerate().map(|(number, control)| control.in_panel(number)).collect();
        let parameters =
            json!({ "controls": list, "pinFilters": false, "updateFiltersOnChange": true, "useTimeFilter": true });
        let description = "Chooses values for all panels.";
        let mut panel = Visualization::without_view("input_control_vis", "Filters", description, parameters);
        let references = (0..controls.len()).map(|number| Reference::view(index(number), &self.data_view.id));
        panel.references = references.collect();
        panel.object(self.panel_id(CONTROLS))
    }

    pub(super) fn placed_controls(&self) -> Placed<'static> {
        let at = Grid { x: 0, y: 0, w: 48, h: 6 };
        Placed { name: CONTROLS, title: "Filters", at, kind: Kind::Visualization, id: self.panel_id(CONTROLS) }
    }
}

impl Control {
    fn above(&self, number: usize) -> Value {
        let input =
            json!({ "enhancements": {}, "fieldName": self.field.value, "id": name(number), "title": self.label });
        json!({ "explicitInput": input, "grow": true, "order": number, "type": "optionsListControl", "width": "medium" })
    }

    fn in_panel(&self, number: usize) -> Value {
        json!({
            "fieldName": self.field.value,
            "id": name(number),
            "indexPatternRefName": index(number),
            "label": self.label,
            "options": { "dynamicOptions": true, "multiselect": true, "order": "desc", "size": 20, "type": "terms" },
            "parent": "",
            "type": "list",
        })
    }
}

fn name(number: usize) -> String {
    format!("control-{number}")
}

/// The name by which a control in a panel speaks of its data view.
fn index(number: usize) -> String {
    format!("control_{number}_index_pattern")
}
