//! Who can be reached from where.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anyhow::{Context, ensure};
use e2e::docker_engine::{Lan, said};
use e2e::platform::{Container, Swarm};

/// What engines of a swarm tell each other by; a firewall lets only them in.
const OF_THE_SWARM: [u16; 2] = [2377, 7946];

/// Of all ports of all machines, two of the manager's answer, and those that are the swarm's own.
pub async fn only_the_proxy_answers(swarm: &Swarm) -> anyhow::Result<()> {
    let ports = "for port in $(seq 1 10000); do (exec 3<>/dev/tcp/$0/$port) 2>/dev/null && echo $port; done; true";
    for number in 0..swarm.nodes.len() {
        let mut scan = swarm.lan.command("bash");
        let answering = said(scan.args(["-c", ports, &Lan::address(number)])).await?.0;
        let answering: BTreeSet<u16> = answering.lines().map(str::parse).collect::<Result<_, _>>()?;
        let of_us: Vec<u16> = answering.into_iter().filter(|port| !OF_THE_SWARM.contains(port)).collect();
        let wanted: &[u16] = if number == 0 { &[80, 443] } else { &[] };
        ensure!(of_us == wanted, "machine {number} answers at {of_us:?}");
    }
    Ok(())
}

/// What is done once, and may go on for longer where a console cannot be had.
const JOBS: [&str; 5] = ["log-setup", "migrate", "reader", "roles", "searches"];

/// What answers within the swarm, and to whom besides itself.
const ANSWERS: [(&str, u16, &str); 4] = [
    ("postgres", 5432, "api backup postgres-exporter web"),
    ("elasticsearch", 9200, "elasticsearch-exporter log-shipper"),
    // Nobody but the proxy is believed about clients.
    (
        "web",
        8000,
        "alertmanager api backup blackbox-exporter elasticsearch-exporter log-shipper node-exporter postgres \
        postgres-exporter prometheus proxy",
    ),
    (
        "prometheus",
        9090,
        "alertmanager api blackbox-exporter elasticsearch-exporter log-shipper node-exporter postgres-exporter proxy web",
    ),
];

/// Each port answers to whom it shall answer, and to nobody else.
pub async fn services_reach_what_they_need(swarm: &Swarm) -> anyhow::Result<()> {
    let containers = swarm.containers().await?;
    let one: BTreeMap<&str, &Container> =
        containers.iter().map(|container| (container.service.as_str(), container)).collect();
    let script = asks(swarm, &one).await?;
    let mut reached: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (service, container) in one.iter().filter(|(service, _)| !JOBS.contains(service)) {
        let Some(answering) = swarm.beside(container, &script).await? else { continue };
        for name in answering.lines() {
            reached.entry(name.to_owned()).or_default().insert(service);
        }
    }
    for (service, port, who) in ANSWERS {
        let found = reached.remove(service).unwrap_or_default();
        let wanted: BTreeSet<&str> = who.split_whitespace().chain([service]).collect();
        ensure!(found == wanted, "{service}:{port} answers to {found:?}, and shall answer to {wanted:?}");
    }
    Ok(())
}

/// A script that says what can be connected to.
async fn asks(swarm: &Swarm, one: &BTreeMap<&str, &Container>) -> anyhow::Result<String> {
    let mut script =
        "may() { timeout 2 bash -c 'exec 3<>/dev/tcp/$0/$1' $1 $2 2>/dev/null && echo \"$3\"; }\n".to_owned();
    for (service, port, _) in ANSWERS {
        let container = one.get(service).with_context(|| format!("{service} does not run"))?;
        for address in swarm.addresses(container).await? {
            writeln!(script, "may {address} {port} '{service}' &")?;
        }
    }
    script.push_str("wait");
    Ok(script)
}
