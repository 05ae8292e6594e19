//! How a swarm brings a new version of each service, and what it does if that fails.

use crate::none;
use crate::platform::{Service, both};

/// `failure_action` is `continue` for what is meant to end, and nothing else.
fn faults(service: &Service) -> Vec<String> {
    let mut faults = Vec::new();
    if service.text("/deploy/update_config/order").is_empty() {
        faults.push(service.fault("no deploy.update_config.order"));
    }
    let wanted = if service.is_job() { "continue" } else { "rollback" };
    if service.text("/deploy/update_config/failure_action") != wanted {
        faults.push(service.fault(&format!("no deploy.update_config.failure_action: {wanted}")));
    }
    // A virtual address forgets connections that rest.
    if service.text("/deploy/endpoint_mode") != "dnsrr" {
        faults.push(service.fault("no deploy.endpoint_mode: dnsrr"));
    }
    faults
}

#[test]
fn each_service_of_the_swarm_says_how_it_is_replaced() {
    for platform in both().iter().filter(|platform| platform.is_swarm()) {
        none(&platform.services().flat_map(|service| faults(&service)).collect::<Vec<_>>());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::{Platform, SWARM};

    fn said(deploy: &str) -> Vec<String> {
        let platform = Platform::of(SWARM, &format!("services: {{some: {{deploy: {{{deploy}}}}}}}"));
        platform.services().flat_map(|service| faults(&service)).collect()
    }

    #[test]
    fn what_is_missing_is_named() {
        let good = "endpoint_mode: dnsrr, update_config: {order: stop-first, failure_action: rollback}";
        assert_eq!(said(good), [""; 0]);
        let place = "stack.yml: service some: no deploy";
        assert_eq!(said(&good.replace("dnsrr", "vip")), [format!("{place}.endpoint_mode: dnsrr")]);
        assert_eq!(said(&good.replace("order: stop-first, ", "")), [format!("{place}.update_config.order")]);
        let action = format!("{place}.update_config.failure_action");
        assert_eq!(said(&good.replace("rollback", "pause")), [format!("{action}: rollback")]);
        assert_eq!(
            said(&format!("{good}, restart_policy: {{condition: on-failure}}")),
            [format!("{action}: continue")]
        );
    }
}
