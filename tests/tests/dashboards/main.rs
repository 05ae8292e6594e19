//! What dashboards, alerts and searches ask for, asked of the real thing: PostgreSQL, Prometheus and Elasticsearch, with what
//! the real programs tell.

mod reader;
mod stage;
