//! `test output`: whether documents would arrive, asked step by step, without sending one.

mod permission;

use std::fmt;

use elasticsearch::http::StatusCode;
use serde_json::Value;

use super::differences::differences;
use super::http::{Client, Error, Reply};
use super::{Destination, Server, Target, template};

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
        checks.push(template_in_place(client, &server, target).await);
        match Destination::of(client, target).await {
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
        Err(Error::Tls(cause)) => {
            let advice = format!(
                "{cause}; give the authority that signed the server's certificate, or its fingerprint, and https:// only \
                 to a server that speaks TLS"
            );
            checks.push(Check::fault("tls", advice));
            return None;
        }
        Err(error) => {
            checks.push(Check::fault("address", format!("{error}; is the URL right, and does the server run?")));
            return None;
        }
    };
    checks.push(Check::ok("address", "the server answers"));
    checks.push(Check::ok("tls", if answer.encrypted { "the certificate is trusted" } else { "not used" }));
    let (authentication, server) = authenticated(&answer);
    checks.push(authentication);
    match server? {
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

fn authenticated(answer: &Reply) -> (Check, Option<Result<Server, Error>>) {
    let name = "authentication";
    match answer.status {
        StatusCode::UNAUTHORIZED => {
            (Check::fault(name, "refused (401); give the right user and password, or API key"), None)
        }
        _ if answer.is_good() => (Check::ok(name, "accepted"), Some(Server::of(&answer.body))),
        _ => (Check::ok(name, "accepted"), Some(Err(answer.refusal()))),
    }
}

async fn template_in_place(client: &Client, server: &Server, target: &Target) -> Check {
    let (name, template) = ("template", target.template());
    let there = match client.get(&format!("/_index_template/{template}")).await.and_then(Reply::found) {
        Ok(there) => there.map(|found| found["index_templates"][0]["index_template"].clone()),
        Err(error) => return Check::fault(name, permission::advice(&error, "monitor", target)),
    };
    let wanted = template::index_template(server.product, target);
    match there.map(|there| differences(&wanted, &there).len()) {
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
        Destination::Missing => created_by_itself(client, target).await,
    }
}

async fn created_by_itself(client: &Client, target: &Target) -> Check {
    let path = "/_cluster/settings?include_defaults=true&flat_settings=true&filter_path=*.action.auto_create_index";
    let settings = match client.get(path).await.and_then(Reply::good) {
        Ok(settings) => settings,
        Err(error) => return Check::fault("target", permission::advice(&error, "monitor", target)),
    };
    let groups = ["transient", "persistent", "defaults"];
    let setting = groups.iter().find_map(|group| text(&settings[group]["action.auto_create_index"]));
    if setting.as_deref().is_none_or(|setting| allows(setting, target.name())) {
        Check::ok("target", format!("{target} does not exist yet; the first document creates it"))
    } else {
        let advice = "does not exist, and action.auto_create_index keeps it from being created: PUT /_data_stream/";
        Check::fault("target", format!("{target} {advice}{target}"))
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => Some(items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",")),
        other => Some(other.to_string()),
    }
}

/// `action.auto_create_index`: `true`, `false`, or patterns, of which the first that fits decides.
pub(super) fn allows(setting: &str, name: &str) -> bool {
    match setting {
        "true" => true,
        "false" => false,
        patterns => {
            let mut patterns = patterns.split(',').map(str::trim).map(|pattern| match pattern.strip_prefix('-') {
                Some(forbidden) => (false, forbidden),
                None => (true, pattern.trim_start_matches('+')),
            });
            patterns.find(|(_, pattern)| fits(pattern, name)).is_some_and(|(allowed, _)| allowed)
        }
    }
}

/// A pattern in which `*` stands for anything.
fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|name| {
            name.char_indices().map(|(at, _)| at).chain([name.len()]).any(|at| fits(rest, &name[at..]))
        }),
    }
}
