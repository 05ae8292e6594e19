//! The document that becomes of a line.

mod escape;
mod id;
mod reserved;
mod scan;
mod template;
#[cfg(test)]
mod tests;
mod time;
mod word;

pub use id::{Id, IdPrefix};
pub use scan::Scratch;
pub use template::{Agent, Template};

/// The version of the Elastic Common Schema whose names documents have; the site's lines say the same.
pub const ECS_VERSION: &str = "8.11.0";
