//! A handler that panics costs its own request, not the connection and not the process.

use crate::error::Error;

/// What the client is told; the panic hook has already noted where it happened.
#[must_use]
pub fn noted() -> Error {
    Error::Internal("panic", "a handler panicked; the line before this one says where".into())
}
