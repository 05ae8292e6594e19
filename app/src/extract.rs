//! Reads a form or a JSON object into a type, strictly, and tells the request log which of its fields may be shown.

mod form;
mod json;

pub use form::{Fields, Form};
pub use json::{Json, Object};
