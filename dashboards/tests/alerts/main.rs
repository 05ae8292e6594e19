//! What Prometheus and Alertmanager are given: that each alert is well made, tried, explained, and told to the right people.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod alertmanager;
mod annotations;
mod catalogue;
mod comments;
mod folder;
mod inhibition;
mod links;
mod messages;
mod need;
mod programs;
mod routes;
mod rules;
mod runbooks;
mod scraping;
mod secrets;
mod trials;
