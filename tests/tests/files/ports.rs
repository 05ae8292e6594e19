//! Which services other machines can reach.

use serde_json::Value;

use crate::none;
use crate::platform::{Service, both};

/// The only one that publishes ports.
const PUBLISHER: &str = "proxy";

/// What anybody may ask; everything else is for people at the machine itself.
const PUBLIC: [&str; 2] = ["80", "443"];

fn faults(service: &Service) -> Vec<String> {
    let ports = service.at("/ports").as_array().map_or(&[][..], Vec::as_slice);
    if service.name != PUBLISHER && !ports.is_empty() {
        return vec![service.fault(&format!("publishes ports, which only {PUBLISHER} may"))];
    }
    ports.iter().filter_map(|port| fault(service, port)).collect()
}

/// In a swarm a port is the machine's own, since the routing mesh would hide who asks.
fn fault(service: &Service, port: &Value) -> Option<String> {
    if service.is_swarm() {
        let target = port["target"].to_string();
        let is_good = port["mode"] == "host" && PUBLIC.contains(&target.as_str());
        return (!is_good).then(|| service.fault(&format!("port {target} is not in mode host, or not for everybody")));
    }
    let text = port.as_str().unwrap_or_default();
    let target = text.rsplit(':').next().unwrap_or_default();
    let is_good = text.starts_with("127.0.0.1:") || PUBLIC.contains(&target);
    (!is_good).then(|| service.fault(&format!("port {text} is not bound to 127.0.0.1")))
}

#[test]
fn only_the_proxy_can_be_reached() {
    for platform in both() {
        none(&platform.services().flat_map(|service| faults(&service)).collect::<Vec<_>>());
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::platform::{MACHINE, Platform, SWARM};

    #[rstest]
    #[case(MACHINE, "web", "'80:80'", "publishes ports, which only proxy may")]
    #[case(MACHINE, "proxy", "'${P:-3000}:3000'", "port ${P:-3000}:3000 is not bound to 127.0.0.1")]
    #[case(SWARM, "proxy", "{target: 80, mode: ingress}", "port 80 is not in mode host, or not for everybody")]
    #[case(SWARM, "proxy", "{target: 3000, mode: host}", "port 3000 is not in mode host, or not for everybody")]
    fn a_door_that_should_not_be_is_found(
        #[case] file: &'static str,
        #[case] name: &str,
        #[case] port: &str,
        #[case] said: &str,
    ) {
        let platform = Platform::of(file, &format!("services: {{{name}: {{ports: [{port}]}}}}"));
        let found: Vec<_> = platform.services().flat_map(|service| faults(&service)).collect();
        assert_eq!(found, [format!("{file}: service {name}: {said}")]);
    }
}
