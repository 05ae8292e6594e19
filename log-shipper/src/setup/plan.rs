//! What would be put, what differs from what is there, and the putting.

use serde_json::{Value, json};

use super::differences::{differences, surplus};
use super::http::{Client, Error};
use super::{Destination, Outcome, Retention, Server, Step, Target};

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
    let mut steps = Vec::new();
    for step in Step::all(server.product, target, retention) {
        let is_policy = step.body["policy"].is_object();
        steps.push(if is_policy { policy(client, step).await? } else { index_template(client, step).await? });
    }
    Ok(Plan { server, steps, target: target.clone() })
}

impl Plan {
    /// The documents as requests, for people: what `setup --dry-run` prints.
    #[must_use]
    pub fn requests(&self) -> String {
        Step::requests(self.server.product, &self.steps)
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

async fn index_template(client: &Client, step: Step) -> Result<Step, Error> {
    let there = client.get(&step.path).await?.found()?;
    let outcome = outcome(&step.body, there.as_ref().map(|found| &found["index_templates"][0]["index_template"]));
    Ok(Step { outcome, ..step })
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

async fn policy(client: &Client, mut step: Step) -> Result<Step, Error> {
    let answer = client.get(&step.path).await?;
    if answer.reason().is_some_and(|reason| reason.starts_with("no handler found")) {
        let reason = "this OpenSearch has no index state management, and will keep lines for ever";
        return Ok(Step { outcome: Outcome::Skipped(reason), ..step });
    }
    if let Some(there) = answer.found()? {
        // A policy is replaced only by somebody who has seen it.
        let seen = format!("if_seq_no={}&if_primary_term={}", there["_seq_no"], there["_primary_term"]);
        step.path = format!("{}?{seen}", step.path);
        let paths = differences(&step.body, &json!({ "policy": there["policy"] }));
        step.outcome = if paths.is_empty() { Outcome::Unchanged } else { Outcome::Changed(paths) };
    }
    Ok(step)
}
