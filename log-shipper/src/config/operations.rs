//! Settings of what the program tells about itself.

use clap::{Args, ValueEnum};

use super::parse::{Listen, listen};

/// What the program tells about itself.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "What it tells about itself")]
pub struct Operations {
    /// Address of /metrics, /healthz and /readyz, or `off`
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9001", value_parser = listen)]
    pub operations_listen: Listen,

    /// What the program's own log, on standard error, holds at least
    #[arg(long, value_name = "LEVEL", default_value = "info")]
    pub log_level: LogLevel,

    /// Form of the program's own log: JSON lines, readable lines, or whichever suits standard error
    #[arg(long, value_name = "FORM", default_value = "auto")]
    pub log_format: LogFormat,
}

/// How grave an event must be to be logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogLevel {
    /// Something is lost or does not work.
    Error,
    /// Something needs attention.
    Warn,
    /// What happens.
    Info,
    /// What happens, closely.
    Debug,
    /// Everything.
    Trace,
}

/// The form of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Readable on a terminal, JSON elsewhere.
    Auto,
    /// One JSON object a line.
    Json,
    /// One readable line.
    Pretty,
}
