//! Prometheus, Alertmanager and the exporters as the platform has them, on free ports of loopback, and whoever is told of
//! alerts. Their configuration is the product's; only where the targets are is put in.

mod alertmanager;
mod exporter;
mod past;
mod places;
mod prometheus;
mod receiver;
mod speed;

use std::path::PathBuf;

pub use alertmanager::{Alertmanager, Heard};
pub use exporter::{Exporter, Watched};
pub use past::{Course, Past, Span};
pub use places::Places;
pub use prometheus::{Pace, Prometheus, Series};
pub use receiver::Receiver;

/// A file or folder of the product.
#[must_use]
pub fn product(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}
