//! How machines become a swarm: `compose/join-workers` on real engines, and the firewall of `compose/machine.yml`.

mod answers;
mod firewall;
mod members;
mod ssh;
mod stage;
