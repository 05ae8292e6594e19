//! A document that a server has to be given, and what becomes of it.

use std::fmt;

use serde_json::Value;

use super::{Product, ROLE, Retention, Target, template};

/// Paths that are named one by one; of more, their number.
const NAMED: usize = 8;

/// What happened to a document, or would happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was not there.
    Created,
    /// It was there, and not as it should be at these paths.
    Changed(Vec<String>),
    /// It was there as it should be.
    Unchanged,
    /// It cannot be put on this server, for this reason.
    Skipped(&'static str),
}

/// A document, and what becomes of it.
#[derive(Clone, Debug)]
pub struct Step {
    /// `index template minitwit-logs`.
    pub what: String,
    /// The path that it is put to.
    pub path: String,
    /// The document.
    pub body: Value,
    /// What becomes of it.
    pub outcome: Outcome,
}

impl Step {
    /// What a server that has nothing yet has to be given.
    #[must_use]
    pub fn all(product: Product, target: &Target, retention: Retention) -> Vec<Self> {
        let of = |what, path: &str, body| Self {
            what: format!("{what} {} for {}", target.template(), target.pattern()),
            path: format!("{path}/{}", target.template()),
            body,
            outcome: Outcome::Created,
        };
        let template = template::index_template(product, target, retention);
        let mut steps = vec![of("index template", "/_index_template", template)];
        if product == Product::OpenSearch {
            steps.push(of("policy", "/_plugins/_ism/policies", template::policy(target, retention)));
        }
        steps
    }

    /// Steps as requests, for people: what `setup --dry-run` prints. Who may do what is for others to decide: the role is
    /// shown, and never put.
    #[must_use]
    pub fn requests(product: Product, steps: &[Self]) -> String {
        let requests = steps.iter().map(|step| format!("PUT {}\n{:#}\n", step.path, step.body));
        let role = format!("# The least that the shipper's user needs.\nPUT /_security/role/log-shipper\n{ROLE}");
        requests.chain((product == Product::Elasticsearch).then_some(role)).collect::<Vec<_>>().join("\n")
    }
}

impl fmt::Display for Step {
    /// One line: `changed: index template minitwit-logs (template.settings.index.codec)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.outcome {
            Outcome::Created => write!(f, "created: {}", self.what),
            Outcome::Unchanged => write!(f, "unchanged: {}", self.what),
            Outcome::Skipped(reason) => write!(f, "skipped: {}: {reason}", self.what),
            Outcome::Changed(paths) => {
                let named = paths.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
                let more = paths.len().saturating_sub(NAMED);
                let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
                write!(f, "changed: {} ({named}{rest})", self.what)
            }
        }
    }
}
