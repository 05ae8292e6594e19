//! Who can be reached from where.

use std::collections::BTreeSet;

use anyhow::ensure;
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
