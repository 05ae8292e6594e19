//! Measures shippers side by side: each reads the same lines of a container and brings them to the same server, which
//! only counts and acknowledges.

pub mod acknowledging;
pub mod lines;
pub mod report;
pub mod rival;
