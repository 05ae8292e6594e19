//! Reads a form or a JSON object into a type, strictly, and tells the request log which of its fields may be shown; and the
//! name in a path.

mod form;
mod json;
mod name;

pub use form::{Fields, Form};
pub use json::{Json, Object};
pub use name::Name;
