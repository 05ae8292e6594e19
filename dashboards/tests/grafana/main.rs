//! What Grafana is given: that it is well made, true to its sources, and asks only what can be answered.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod board;
mod broken;
mod drawn;
mod expression;
mod layout;
mod limits;
mod links;
mod made;
mod numbers;
mod promql;
mod provisioning;
mod rules;
mod secrets;
mod sql;
mod written;
