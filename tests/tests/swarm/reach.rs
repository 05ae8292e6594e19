//! Who can be reached from where.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anyhow::{Context, ensure};
use e2e::docker_engine::{Lan, said};
use e2e::platform::Swarm;

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

/// What answers within the swarm, and to whom.
const ANSWERS: [(&str, u16, &[&str]); 2] = [
    ("postgres", 5432, &["api", "postgres-exporter", "web"]),
    ("elasticsearch", 9200, &["elasticsearch-exporter", "log-shipper"]),
];

/// Each port answers to whom it shall answer, and to nobody else.
pub async fn services_reach_what_they_need(swarm: &Swarm) -> anyhow::Result<()> {
    let mut one: BTreeMap<String, _> = BTreeMap::new();
    for container in swarm.containers().await? {
        one.insert(container.service.clone(), container);
    }
    let mut targets = Vec::new();
    for (service, port, _) in ANSWERS {
        let container = one.get(service).with_context(|| format!("{service} does not run"))?;
        for address in swarm.addresses(container).await? {
            targets.push((service, port, address));
        }
    }
    let mut script = "may() { timeout 2 bash -c 'exec 3<>/dev/tcp/$0/$1' $1 $2 2>/dev/null && echo $3; }\n".to_owned();
    for (service, port, address) in &targets {
        writeln!(script, "may {address} {port} {service}:{port} &")?;
    }
    script.push_str("wait");
    let mut reached: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (service, container) in &one {
        // What is done once has ended, or soon will have.
        let Some(answering) = swarm.beside(container, &script).await? else { continue };
        for name in answering.lines() {
            reached.entry(name.to_owned()).or_default().insert(service);
        }
    }
    println!("{reached:#?}");
    for (service, port, who) in ANSWERS {
        let found = reached.remove(&format!("{service}:{port}")).unwrap_or_default();
        let wanted: BTreeSet<&str> = who.iter().copied().chain([service]).collect();
        ensure!(found == wanted, "{service}:{port} answers to {found:?}, and shall answer to {wanted:?}");
    }
    Ok(())
}
