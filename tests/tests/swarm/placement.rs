//! Which machine a service is on.

use std::collections::BTreeSet;

use anyhow::ensure;
use e2e::platform::Swarm;

/// Each service is where it belongs.
pub async fn services_are_where_they_belong(swarm: &Swarm) -> anyhow::Result<()> {
    for container in swarm.containers().await? {
        let nodes: &[usize] = match container.service.as_str() {
            "web" | "api" => &[1, 2],
            "postgres" | "elasticsearch" => &[1],
            "log-shipper" | "node-exporter" => &[0, 1, 2],
            _ => &[0],
        };
        ensure!(nodes.contains(&container.node), "{} is on node {}", container.service, container.node);
    }
    Ok(())
}

/// No machine has two replicas of a service while there are as many workers as replicas.
pub async fn replicas_are_apart(swarm: &Swarm) -> anyhow::Result<()> {
    let all = swarm.containers().await?;
    for service in ["web", "api"] {
        let nodes: Vec<usize> = all.iter().filter(|one| one.service == service).map(|one| one.node).collect();
        let apart: BTreeSet<_> = nodes.iter().collect();
        ensure!(nodes.len() == 2 && apart.len() == 2, "replicas of {service} are on {nodes:?}");
    }
    Ok(())
}
