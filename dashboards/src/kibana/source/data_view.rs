//! Which indices are searched, and how their fields look.

use serde::Deserialize;

use super::Placed;

/// Kibana's data view; an index pattern in OpenSearch Dashboards.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataView {
    /// What other objects know it by.
    pub id: String,
    /// Which indices: a pattern.
    pub indices: String,
    /// What people know it by.
    pub name: String,
    /// The field that the range of time is about.
    pub time: Placed<String>,
    /// How fields look that do not just look as they are.
    pub fields: Vec<FieldLook>,
}

/// How a field looks.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldLook {
    /// Its name.
    pub field: Placed<String>,
    /// What stands over its column.
    pub label: String,
    /// What becomes of its values.
    pub format: Option<Format>,
}

/// What becomes of a value.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Nanoseconds, shown in the unit that fits.
    Nanoseconds,
    /// Bytes, with their multiples.
    Bytes,
    /// A number with a colour behind it.
    Colours(Vec<Colour>),
    /// It leads to a search, by its id, for all documents with the same value.
    LeadsTo(Placed<String>),
}

/// The colour of a range of numbers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Colour {
    /// The first number.
    pub from: u32,
    /// The last number.
    pub to: u32,
    /// Of the digits: `#rrggbb`.
    pub text: String,
    /// Of what is behind them.
    pub background: String,
}
