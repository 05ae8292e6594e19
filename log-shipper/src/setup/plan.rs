//! What would be put, what differs from what is there, and the putting.

use std::fmt;

use serde_json::{Value, json};

use super::differences::{differences, surplus};
use super::http::{Client, Error};
use super::{Destination, Product, ROLE, Retention, Server, Target, template};

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

/// All that a server has to be told for a target.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Who was asked.
    pub server: Server,
    /// Document by document.
    pub steps: Vec<Step>,
    target: Target,
}

/// Asks the server what it has, and changes nothing. The user needs the cluster privileges `monitor` and
/// `manage_index_templates`; on OpenSearch also those for policies.
pub async fn plan(client: &Client, target: &Target, retention: Retention) -> Result<Plan, Error> {
    let server = Server::detect(client).await?;
    let mut steps = vec![template_step(client, server.product, target, retention).await?];
    if server.product == Product::OpenSearch {
        steps.push(policy_step(client, target, retention).await?);
    }
    Ok(Plan { server, steps, target: target.clone() })
}

impl Plan {
    /// The documents as requests, for people: what `setup --dry-run` prints.
    #[must_use]
    pub fn requests(&self) -> String {
        let requests = self.steps.iter().map(|step| format!("PUT {}\n{:#}\n", step.path, step.body));
        requests.chain(self.role()).collect::<Vec<_>>().join("\n")
    }

    /// Who may do what is for others to decide: this is shown, and never put.
    fn role(&self) -> Option<String> {
        let request = || format!("# The least that the shipper's user needs.\nPUT /_security/role/log-shipper\n{ROLE}");
        (self.server.product == Product::Elasticsearch).then(request)
    }

    /// Puts what is not there as it should be.
    pub async fn apply(&self, client: &Client) -> Result<(), Error> {
        for step in &self.steps {
            if matches!(step.outcome, Outcome::Created | Outcome::Changed(_)) {
                client.put(&step.path, &step.body).await?.good()?;
            }
        }
        Ok(())
    }

    /// What is still to be done by somebody, after [`Plan::apply`]: a sentence, or nothing.
    pub async fn remaining(&self, client: &Client) -> Result<Option<String>, Error> {
        let destination = Destination::of(client, &self.target).await?;
        Ok(match destination.unmapped(client, &self.target, self.server.product).await? {
            0 => None,
            fields => Some(destination.advice(&self.target, fields)),
        })
    }
}

impl Destination {
    /// What to do about an index that is older than the template.
    pub(super) fn advice(&self, target: &Target, fields: usize) -> String {
        match self {
            Self::DataStream { write_index } => format!(
                "{write_index} is older than the template and cannot find {fields} of its fields; the data stream's next \
                 index will: POST /{target}/_rollover"
            ),
            _ => format!(
                "{target} is not a data stream, so that the template does not reach it, and its mapping lacks {fields} \
                 fields; make it from the mapping that `log-shipper setup --dry-run` prints"
            ),
        }
    }
}

async fn template_step(
    client: &Client,
    product: Product,
    target: &Target,
    retention: Retention,
) -> Result<Step, Error> {
    let path = format!("/_index_template/{}", target.template());
    let body = template::index_template(product, target, retention);
    let there = client.get(&path).await?.found()?;
    let outcome = outcome(&body, there.as_ref().map(|found| &found["index_templates"][0]["index_template"]));
    Ok(Step { what: format!("index template {} for {}", target.template(), target.pattern()), path, body, outcome })
}

/// How a template differs from what is wanted; also what an operator added, since putting it anew removes that.
fn outcome(wanted: &Value, there: Option<&Value>) -> Outcome {
    let Some(there) = there.filter(|there| there.is_object()) else { return Outcome::Created };
    let mut paths = differences(wanted, there);
    if paths.is_empty() {
        return Outcome::Unchanged;
    }
    for within in ["template.settings.index", "template.mappings", "template.mappings.properties"] {
        let at = |body: &Value| body.pointer(&format!("/{}", within.replace('.', "/"))).cloned().unwrap_or_default();
        paths.extend(surplus(within, &at(wanted), &at(there)).into_iter().map(|path| format!("without {path}")));
    }
    Outcome::Changed(paths)
}

async fn policy_step(client: &Client, target: &Target, retention: Retention) -> Result<Step, Error> {
    let mut path = format!("/_plugins/_ism/policies/{}", target.template());
    let body = template::policy(target, retention);
    let answer = client.get(&path).await?;
    let outcome = if answer.reason().is_some_and(|reason| reason.starts_with("no handler found")) {
        Outcome::Skipped("this OpenSearch has no index state management, and will keep lines for ever")
    } else {
        let there = answer.found()?;
        if let Some(there) = &there {
            // A policy is replaced only by somebody who has seen it.
            path = format!("{path}?if_seq_no={}&if_primary_term={}", there["_seq_no"], there["_primary_term"]);
        }
        match there.map(|there| differences(&body, &json!({ "policy": there["policy"] }))) {
            None => Outcome::Created,
            Some(paths) if paths.is_empty() => Outcome::Unchanged,
            Some(paths) => Outcome::Changed(paths),
        }
    };
    Ok(Step { what: format!("policy {} for {}", target.template(), target.pattern()), path, body, outcome })
}
