//! What people write: a dashboard with its rows, panels and queries, as YAML.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use serde::Deserialize;

use super::choices::Variable;

mod panel;
mod query;

pub use panel::{Column, Meaning, Panel, Thresholds};
pub use query::{Detail, Logs, Written};

/// A file of `sources/`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dashboard {
    /// Its identity in every link; also the name of the file that is made.
    pub uid: String,
    /// Its title.
    pub title: String,
    /// What it answers, in one sentence.
    pub question: String,
    /// For whom it is and how it is read.
    pub description: String,
    /// What it is found by, besides `minitwit`.
    #[serde(default)]
    pub tags: Vec<String>,
    /// How far back it looks at first.
    #[serde(default = "from")]
    pub from: String,
    /// How often it asks anew.
    #[serde(default = "refresh")]
    pub refresh: String,
    /// What it can be asked for.
    pub variables: Vec<Variable>,
    /// A metric that each target of the dashboard has: `job` and `instance` offer its labels.
    pub targets: String,
    /// Its panels.
    pub rows: Vec<Row>,
    /// The other dashboards of its folder.
    #[serde(skip)]
    pub others: Vec<Other>,
}

/// A dashboard as another one sees it.
#[derive(Clone, Debug)]
pub struct Other {
    /// Its identity.
    pub uid: String,
    /// Its title.
    pub title: String,
    /// What it answers.
    pub question: String,
    /// Whether `job` and `instance` offer the same there.
    pub alike: bool,
}

/// Panels under one heading.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The heading.
    pub title: String,
    /// Whether it is closed at first, so that its queries wait until somebody asks.
    #[serde(default)]
    pub collapsed: bool,
    /// From left to right.
    pub panels: Vec<Panel>,
}

impl Dashboard {
    /// What another dashboard needs to know to lead here.
    fn seen_from(&self, other: &Self) -> Other {
        let alike = self.targets == other.targets;
        Other { uid: self.uid.clone(), title: self.title.clone(), question: self.question.clone(), alike }
    }

    /// Whether what is chosen here can be chosen in a dashboard too.
    #[must_use]
    pub fn shares_its_choice_with(&self, uid: &str) -> bool {
        self.others.iter().all(|other| other.uid != uid || other.alike)
    }

    /// Every panel, in the order of the rows.
    pub fn panels(&self) -> impl Iterator<Item = &Panel> {
        self.rows.iter().flat_map(|row| &row.panels)
    }
}

/// Lets each dashboard know the others.
pub(super) fn acquaint(mut dashboards: Vec<Dashboard>) -> Vec<Dashboard> {
    let all = dashboards.clone();
    for dashboard in &mut dashboards {
        let others = all.iter().filter(|other| other.uid != dashboard.uid);
        dashboard.others = others.map(|other| other.seen_from(dashboard)).collect();
    }
    dashboards
}

/// Reads one file.
pub(super) fn read(file: &Path) -> Result<Dashboard> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    serde_saphyr::from_str(&text).map_err(|error| anyhow!("{}: {error}", file.display()))
}

fn from() -> String {
    "now-3h".into()
}

fn refresh() -> String {
    "30s".into()
}
