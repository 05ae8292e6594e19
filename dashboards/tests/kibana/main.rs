//! What Kibana and OpenSearch Dashboards are given: searches, a dashboard, and how they are loaded.

#![expect(clippy::unwrap_used, reason = "what a test takes for granted may end it")]

mod exports;
mod faults;
mod fields;
mod files;
mod kql;
mod load;
mod meaning;
mod server;
mod source;
mod spoiled;
