//! What a panel asks, and where it leads.

use serde::Deserialize;

use super::panel::Thresholds;
use crate::grafana::choices::{Align, Color, DataSource, Draw};

/// A question to one of the data sources.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Fields")]
pub struct Written {
    /// Who is asked.
    pub source: DataSource,
    /// What.
    pub text: String,
    /// What its series are called, with `{{label}}`.
    pub legend: Option<String>,
    /// Their unit, if it is not the panel's.
    pub unit: Option<String>,
    /// Their axis, if it is not the left one.
    pub axis: Option<Align>,
    /// Their colour.
    pub color: Option<Color>,
    /// Their limits, if they are not the panel's.
    pub thresholds: Option<Thresholds>,
    /// How they are drawn, if not as the panel's others.
    pub draw: Option<Draw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    promql: Option<String>,
    sql: Option<String>,
    lucene: Option<String>,
    legend: Option<String>,
    unit: Option<String>,
    axis: Option<Align>,
    color: Option<Color>,
    thresholds: Option<Thresholds>,
    draw: Option<Draw>,
}

impl TryFrom<Fields> for Written {
    type Error = &'static str;

    fn try_from(fields: Fields) -> Result<Self, Self::Error> {
        let (source, text) = match (fields.promql, fields.sql, fields.lucene) {
            (Some(text), None, None) => (DataSource::Prometheus, text),
            (None, Some(text), None) => (DataSource::Postgres, text),
            (None, None, Some(text)) => (DataSource::Elasticsearch, text),
            _ => return Err("a query has exactly one of `promql`, `sql`, `lucene`"),
        };
        let Fields { legend, unit, axis, color, thresholds, draw, .. } = fields;
        Ok(Self { source, text: text.trim().to_owned(), legend, unit, axis, color, thresholds, draw })
    }
}

/// A saved search in Kibana.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Logs {
    /// Its identity.
    pub search: String,
    /// A query in place of the search's own.
    pub kql: Option<String>,
    /// Whether only lines of the chosen routes are shown.
    #[serde(default)]
    pub route: bool,
}

/// `DASHBOARD/PANEL`, or `DASHBOARD` alone.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Detail {
    /// The dashboard's uid.
    pub dashboard: String,
    /// The panel's number.
    pub panel: Option<u32>,
}

impl TryFrom<String> for Detail {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match text.split_once('/') {
            None => Ok(Self { dashboard: text, panel: None }),
            Some((dashboard, panel)) => {
                let panel =
                    panel.parse().map_err(|_| "a detail is `DASHBOARD/PANEL`, such as `minitwit-business/12`")?;
                Ok(Self { dashboard: dashboard.to_owned(), panel: Some(panel) })
            }
        }
    }
}
