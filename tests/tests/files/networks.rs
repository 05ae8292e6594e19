//! Who meets whom.

use serde_json::Value;

use crate::none;
use crate::platform::{Platform, Service, both};

/// Networks with these services and no others.
const CLOSED: [(&str, &[&str]); 2] = [
    // The site believes what the proxy says about clients.
    ("app", &["proxy", "web", "api"]),
    // To and from other machines.
    ("edge", &["proxy", "alertmanager", "backup", "restore"]),
];

/// Networks of a server, and a part of the names of secrets of which each other service there has one: nobody is near a server
/// without a key to it.
const LOCKED: [(&str, &[&str], &[&str]); 2] =
    [("data", &["postgres"], &["postgres_", "_database_url"]), ("logs", &["elasticsearch"], &["elasticsearch_"])];

/// The only one that leads out of the platform.
const OPEN: &str = "edge";

fn faults(platform: &Platform) -> Vec<String> {
    let mut faults: Vec<String> = platform.services().flat_map(|service| faults_of(&service)).collect();
    for (name, network) in platform.section("networks") {
        let is_internal = network["internal"] == Value::Bool(true);
        if is_internal == (name == OPEN) {
            faults
                .push(platform.fault(&format!("network {name}: only {OPEN} leads out, all others are internal: true")));
        }
        // Between machines; an option without a value.
        let is_encrypted = network.pointer("/driver_opts/encrypted").is_some();
        if platform.is_swarm() && name != OPEN && !is_encrypted {
            faults.push(platform.fault(&format!("network {name}: no driver_opts.encrypted")));
        }
    }
    faults
}

fn faults_of(service: &Service) -> Vec<String> {
    let networks = service.names("/networks");
    if networks.is_empty() {
        return vec![service.fault("no networks, so it meets whoever has none either")];
    }
    networks.into_iter().filter_map(|network| intruder(service, network)).collect()
}

fn intruder(service: &Service, network: &str) -> Option<String> {
    if let Some((_, members)) = CLOSED.iter().find(|(name, _)| *name == network) {
        return (!members.contains(&service.name))
            .then(|| service.fault(&format!("has nothing to do in network {network}")));
    }
    let (_, servers, keys) = LOCKED.iter().find(|(name, ..)| *name == network)?;
    let secrets = service.names("/secrets");
    let has_key = secrets.iter().any(|secret| keys.iter().any(|key| secret.contains(key)));
    let belongs = servers.contains(&service.name) || has_key;
    (!belongs).then(|| service.fault(&format!("is in network {network} without a secret named {}", keys.join(" or "))))
}

#[test]
fn each_service_meets_only_whom_it_has_to() {
    for platform in both() {
        none(&faults(&platform));
    }
}

#[test]
fn closed_networks_have_all_their_members() {
    for platform in both() {
        for (network, members) in CLOSED {
            let here = |name: &&str| {
                platform
                    .services()
                    .any(|service| service.name == *name && service.names("/networks").contains(&network))
            };
            let missing: Vec<_> = members.iter().filter(|name| !here(name)).collect();
            assert!(missing.is_empty(), "{}: not in network {network}: {missing:?}", platform.file);
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::platform::{MACHINE, SWARM};

    #[rstest]
    #[case("{some: {secrets: [a_database_url], networks: [data]}}", "")]
    #[case("{some: {secrets: [{source: postgres_backup_password}], networks: {data: {}}}}", "")]
    #[case("{some: {image: x}}", "no networks, so it meets whoever has none either")]
    #[case("{some: {networks: [edge]}}", "has nothing to do in network edge")]
    #[case("{some: {networks: {app: {}}}}", "has nothing to do in network app")]
    #[case("{some: {networks: [data]}}", "is in network data without a secret named postgres_ or _database_url")]
    #[case(
        "{some: {secrets: [postgres_x], networks: [logs]}}",
        "is in network logs without a secret named elasticsearch_"
    )]
    fn who_should_not_be_there_is_found(#[case] services: &str, #[case] said: &str) {
        let platform = Platform::of(MACHINE, &format!("services: {services}"));
        let wanted: Vec<_> =
            Some(format!("{MACHINE}: service some: {said}")).filter(|_| !said.is_empty()).into_iter().collect();
        assert_eq!(faults(&platform), wanted);
    }

    #[rstest]
    #[case("data: {driver_opts: {encrypted: ''}}", "network data: only edge leads out, all others are internal: true")]
    #[case("edge: {internal: true}", "network edge: only edge leads out, all others are internal: true")]
    #[case("data: {internal: true}", "network data: no driver_opts.encrypted")]
    fn a_network_that_leaks_is_found(#[case] networks: &str, #[case] said: &str) {
        let platform = Platform::of(SWARM, &format!("services: {{}}\nnetworks: {{{networks}}}"));
        assert_eq!(faults(&platform), [format!("{SWARM}: {said}")]);
    }
}
