//! The shipper from outside.

#![expect(clippy::unwrap_used, reason = "what a test takes for granted may end it")]

mod settings;
