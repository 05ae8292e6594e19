//! A dashboard as it is written, and as Grafana is given it.
//!
//! - `source`, `choices`: what a file in `sources/` can say; everything that it leaves out has its default in this module
//! - `layout`: where each panel stands, from left to right
//! - `model`: the whole dashboard in Grafana's form; `variables`, `annotations` and `links` around the panels
//! - `panel`: one panel; its `fields`, its `options` by kind, its `targets` and its `columns`
//! - `fill`, `macros`: what Grafana replaces in a query before it is sent
//! - `query`: every query of a dashboard, for those who try them
//! - `table`: what the README says of the dashboards
//!
//! The form is that of Grafana 11.0 (schema 39), which later ones bring up to date when they read it.

use std::path::Path;

use anyhow::{Context, Result};

mod annotations;
mod choices;
mod columns;
mod fields;
mod fill;
mod layout;
mod links;
mod macros;
mod model;
mod options;
mod panel;
mod query;
mod source;
mod table;
mod targets;
mod variables;

pub use choices::{Align, Calc, Color, DataSource, Draw, Kind, Scale, Variable};
pub use fill::{SAMPLES, fill};
pub use macros::expand;
pub use model::{json, render};
pub use query::{Origin, Query, hidden_queries, queries};
pub use source::{Column, Dashboard, Detail, Logs, Meaning, Other, Panel, Row, Thresholds, Written};
pub use table::table;

/// The dashboards of a folder, in the order of their files' names.
///
/// # Errors
/// The folder cannot be read, or a file is not a dashboard: then file, line and column are named, and what is accepted.
pub fn read(folder: &Path) -> Result<Vec<Dashboard>> {
    let entries = folder.read_dir().with_context(|| format!("cannot read {}", folder.display()))?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "yml"));
    files.sort();
    let dashboards = files.iter().map(|file| source::read(file)).collect::<Result<_>>()?;
    Ok(source::acquaint(dashboards))
}
