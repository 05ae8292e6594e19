//! The dashboard: its panels have a place of their own, and show what exists.

use std::collections::BTreeSet;

use serde_saphyr::Location;

use super::Check;
use crate::kibana::dashboard::CONTROLS;
use crate::kibana::fields::{self, Kind};
use crate::kibana::source::{Dashboard, Grid, Measure, Of, Panel, Placed, Rows, Show};

/// Columns of a dashboard's grid.
const COLUMNS: u32 = 48;

impl Check<'_> {
    pub(super) fn dashboard(&mut self, dashboard: &Dashboard) {
        self.ids([&dashboard.id]);
        self.sentence(dashboard.id.referenced, &dashboard.title, &dashboard.description);
        self.ids(dashboard.panels.iter().map(|panel| &panel.id));
        for panel in dashboard.panels.iter().filter(|panel| panel.id.value == CONTROLS) {
            self.say(panel.id.referenced, format!("{CONTROLS} is the name of the panel that the controls become"));
        }
        let often = (5..=86_400).contains(&dashboard.refresh_seconds);
        self.ensure(often, dashboard.id.referenced, || "a dashboard asks again after 5 to 86400 seconds".into());
        for control in &dashboard.controls {
            self.field(&control.field, |kind| kind.is_grouped() && kind != Kind::Date, "values that can be chosen");
        }
        for (number, panel) in dashboard.panels.iter().enumerate() {
            self.sentence(panel.id.referenced, &panel.title, &panel.description);
            self.place(panel, &dashboard.panels[..number]);
            self.shown(panel);
        }
    }

    fn place(&mut self, panel: &Panel, before: &[Panel]) {
        let (at, Grid { x, w, h, .. }) = (panel.id.referenced, panel.at);
        let within = w > 0 && h > 0 && x.saturating_add(w) <= COLUMNS;
        self.ensure(within, at, || format!("a panel has a width and a height and ends at column {COLUMNS}"));
        for other in before.iter().filter(|other| other.at.meets(panel.at)) {
            self.say(at, format!("the panel lies over {}", other.id.value));
        }
    }

    fn shown(&mut self, panel: &Panel) {
        let at = panel.id.referenced;
        match &panel.show {
            Show::Text(text) => self.links(text),
            Show::Search(id) => self.search(id),
            Show::Counts(counts) => {
                self.query(&counts.query);
                self.labels(counts.series.iter().map(|series| &series.label));
                for series in &counts.series {
                    self.query(&series.query);
                    self.colour(series.query.referenced, &series.colour);
                }
            }
            Show::Lines(lines) => {
                self.query(&lines.query);
                self.rows(lines.rows.as_slice());
                self.measures(at, &lines.measures);
                let clear = lines.rows.is_none() || lines.measures.len() == 1;
                self.ensure(clear, at, || "with rows, lines have one measure".into());
            }
            Show::Table(table) => {
                self.query(&table.query);
                self.rows(&table.rows);
                self.measures(at, &table.measures);
                self.ensure(!table.rows.is_empty(), at, || "a table has rows".into());
            }
        }
    }

    fn rows(&mut self, rows: &[Rows]) {
        self.labels(rows.iter().map(|rows| &rows.label));
        for rows in rows {
            self.field(&rows.field, |kind| kind.is_grouped() && kind != Kind::Date, "values that can be grouped");
            let words = !rows.rest || fields::kind(&rows.field.value) == Some(Kind::Keyword);
            self.ensure(words, rows.field.referenced, || "the rest has a row only where values are words".into());
            let good = (1..=100).contains(&rows.most);
            self.ensure(good, rows.field.referenced, || "there are from 1 to 100 rows".into());
        }
    }

    fn measures(&mut self, at: Location, measures: &[Measure]) {
        self.ensure(!measures.is_empty(), at, || "a panel has at least one measure".into());
        self.labels(measures.iter().map(|measure| &measure.label));
        for measure in measures {
            match &measure.of {
                Of::Documents => {}
                Of::Distinct(field) => self.field(field, Kind::is_grouped, "values that can be told apart"),
                Of::Percentile(percentile) => {
                    self.field(&percentile.of, Kind::is_number, "a number");
                    let good = (1..=99).contains(&percentile.percent);
                    self.ensure(good, measure.label.referenced, || "a percentile is from 1 to 99".into());
                }
            }
        }
    }

    /// Labels are names of aggregations too, in which some characters mean something.
    fn labels<'b>(&mut self, labels: impl IntoIterator<Item = &'b Placed<String>>) {
        let mut seen = BTreeSet::new();
        for label in labels {
            let text = label.value.as_str();
            let good = !text.is_empty() && !text.contains(['[', ']', '>', '.']) && seen.insert(text);
            let what = || format!("the label '{text}' is empty, there twice, or has one of [ ] > .");
            self.ensure(good, label.referenced, what);
        }
    }

    fn links(&mut self, text: &Placed<String>) {
        for id in text.value.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let id = id.trim_start_matches('{').trim_end_matches('}');
            self.search(&Placed::new(id.to_owned(), text.referenced, text.defined));
        }
    }
}

impl Grid {
    /// Whether two panels have a field of the grid in common.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        let beside = self.x.saturating_add(self.w) <= other.x || other.x.saturating_add(other.w) <= self.x;
        let below = self.y.saturating_add(self.h) <= other.y || other.y.saturating_add(other.h) <= self.y;
        !beside && !below
    }
}
