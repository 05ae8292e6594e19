//! Which machine a service is on.

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
