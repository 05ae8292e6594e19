//! What people edit: the data view, the searches and the dashboard, as `source.yml` has them.

mod dashboard;
mod data_view;
mod search;

use serde::Deserialize;
use serde_saphyr::Spanned;

pub use dashboard::{
    Control, Counts, Dashboard, Grid, Lines, Measure, Of, Panel, Percentile, Rows, Series, Show, Table,
};
pub use data_view::{Colour, DataView, FieldLook, Format};
pub use search::{Filter, Search, Sort};

/// A value with the line on which it stands.
pub type Placed<T> = Spanned<T>;

/// The whole of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Which indices are searched, and how their fields look.
    pub data_view: DataView,
    /// What is looked for often.
    pub searches: Vec<Search>,
    /// What is looked at first when something is wrong.
    pub dashboard: Dashboard,
}
