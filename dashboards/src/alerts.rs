//! Rules of Prometheus as their files have them, and their runbooks.
