//! What Elasticsearch or OpenSearch has to know beforehand: an index template, and how long lines are kept.
//!
//! - [`Target`] is where documents go; the template's name and pattern follow from it.
//! - [`fields`] has every field that the site and the shipper write, once for both servers.
//! - [`template`] renders them for one of the two [`Product`]s.
//! - [`plan()`] compares each [`Step`] with what a [`Server`] has, and [`Plan::apply`] puts what differs.
//! - [`output`] asks whether the shipper's user could write, and says what to do if not.

mod destination;
mod differences;
pub mod fields;
mod http;
pub mod output;
mod plan;
mod retention;
mod server;
mod step;
mod target;
pub mod template;
#[cfg(test)]
mod tests;
mod tls;

pub use destination::Destination;
pub use http::{Client, Error, Reply};
pub use plan::{Plan, plan};
pub use retention::Retention;
pub use server::{Product, Server};
pub use step::{Outcome, Step};
pub use target::{Target, WrongTarget};

/// The least that the shipper's user needs on Elasticsearch, as the body of `PUT /_security/role/NAME`.
pub const ROLE: &str = include_str!("../setup/role.json");
