//! A panel as it is written.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::query::{Detail, Logs, Written};
use crate::grafana::choices::{Calc, Color, Draw, Kind, Scale};

/// One picture.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Panel {
    /// Its number within the dashboard: alerts and links name it, so that it never changes.
    pub id: u32,
    /// Its title.
    pub title: String,
    /// What it shows, and what good looks like.
    pub description: String,
    /// How it shows it.
    pub kind: Kind,
    /// Columns of 24.
    pub width: Option<u32>,
    /// Rows of 30 pixels.
    pub height: Option<u32>,
    /// Grafana's identity of the unit.
    pub unit: String,
    /// Digits after the point.
    pub decimals: Option<u8>,
    /// The lowest value of the axis, and 0 % of a scale.
    pub min: Option<f64>,
    /// The highest value of the axis, and 100 % of a scale.
    pub max: Option<f64>,
    /// Limits, from which on a colour holds.
    pub thresholds: Option<Thresholds>,
    /// What stands there instead of a number if there is none.
    pub none: String,
    /// What a legend sums up; without it the legend is a list of names.
    #[serde(default)]
    pub legend: Vec<Calc>,
    /// Whether series stand on top of each other.
    #[serde(default)]
    pub stack: bool,
    /// How time series are drawn.
    #[serde(default)]
    pub draw: Draw,
    /// How the axis grows.
    #[serde(default)]
    pub scale: Scale,
    /// Whether a number has its course behind it.
    #[serde(default)]
    pub course: bool,
    /// Series by name that always have the same colour.
    #[serde(default)]
    pub colors: BTreeMap<String, Color>,
    /// Numbers and words that mean something.
    #[serde(default)]
    pub meanings: Vec<Meaning>,
    /// Another range of time than the dashboard's, up to now.
    pub range: Option<String>,
    /// The shortest step between two points.
    pub step: Option<String>,
    /// What a table shows, from left to right.
    #[serde(default)]
    pub columns: Vec<Column>,
    /// What is asked.
    pub queries: Vec<Written>,
    /// The log lines behind it.
    pub logs: Option<Logs>,
    /// The panel that knows more.
    pub detail: Option<Detail>,
}

/// From which value on a colour holds; below all of them it is `base`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "colours speak for themselves")]
pub struct Thresholds {
    #[serde(default = "good")]
    pub base: Color,
    pub green: Option<f64>,
    pub yellow: Option<f64>,
    pub orange: Option<f64>,
    pub red: Option<f64>,
}

impl Thresholds {
    /// The limits with their colours, lowest first.
    #[must_use]
    pub fn limits(&self) -> Vec<(f64, Color)> {
        let all = [
            (self.green, Color::Green),
            (self.yellow, Color::Yellow),
            (self.orange, Color::Orange),
            (self.red, Color::Red),
        ];
        let mut limits: Vec<_> = all.into_iter().filter_map(|(limit, color)| Some((limit?, color))).collect();
        limits.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        limits
    }
}

/// A value that stands for a word, in a colour.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meaning {
    /// The value, as text.
    pub is: String,
    /// The word.
    pub text: String,
    /// The colour.
    pub color: Color,
}

/// A column of a table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// The label or SQL column; `Value` is the number of the only query, `Value #B` that of the second.
    pub field: String,
    /// Its heading.
    pub title: String,
    /// Its unit, if it is not the panel's.
    pub unit: Option<String>,
    /// Whether the thresholds and meanings colour it.
    #[serde(default)]
    pub colored: bool,
    /// Its width in pixels.
    pub width: Option<u32>,
    /// Whether the rows are ordered by it, largest first.
    #[serde(default)]
    pub descending: bool,
}

fn good() -> Color {
    Color::Green
}
