//! What the log shipper puts into Elasticsearch and OpenSearch beforehand, on real servers.

mod awaited;
mod commands;
mod documents;
mod node;
mod output;
mod site;
mod stage;
mod template;
