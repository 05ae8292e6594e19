//! What can be measured, and what is wanted of it.

use std::fmt;

use http::{Request, header};

use crate::database::System;
use crate::http_client::Ask;
use crate::simulator::CREDENTIAL;
use crate::site::Site;

/// A kind of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Workload {
    /// GET /public, signed out, against a bare server
    Public,
    /// GET / as a reader who follows 40 others, against a bare server
    Home,
    /// GET /msgs?no=100 of the simulator API, against a bare server
    Msgs,
    /// POST /msgs/NAME, 16 at once, against grouped inserts of the same rows straight into the database
    Post,
    /// Four pages at 1,000,000 messages against the same at 10,000
    Scale,
    /// GET /public with the log and the metrics on, against both off
    Logging,
    /// Resident memory over 1,000,000 requests
    Memory,
}

impl Workload {
    /// The least or the most that the ratio should be.
    #[must_use]
    pub fn wanted(self, system: &System) -> Wanted {
        match (self, system) {
            (Self::Public | Self::Msgs | Self::Post, _) => Wanted::AtLeast(0.7),
            (Self::Home, System::Sqlite) => Wanted::AtLeast(0.25),
            (Self::Home, System::Postgres(_)) => Wanted::AtLeast(0.15),
            (Self::Logging, _) => Wanted::AtLeast(0.95),
            (Self::Scale, _) => Wanted::AtMost(1.2),
            (Self::Memory, _) => Wanted::AtMost(1.1),
        }
    }
}

/// A bound for a ratio.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wanted {
    /// The ratio should not be less.
    AtLeast(f64),
    /// The ratio should not be more.
    AtMost(f64),
}

impl Wanted {
    /// Whether the ratio is as wanted.
    #[must_use]
    pub fn is_met_by(self, ratio: f64) -> bool {
        match self {
            Self::AtLeast(least) => ratio >= least,
            Self::AtMost(most) => ratio <= most,
        }
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(least) => write!(f, ">= {least}"),
            Self::AtMost(most) => write!(f, "<= {most}"),
        }
    }
}

/// The 100 newest messages, asked for as the simulator would.
pub fn newest_messages(site: &Site) -> anyhow::Result<Ask> {
    api(Request::get("/msgs?no=100"), site, Vec::new())
}

/// A message of `author`, posted as the simulator would.
pub fn new_message(site: &Site, author: &str, text: &str) -> anyhow::Result<Ask> {
    let body = serde_json::json!({ "content": text }).to_string().into_bytes();
    api(Request::post(format!("/msgs/{author}")).header(header::CONTENT_TYPE, "application/json"), site, body)
}

fn api(ask: http::request::Builder, site: &Site, body: Vec<u8>) -> anyhow::Result<Ask> {
    let ask = ask.header(header::HOST, site.api.to_string()).header(header::AUTHORIZATION, CREDENTIAL);
    Ok(ask.body(body.into())?)
}
