//! The log shipper on a real Docker engine and a real swarm, with a real Elasticsearch: what containers print arrives once.

mod containers;
mod engine;
mod numbers;
mod restarts;
mod rotation;
mod scene;
mod swarm;
