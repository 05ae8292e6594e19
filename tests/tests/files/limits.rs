//! How much of a machine each service may have.

use crate::none;
use crate::platform::{Service, both};

/// Something is kept for what goes on; what is done once takes what is left.
fn faults(service: &Service) -> Vec<String> {
    let mut wanted = vec!["limits/memory", "limits/pids"];
    if service.is_swarm() && !service.is_job() {
        wanted.push("reservations/memory");
    }
    wanted.retain(|path| service.at(&format!("/deploy/resources/{path}")).is_null());
    wanted.into_iter().map(|path| service.fault(&format!("no deploy.resources.{}", path.replace('/', ".")))).collect()
}

#[test]
fn each_service_has_limits() {
    for platform in both() {
        none(&platform.services().flat_map(|service| faults(&service)).collect::<Vec<_>>());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::{MACHINE, Platform, SWARM};

    fn said(file: &'static str, deploy: &str) -> Vec<String> {
        let platform = Platform::of(file, &format!("services: {{some: {{deploy: {{{deploy}}}}}}}"));
        platform.services().flat_map(|service| faults(&service)).collect()
    }

    #[test]
    fn what_is_missing_is_named() {
        let limits = "resources: {limits: {memory: 1G, pids: 9}}";
        assert_eq!(said(MACHINE, limits), [""; 0]);
        assert_eq!(said(SWARM, limits), ["stack.yml: service some: no deploy.resources.reservations.memory"]);
        assert_eq!(said(SWARM, &format!("{limits}, restart_policy: {{condition: on-failure}}")), [""; 0]);
        let pids = "compose/compose.yml: service some: no deploy.resources.limits.pids";
        assert_eq!(said(MACHINE, "resources: {limits: {memory: 1G}}"), [pids]);
        let memory = "compose/compose.yml: service some: no deploy.resources.limits.memory";
        assert_eq!(said(MACHINE, "resources: {limits: {pids: 9}}"), [memory]);
    }
}
