//! What is looked at first when something is wrong.

use serde::Deserialize;

use super::Placed;

/// A dashboard.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dashboard {
    /// What links know it by.
    pub id: Placed<String>,
    /// What people know it by.
    pub title: String,
    /// What it answers.
    pub description: String,
    /// How far back it begins: `now-3h`.
    pub from: String,
    /// How often it asks again.
    pub refresh_seconds: u32,
    /// Fields of which people choose values for all panels.
    pub controls: Vec<Control>,
    /// What it shows.
    pub panels: Vec<Panel>,
}

/// A field of which values are chosen.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// The field.
    pub field: Placed<String>,
    /// What people know it by.
    pub label: String,
}

/// A part of the dashboard.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Panel {
    /// Its name, of letters and hyphens; the saved object's is the dashboard's with this behind it.
    pub id: Placed<String>,
    /// What people know it by.
    pub title: String,
    /// What it answers, and what good looks like.
    pub description: String,
    /// Where it is.
    pub at: Grid,
    /// What it shows.
    pub show: Show,
}

/// A place on a grid of 48 columns.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Grid {
    /// Columns to the left of it.
    pub x: u32,
    /// Rows above it.
    pub y: u32,
    /// Its width.
    pub w: u32,
    /// Its height.
    pub h: u32,
}

/// What a panel shows.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Show {
    /// Markdown; `{ID}` in a link is the address of the search of this id.
    Text(Placed<String>),
    /// The documents that a search finds, by its id.
    Search(Placed<String>),
    /// How many documents each of several queries finds, as bars over time.
    Counts(Counts),
    /// Measures as lines over time.
    Lines(Lines),
    /// Measures of the most frequent values.
    Table(Table),
}

/// Bars over time.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Of which documents.
    pub query: Placed<String>,
    /// What is told apart.
    pub series: Vec<Series>,
}

/// A part of each bar.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// What people know it by.
    pub label: Placed<String>,
    /// Which of the documents.
    pub query: Placed<String>,
    /// `#rrggbb`
    pub colour: String,
}

/// Lines over time.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lines {
    /// Of which documents.
    pub query: Placed<String>,
    /// A line for each of the most frequent values.
    pub rows: Option<Rows>,
    /// What is measured: with rows one thing, without them a line for each.
    pub measures: Vec<Measure>,
}

/// A table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Of which documents.
    pub query: Placed<String>,
    /// A row for each value of the first field, or each pair of values.
    pub rows: Vec<Rows>,
    /// What is measured of each row; the greatest of the first come first.
    pub measures: Vec<Measure>,
}

/// The most frequent values of a field, or those with the greatest measure.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rows {
    /// The field.
    pub field: Placed<String>,
    /// What people know it by.
    pub label: Placed<String>,
    /// How many values.
    pub most: u32,
    /// Whether all the others, and documents without a value, have a row too, so that nothing is left out. Of words only.
    #[serde(default)]
    pub rest: bool,
}

/// Something that is measured.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// What people know it by.
    pub label: Placed<String>,
    /// What it is.
    pub of: Of,
}

/// What is measured.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// How many documents there are.
    Documents,
    /// How many values of a field differ.
    Distinct(Placed<String>),
    /// The number that so many percent of the values stay under.
    Percentile(Percentile),
}

/// A percentile.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Percentile {
    /// The field whose values these are.
    pub of: Placed<String>,
    /// From 1 to 99.
    pub percent: u8,
}
