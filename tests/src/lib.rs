//! What starts and drives the real programs from outside.
//!
//! `simulate`: a [`scenario`] is played by the [`simulator`], which tallies errors and [`latency`].
//! `load`: [`load`] puts a [`site`] on a seeded [`database`] and another [`server`], mostly a [`bare`] one, side by side,
//! drives both with the [`http_client`], reads their [`usage`], and reports the ratio.
//! Both show their [`progress`], end at an [`interrupt`], and print a [table](log_shipper::table).
//! The resilience tests, each on its [`testbed`], put a [`site`] on a [`cluster`] or at the end of a [`cable`], ask with an
//! [`api_client`] and a [`visitor`], [`wait`] for what must become true, and use the program's commands on a [`console`].
//! The browser tests visit a [`site`] with a [`browser`], if the machine has what they [`need`].
//! The tests of the log shipper bring documents to a real [`search_server`], by hand or by a real [`shipper`].
//! Its containers are those of a real [`docker_engine`].
//! Dashboards and alerts are held beside a real Prometheus and Alertmanager: [`monitoring`].
//! Compose file and stack run unchanged on a [`platform`].
//! What refuses root runs as another [`owner`].
//! A [`canary`] is a password that is searched for afterwards, wherever somebody could have written it down.

pub mod api_client;
pub mod bare;
pub mod browser;
pub mod cable;
pub mod canary;
pub mod cluster;
pub mod console;
pub mod database;
pub mod docker_engine;
pub mod http_client;
pub mod interrupt;
pub mod latency;
pub mod load;
pub mod monitoring;
pub mod need;
pub mod notice;
pub mod owner;
pub mod people;
pub mod platform;
pub mod progress;
pub mod scenario;
pub mod search_server;
pub mod seed;
pub mod server;
pub mod shipper;
pub mod shipping;
pub mod simulator;
pub mod site;
pub mod testbed;
pub mod usage;
pub mod visitor;
pub mod wait;
