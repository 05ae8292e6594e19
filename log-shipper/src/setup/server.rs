//! Which server answers: Elasticsearch or OpenSearch, and its version.

use std::fmt;

use clap::ValueEnum;
use serde_json::Value;

use super::http::{Client, Error, Reply};

const FOREIGN: Error = Error::Foreign("the question for its version");

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "lower")]
pub enum Product {
    /// From 8.3 on, which can have a mapping without objects.
    Elasticsearch,
    /// From 3.6 on, for the same reason.
    OpenSearch,
}

impl fmt::Display for Product {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Elasticsearch => "Elasticsearch",
            Self::OpenSearch => "OpenSearch",
        })
    }
}

/// A server that answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// What it is.
    pub product: Product,
    /// `8.19.21`.
    pub version: String,
}

impl Server {
    /// A question that every distribution of both answers, unlike `GET /`; only Elasticsearch knows flavours.
    pub(super) const QUESTION: &str = "/_nodes/_local/version?filter_path=nodes.*.version,nodes.*.build_flavor";

    /// Asks. The user needs the cluster privilege `monitor`.
    pub async fn detect(client: &Client) -> Result<Self, Error> {
        Self::answering(client.get(Self::QUESTION).await?)
    }

    /// What an answer to the question says.
    pub(super) fn answering(reply: Reply) -> Result<Self, Error> {
        // Each of both has this path.
        if matches!(reply.status.as_u16(), 404 | 405 | 501) {
            return Err(FOREIGN);
        }
        let answer = reply.good()?;
        let node = answer["nodes"].as_object().and_then(|nodes| nodes.values().next()).unwrap_or(&Value::Null);
        let version = node["version"].as_str().ok_or(FOREIGN)?.to_owned();
        let elasticsearch = node["build_flavor"].is_string();
        let product = if elasticsearch { Product::Elasticsearch } else { Product::OpenSearch };
        Ok(Self { product, version })
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.product, self.version)
    }
}
