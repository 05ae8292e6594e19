//! A dashboard as it is written, and as Grafana is given it.
