//! The document that becomes of a line.
