//! What each service has to be, on a machine and in a swarm.

mod tests;

use serde_json::{Value, json};

use crate::none;
use crate::platform::{Service, both};

/// Who writes outside volumes and tmpfs, and why.
const WRITERS: [(&str, &str); 1] = [("kibana", "it writes below its own folder while it starts")];

/// Who is root, and why.
const ROOTS: [(&str, &str); 1] = [("log-shipper", "Docker's files of containers' output belong to root")];

pub type Rule = fn(&Service) -> Option<String>;

pub const RULES: [Rule; 10] =
    [image, capabilities, privileges, socket, read_only, init, rotation, user, health, restart];

fn image(service: &Service) -> Option<String> {
    let image = service.image();
    let named = image.rsplit('/').next().unwrap_or_default();
    match named.split_once(':') {
        None | Some((_, "")) => Some(service.fault(&format!("image '{image}' has no tag"))),
        Some((_, "latest")) => Some(service.fault("image 'latest' is whatever was there last")),
        Some(_) => None,
    }
}

fn capabilities(service: &Service) -> Option<String> {
    let all_dropped = *service.at("/cap_drop") == json!(["ALL"]) && service.at("/cap_add").is_null();
    (!all_dropped).then(|| service.fault("no cap_drop: [ALL], or a cap_add"))
}

/// A swarm knows `no-new-privileges` as a setting of the engine only.
fn privileges(service: &Service) -> Option<String> {
    let barred = service.is_swarm() || service.names("/security_opt").contains(&"no-new-privileges:true");
    let given = service.at("/privileged") == &Value::Bool(true) || service.text("/network_mode") == "host";
    (!barred || given)
        .then(|| service.fault("no security_opt: no-new-privileges:true, or privileged, or the host's network"))
}

fn socket(service: &Service) -> Option<String> {
    let reached = service.at("/volumes").to_string().contains("docker.sock");
    reached.then(|| service.fault("who has the engine's socket is root of the machine"))
}

fn read_only(service: &Service) -> Option<String> {
    let is_read_only = service.at("/read_only") == &Value::Bool(true);
    unless_named(service, is_read_only, &WRITERS, "no read_only: true")
}

fn init(service: &Service) -> Option<String> {
    (service.at("/init") != &Value::Bool(true)).then(|| service.fault("no init: true"))
}

fn rotation(service: &Service) -> Option<String> {
    let rotated =
        ["max-size", "max-file"].iter().all(|name| service.at(&format!("/logging/options/{name}")).is_string());
    (!rotated).then(|| service.fault("no logging with max-size and max-file"))
}

/// Our own images have a user, which their Dockerfiles are asked for.
fn user(service: &Service) -> Option<String> {
    let user = service.text("/user");
    let is_somebody = if user.is_empty() { service.is_ours() } else { !["0", "root"].contains(&name_of(user)) };
    unless_named(service, is_somebody, &ROOTS, "no user, or root")
}

fn name_of(user: &str) -> &str {
    user.split(':').next().unwrap_or_default()
}

/// What ends has nobody who would ask; what goes on has a check of its own or that of our image.
fn health(service: &Service) -> Option<String> {
    let disabled = service.at("/healthcheck/disable") == &Value::Bool(true);
    let checked = service.at("/healthcheck/test").is_array() || service.is_ours() && !disabled;
    match (service.is_job(), checked, disabled) {
        (true, _, false) => Some(service.fault("no healthcheck: {disable: true}, though it is meant to end")),
        (false, false, _) => Some(service.fault("no healthcheck")),
        _ => None,
    }
}

fn restart(service: &Service) -> Option<String> {
    let path = if service.is_swarm() { "/deploy/restart_policy/condition" } else { "/restart" };
    service.text(path).is_empty().then(|| service.fault("nothing says when it is started again"))
}

fn unless_named(service: &Service, good: bool, named: &[(&str, &str)], what: &str) -> Option<String> {
    match (good, named.iter().any(|(name, _)| *name == service.name)) {
        (false, false) => Some(service.fault(what)),
        (true, true) => Some(service.fault("is named as an exception, and is none")),
        _ => None,
    }
}

#[test]
fn each_service_keeps_the_rules() {
    for platform in both() {
        let faults: Vec<_> =
            platform.services().flat_map(|service| RULES.map(|rule| rule(&service))).flatten().collect();
        none(&faults);
    }
}
