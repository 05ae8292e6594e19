//! The whole platform on a real engine, from its own files.

mod machine;
mod reading;
