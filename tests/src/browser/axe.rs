//! axe-core, which knows what keeps people from using a page.

use std::fmt::{self, Display};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use serde_json::Value;

use super::Browser;

/// Runs every rule that is on by default, and shortens the outcome to what a person needs to mend it.
const RUN: &str = "
    const done = arguments[arguments.length - 1];
    const short = found => found.flatMap(rule => rule.nodes.map(node => [rule.id, node.target.join(' '), node.failureSummary || rule.help]));
    axe.run(document).then(
        outcome => done({ passes: outcome.passes.length, broken: short(outcome.violations), unsure: short(outcome.incomplete) }),
        error => done(String(error)));";

/// The text of axe-core.
#[derive(Clone)]
pub struct Axe(String);

/// A rule that an element of the page breaks.
#[derive(Debug)]
pub struct Violation {
    /// The rule's name.
    pub rule: String,
    /// A selector of the element.
    pub element: String,
    /// What to do.
    pub advice: String,
}

impl Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}: {}", self.rule, self.element, self.advice.replace('\n', " "))
    }
}

impl Axe {
    /// Where `npm ci` puts it.
    #[must_use]
    pub fn path() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("axe/node_modules/axe-core/axe.min.js")
    }

    /// Reads it.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let source = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(Self(source))
    }
}

impl Browser {
    /// What axe-core finds wrong on the page that is open, also where it is not sure.
    pub async fn violations(&self, axe: &Axe) -> anyhow::Result<Vec<Violation>> {
        self.client.execute(&axe.0, Vec::new()).await.context("axe-core does not load")?;
        let outcome = self.client.execute_async(RUN, Vec::new()).await?;
        // Every page has a title and a language, so a run without one kept rule has looked at nothing.
        ensure!(outcome["passes"].as_u64() > Some(0), "axe-core did not run: {outcome}");
        let found = ["broken", "unsure"].iter().flat_map(|kind| outcome[kind].as_array().into_iter().flatten());
        Ok(found.map(violation).collect())
    }
}

fn violation(found: &Value) -> Violation {
    let text = |at: usize| found[at].as_str().unwrap_or_default().to_owned();
    Violation { rule: text(0), element: text(1), advice: text(2) }
}
