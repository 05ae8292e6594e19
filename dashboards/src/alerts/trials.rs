//! A file of unit tests, as `promtool test rules` reads it.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::named;

/// A file of unit tests.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrialFile {
    /// Its name, without folder and extension.
    #[serde(skip)]
    pub name: String,
    /// The files of rules that are tried.
    pub rule_files: Vec<String>,
    /// The order in which groups are evaluated; without it there is none.
    #[serde(default)]
    pub group_eval_order: Vec<String>,
    /// How often rules are evaluated.
    pub evaluation_interval: String,
    /// What is tried.
    pub tests: Vec<Trial>,
}

/// Series that are given, and what the rules make of them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trial {
    /// What it shows.
    pub name: String,
    /// How far apart samples of the series are.
    pub interval: String,
    /// Prometheus' external labels.
    #[serde(default)]
    pub external_labels: BTreeMap<String, String>,
    /// What was scraped.
    #[serde(default)]
    pub input_series: Vec<Series>,
    /// Which alerts fire when.
    #[serde(default)]
    pub alert_rule_test: Vec<AlertCheck>,
    /// Which value an expression has when.
    #[serde(default)]
    pub promql_expr_test: Vec<ExpressionCheck>,
}

/// A series with its samples.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// Name and labels.
    pub series: String,
    /// Samples in promtool's notation, such as `0+1x10`.
    pub values: String,
}

/// Which alerts of a name fire at a time.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertCheck {
    /// Since the first sample.
    pub eval_time: String,
    /// The name of the alert.
    pub alertname: String,
    /// All that fire.
    pub exp_alerts: Vec<Expected>,
}

/// An alert as it is sent.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// All labels, but for the name.
    pub exp_labels: BTreeMap<String, String>,
    /// All annotations, with their templates filled in.
    pub exp_annotations: BTreeMap<String, String>,
}

/// The value of an expression at a time.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpressionCheck {
    /// In `PromQL`.
    pub expr: String,
    /// Since the first sample.
    pub eval_time: String,
    /// All samples of the result.
    pub exp_samples: Vec<Sample>,
}

/// A sample of a result.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// Name and labels.
    pub labels: String,
    /// The value.
    pub value: f64,
}

impl TrialFile {
    /// The trials that ask for an alert.
    pub fn of<'a>(&'a self, alert: &'a str) -> impl Iterator<Item = &'a Trial> {
        self.tests.iter().filter(move |trial| trial.checks(alert).next().is_some())
    }
}

impl Trial {
    /// What is asked for of an alert.
    pub fn checks<'a>(&'a self, alert: &'a str) -> impl Iterator<Item = &'a AlertCheck> {
        self.alert_rule_test.iter().filter(move |check| check.alertname == alert)
    }
}

pub(super) fn read(file: &Path) -> Result<TrialFile> {
    let (name, text) = named(file)?;
    let trials: TrialFile = serde_saphyr::from_str(&text).with_context(|| file.display().to_string())?;
    Ok(TrialFile { name, ..trials })
}
