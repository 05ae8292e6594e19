//! The way of a line, wired.
