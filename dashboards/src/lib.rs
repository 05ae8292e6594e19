//! What people look at and are woken by, as files: dashboards for Grafana, searches for Kibana, and the alerts.
//!
//! - [`grafana`]: a dashboard as it is written, and as Grafana is given it
//! - [`kibana`]: searches and a dashboard as they are written, and as Kibana and OpenSearch Dashboards are given them
//! - [`alerts`]: rules of Prometheus as their files have them, and their runbooks
//!
//! The program writes every file that is [`made`] of others, or says which is stale.

pub mod alerts;
pub mod grafana;
pub mod kibana;
pub mod made;
