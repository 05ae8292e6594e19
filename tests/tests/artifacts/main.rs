//! What dashboards, alerts and searches ask for, asked of the real thing: PostgreSQL, Prometheus and Elasticsearch, with what
//! the real programs tell.

mod alarm;
mod expressions;
mod history;
mod lines;
mod names;
mod platform;
mod queries;
mod reader;
mod searches;
mod selectors;
mod stage;
mod statements;
mod values;
mod world;
