//! What the shipper brings to Elasticsearch, asked of its parts and of the program.

mod delivery;
mod doubt;
mod harness;
mod sink;
mod tls;
