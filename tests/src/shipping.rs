//! Measures shippers: side by side, each reading the same lines of a container and bringing them to the same server, which
//! only counts and acknowledges; and ours alone, where it has nothing to do and where it knows very many files.

pub mod acknowledging;
pub mod idle;
pub mod lines;
pub mod ours;
pub mod report;
pub mod rival;
pub mod start;
