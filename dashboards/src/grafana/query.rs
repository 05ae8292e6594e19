//! Every query of a dashboard, for those who try them.

use super::annotations::ANNOTATIONS;
use super::choices::{DataSource, Kind};
use super::source::{Dashboard, Panel, Written};
use super::{targets, variables};

/// Where a query stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin<'a> {
    /// In a panel.
    Panel {
        /// The panel's number.
        id: u32,
        /// Its title.
        title: &'a str,
        /// How it shows the answer.
        kind: Kind,
    },
    /// What is marked on time series, by its name.
    Annotation(&'a str),
    /// What can be chosen at the top, by its name.
    Variable(&'a str),
}

/// A query, with Grafana's variables and macros still in it.
#[derive(Clone, Debug)]
pub struct Query<'a> {
    /// The dashboard's uid.
    pub dashboard: &'a str,
    /// Where in it.
    pub origin: Origin<'a>,
    /// Who is asked.
    pub source: DataSource,
    /// What. Of a variable, the series whose label's values are offered.
    pub text: String,
    /// What its series are called.
    pub legend: Option<&'a str>,
    /// Whether it asks for one moment only, and not for a range of time.
    pub instant: bool,
}

/// The queries of the panels.
#[must_use]
pub fn queries(dashboard: &Dashboard) -> Vec<Query<'_>> {
    let pairs = dashboard.panels().flat_map(|panel| panel.queries.iter().map(move |query| (panel, query)));
    pairs.map(|(panel, query)| of_panel(dashboard, panel, query)).collect()
}

/// The queries that no panel shows: of annotations and variables.
#[must_use]
pub fn hidden_queries(dashboard: &Dashboard) -> Vec<Query<'_>> {
    let hidden = |origin, text, instant| Query {
        dashboard: &dashboard.uid,
        origin,
        source: DataSource::Prometheus,
        text,
        legend: None,
        instant,
    };
    let annotations =
        ANNOTATIONS.iter().map(|mark| hidden(Origin::Annotation(mark.name), mark.promql.to_owned(), false));
    let offered = dashboard.variables.iter().filter_map(|variable| {
        let text = variables::selector(*variable, &dashboard.targets)?;
        Some(hidden(Origin::Variable(variable.name()), text, true))
    });
    annotations.chain(offered).collect()
}

fn of_panel<'a>(dashboard: &'a Dashboard, panel: &'a Panel, query: &'a Written) -> Query<'a> {
    Query {
        dashboard: &dashboard.uid,
        origin: Origin::Panel { id: panel.id, title: &panel.title, kind: panel.kind },
        source: query.source,
        text: query.text.clone(),
        legend: query.legend.as_deref(),
        instant: targets::instant(panel),
    }
}
