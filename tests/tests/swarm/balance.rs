//! Which replica a request goes to.

use anyhow::{Context, ensure};
use e2e::docker_engine::{Lan, said};
use e2e::platform::{Container, HOST, Swarm};

/// Of two replicas, the one that has little of the processor has most requests unanswered, and gets few new ones.
pub async fn a_slow_replica_gets_less(swarm: &Swarm) -> anyhow::Result<()> {
    let all = swarm.containers().await?;
    let replicas: Vec<&Container> = all.iter().filter(|container| container.service == "api").collect();
    let [slow, fast] = replicas[..] else { anyhow::bail!("there are two replicas") };
    swarm.nodes[slow.node].docker(&["update", "--cpus=0.01", &slow.id]).await?;
    let before = [answered(swarm, slow).await?, answered(swarm, fast).await?];
    let mut clients = swarm.lan.command(env!("CARGO_BIN_EXE_platform"));
    clients.args(["clients", &format!("{}:80", Lan::address(0)), &format!("api.{HOST}")]);
    said(clients.args(["--connections", "16", "--seconds", "5"])).await?;
    let [slow, fast] = [answered(swarm, slow).await? - before[0], answered(swarm, fast).await? - before[1]];
    println!("a replica with a hundredth of a processor answered {slow} requests, and the other one {fast}");
    ensure!(slow > 0.0 && fast > 4.0 * slow, "the slow one answered {slow}, the other one {fast}");
    Ok(())
}

/// How many requests of the simulator's API a replica has answered.
async fn answered(swarm: &Swarm, replica: &Container) -> anyhow::Result<f64> {
    let ask = "exec curl --silent --fail --max-time 30 http://127.0.0.1:9000/metrics";
    let metrics = swarm.beside(replica, ask).await?.context("the replica runs")?;
    let counted = metrics.lines().filter(|line| line.starts_with("http_server_requests_total{via=\"api\""));
    counted.map(|line| Ok(line.rsplit(' ').next().unwrap_or_default().parse::<f64>()?)).sum()
}
