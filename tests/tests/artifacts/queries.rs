//! Every expression of `PromQL` that dashboards, rules and runbooks have, as Prometheus is asked, and where it stands.

use std::{fmt, fs};

use anyhow::Context;
use dashboards::grafana::{self, DataSource, Origin, Query};
use e2e::monitoring::product;
use serde_json::Value;

/// What an answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// How something goes; there is always one.
    Course,
    /// That somebody has to be woken.
    Alarm,
    /// Where the trouble is, for whoever looks for it; there may be none.
    Trouble,
}

/// An expression, and where it stands.
#[derive(Clone, Debug)]
pub struct Asked {
    pub place: String,
    pub expression: String,
    /// The panel, as `DASHBOARD/NUMBER`, if it stands in one.
    pub panel: String,
    /// Labels that each series of the answer is shown by.
    pub legend_labels: Vec<String>,
    /// What an answer says.
    pub answer: Answer,
}

impl Asked {
    fn new(place: String, expression: &str) -> Self {
        Self {
            place,
            expression: expression.to_owned(),
            panel: String::new(),
            legend_labels: Vec::new(),
            answer: Answer::Course,
        }
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.place, self.expression)
    }
}

/// The labels that a legend such as `{{via}} {{route}}` shows.
fn labels_of(legend: &str) -> Vec<String> {
    let parts = legend.split("{{").skip(1).filter_map(|part| part.split_once("}}"));
    parts.map(|(label, _)| label.trim().to_owned()).collect()
}

/// All of them.
pub fn all() -> anyhow::Result<Vec<Asked>> {
    Ok([panels()?, rules()?, runbooks()?].concat())
}

/// Those of dashboards, with a value for each of Grafana's variables.
pub fn panels() -> anyhow::Result<Vec<Asked>> {
    let mut asked = Vec::new();
    for dashboard in grafana::read(&product("dashboards/grafana/sources"))? {
        let queries = grafana::queries(&dashboard).into_iter().chain(grafana::hidden_queries(&dashboard));
        asked.extend(queries.filter(|query| query.source == DataSource::Prometheus).map(|query| panel(&query)));
    }
    Ok(asked)
}

fn panel(query: &Query<'_>) -> Asked {
    let (number, place) = match query.origin {
        Origin::Panel { id, title, .. } => (id, format!("panel {id} ({title})")),
        Origin::Annotation(name) => (0, format!("annotation {name}")),
        Origin::Variable(name) => (0, format!("variable {name}")),
    };
    let expression = grafana::fill(&query.text, &grafana::SAMPLES);
    Asked {
        panel: format!("{}/{number}", query.dashboard),
        legend_labels: query.legend.map(labels_of).unwrap_or_default(),
        ..Asked::new(format!("{}, {place}", query.dashboard), &expression)
    }
}

/// Those of recording rules and alerts.
pub fn rules() -> anyhow::Result<Vec<Asked>> {
    let mut asked = Vec::new();
    for file in files("alerts/rules")? {
        let rules: Value = serde_saphyr::from_str(&file.text)?;
        for group in rules["groups"].as_array().context("a file of rules has groups")? {
            for rule in group["rules"].as_array().context("a group has rules")? {
                let name = rule["alert"].as_str().or(rule["record"].as_str()).context("a rule has a name")?;
                let expression = rule["expr"].as_str().context("a rule has an expression")?;
                let answer = if rule["alert"].is_string() { Answer::Alarm } else { Answer::Course };
                asked.push(Asked { answer, ..Asked::new(format!("{}, {name}", file.name), expression) });
            }
        }
    }
    Ok(asked)
}

/// Those that runbooks have to paste.
pub fn runbooks() -> anyhow::Result<Vec<Asked>> {
    let mut asked = Vec::new();
    for file in files("alerts/runbooks")? {
        for block in file.text.split("```promql\n").skip(1) {
            let (expression, _) = block.split_once("```").context("a block ends")?;
            asked.push(Asked { answer: Answer::Trouble, ..Asked::new(file.name.clone(), expression.trim()) });
        }
    }
    Ok(asked)
}

struct File {
    name: String,
    text: String,
}

fn files(folder: &str) -> anyhow::Result<Vec<File>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(product(folder))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        files.push(File { name: format!("{folder}/{name}"), text: fs::read_to_string(&path)? });
    }
    files.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(files)
}
