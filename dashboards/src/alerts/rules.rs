//! A file of rules: groups, alerts and what is recorded.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::named;

/// A file of rules.
#[derive(Clone, Debug)]
pub struct RuleFile {
    /// Its name, without folder and extension.
    pub name: String,
    /// As it is written, comments included.
    pub text: String,
    /// Its groups.
    pub groups: Vec<Group>,
}

/// Rules that are evaluated one after the other.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its name, once in a file.
    pub name: String,
    /// How often it is evaluated, as a duration of Prometheus; by default as often as Prometheus evaluates.
    #[serde(default)]
    pub interval: Option<String>,
    /// Its rules.
    pub rules: Vec<Rule>,
}

/// An alert, or an expression whose value is recorded: either has its name in a field of its own.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Name of the alert.
    #[serde(default)]
    pub alert: Option<String>,
    /// Name of the series that is recorded.
    #[serde(default)]
    pub record: Option<String>,
    /// In `PromQL`.
    pub expr: String,
    /// How long the expression has to hold before the alert fires, as a duration of Prometheus.
    #[serde(default, rename = "for")]
    pub wait: Option<String>,
    /// How long the alert goes on when the expression no longer holds, as a duration of Prometheus.
    #[serde(default, rename = "keep_firing_for")]
    pub keep: Option<String>,
    /// Labels that are added; values may be templates.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// What a message says and where it leads; values may be templates.
    #[serde(default)]
    pub annotations: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    groups: Vec<Group>,
}

impl RuleFile {
    /// Its alerts, in their order.
    pub fn alerts(&self) -> impl Iterator<Item = &Rule> {
        self.groups.iter().flat_map(Group::alerts)
    }
}

impl Group {
    /// Its alerts, in their order.
    pub fn alerts(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().filter(|rule| rule.alert.is_some())
    }
}

impl Rule {
    /// The name, of the alert or the series.
    #[must_use]
    pub fn name(&self) -> &str {
        self.alert.as_deref().or(self.record.as_deref()).unwrap_or_default()
    }

    /// A label that is added; empty if there is none.
    #[must_use]
    pub fn label(&self, name: &str) -> &str {
        self.labels.get(name).map(String::as_str).unwrap_or_default()
    }

    /// An annotation; empty if there is none.
    #[must_use]
    pub fn annotation(&self, name: &str) -> &str {
        self.annotations.get(name).map(String::as_str).unwrap_or_default()
    }
}

pub(super) fn read(file: &Path) -> Result<RuleFile> {
    let (name, text) = named(file)?;
    let File { groups } = serde_saphyr::from_str(&text).with_context(|| file.display().to_string())?;
    Ok(RuleFile { name, text, groups })
}
