//! The shipper from outside.

mod setup;
