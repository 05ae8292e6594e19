//! `test output`: whether documents would arrive, asked step by step, without sending one.

mod creation;
mod permission;

use std::fmt;

use reqwest::StatusCode;

#[cfg(test)]
pub(super) use self::creation::allows;
use super::differences::differences;
use super::http::{Client, Error, Reply};
use super::{Destination, Product, Retention, Server, Target, template};

/// One question and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was asked about.
    pub name: &'static str,
    /// What is good about it, or what is to be done.
    pub verdict: Result<String, String>,
}

impl Check {
    fn ok(name: &'static str, said: impl Into<String>) -> Self {
        Self { name, verdict: Ok(said.into()) }
    }

    fn fault(name: &'static str, advice: impl Into<String>) -> Self {
        Self { name, verdict: Err(advice.into()) }
    }
}

impl fmt::Display for Check {
    /// One line: `template: ok, minitwit-logs is as it should be`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.verdict {
            Ok(said) => write!(f, "{}: ok, {said}", self.name),
            Err(advice) => write!(f, "{}: {advice}", self.name),
        }
    }
}

/// Asks all there is to ask, in the order in which a request meets it; a fault that hides the rest ends it.
pub async fn check(client: &Client, target: &Target) -> Vec<Check> {
    let mut checks = Vec::new();
    if let Some(server) = reach(client, &mut checks).await {
        checks.push(permission::privileges(client, &server, target).await);
        let template = template_in_place(client, &server, target).await;
        let in_place = template.verdict.is_ok();
        checks.push(template);
        match Destination::of(client, target).await {
            // Elasticsearch asks the template alone whether a data stream may be made.
            Ok(Destination::Missing) if in_place && server.product == Product::Elasticsearch => {
                checks.push(Check::ok("target", format!("{target} {}", creation::COMES)));
            }
            Ok(destination) => beyond(client, &server, target, &destination, &mut checks).await,
            Err(error) => {
                checks.push(Check::fault("target", permission::advice(&error, "view_index_metadata", target)));
            }
        }
    }
    checks
}

async fn reach(client: &Client, checks: &mut Vec<Check>) -> Option<Server> {
    let answer = match client.get(Server::QUESTION).await {
        Ok(answer) => answer,
        Err(error @ Error::Tls(_)) => {
            checks.push(Check::fault("tls", error.to_string()));
            return None;
        }
        Err(error) => {
            let question = "is the URL right (http:// or https://, port 9200), and does the server run?";
            checks.push(Check::fault("address", format!("{error}; {question}")));
            return None;
        }
    };
    checks.push(Check::ok("address", "the server answers"));
    checks.push(Check::ok("tls", if answer.encrypted { "the certificate is trusted" } else { "not used" }));
    checks.extend(authentication(&answer));
    if answer.status == StatusCode::UNAUTHORIZED {
        return None;
    }
    match Server::answering(answer) {
        Ok(server) => {
            checks.push(Check::ok("server", server.to_string()));
            Some(server)
        }
        Err(error) => {
            checks.push(Check::fault("server", permission::advice(&error, "monitor", &Target::default())));
            None
        }
    }
}

/// What an answer says of it. One that nobody who looks at passwords has given says nothing.
fn authentication(answer: &Reply) -> Option<Check> {
    let name = "authentication";
    match answer.status {
        StatusCode::UNAUTHORIZED => {
            Some(Check::fault(name, "refused (401); give the right user and password, or API key"))
        }
        StatusCode::FORBIDDEN => Some(Check::ok(name, "accepted")),
        _ => answer.is_good().then(|| Check::ok(name, "accepted")),
    }
}

async fn template_in_place(client: &Client, server: &Server, target: &Target) -> Check {
    let (name, template) = ("template", target.template());
    let there = match client.get(&format!("/_index_template/{template}")).await.and_then(Reply::found) {
        Ok(there) => there.map(|found| found["index_templates"][0]["index_template"].clone()),
        Err(error) => return Check::fault(name, permission::advice(&error, "monitor", target)),
    };
    let mut wanted = template::index_template(server.product, target, Retention::default());
    match there.map(|there| {
        // How long lines are kept is the operators' matter.
        if let Some(retention) = there["template"]["lifecycle"]["data_retention"].as_str() {
            wanted["template"]["lifecycle"]["data_retention"] = retention.into();
        }
        differences(&wanted, &there).len()
    }) {
        Some(0) => Check::ok(name, format!("{template} is as it should be")),
        Some(places) => Check::fault(name, format!("{template} differs in {places} places; run `log-shipper setup`")),
        None => Check::fault(name, format!("{template} is missing; run `log-shipper setup`")),
    }
}

/// The questions that depend on what the target is.
async fn beyond(client: &Client, server: &Server, target: &Target, destination: &Destination, checks: &mut Vec<Check>) {
    checks.push(exists(client, target, destination).await);
    if destination.written(target).is_none() {
        return;
    }
    match destination.unmapped(client, target, server.product).await {
        Ok(0) => checks.push(Check::ok("mapping", "has every field")),
        Ok(fields) => checks.push(Check::fault("mapping", destination.advice(target, fields))),
        Err(error) => {
            checks.push(Check::fault("mapping", permission::advice(&error, "view_index_metadata", target)));
        }
    }
    checks.push(permission::write(client, server, target, destination).await);
    checks.push(permission::look_up(client, target).await);
}

async fn exists(client: &Client, target: &Target, destination: &Destination) -> Check {
    let name = "target";
    match destination {
        Destination::DataStream { write_index } => {
            Check::ok(name, format!("{target} is a data stream, which writes to {write_index}"))
        }
        Destination::Alias(indices) => Check::ok(name, format!("{target} is an alias of {}", indices.join(", "))),
        Destination::Index => Check::ok(name, format!("{target} is an index")),
        Destination::Missing => creation::by_itself(client, target).await,
    }
}
