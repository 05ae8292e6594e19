//! What starts and drives the real programs from outside.
//!
//! `simulate`: a [`scenario`] is played by the [`simulator`], which tallies errors and [`latency`].
//! `load`: [`load`] puts a [`site`] on a seeded [`database`] and another [`server`], mostly a [`bare`] one, side by side,
//! drives both with the [`http_client`], reads their [`usage`], and reports the ratio.
//! Both show their [`progress`], end at an [`interrupt`], and print a [`table`].

pub mod bare;
pub mod database;
pub mod http_client;
pub mod interrupt;
pub mod latency;
pub mod load;
pub mod progress;
pub mod scenario;
pub mod seed;
pub mod server;
pub mod simulator;
pub mod site;
pub mod table;
pub mod usage;
