//! Searches and a dashboard as they are written, and as Kibana and OpenSearch Dashboards are given them.
//!
//! - [`fields`]: the fields that can be searched
//! - [`kql`]: Kibana's query language, and what Elasticsearch is asked for it

pub mod fields;
pub mod kql;
