//! A request that is made again and again, and the answer that it must have each time.

use std::net::SocketAddr;

use anyhow::{Context, bail, ensure};
use bytes::Bytes;
use http::{Response, header};

use crate::bare::Answer;
use crate::http_client::{Ask, Connection, fetch};

/// What an empty timeline says.
const EMPTY: &[u8] = b"no message so far";

/// A request to one server.
#[derive(Clone)]
pub struct Visit {
    address: SocketAddr,
    ask: Ask,
    /// What every answer must be.
    pub answer: Answer,
}

impl Visit {
    /// Asks once; that answer, which must be a success, is what every later one must be.
    pub async fn probe(address: SocketAddr, ask: Ask) -> anyhow::Result<Self> {
        let name = format!("{} {}", ask.method(), ask.uri());
        let response = fetch(address, ask.clone()).await.with_context(|| format!("no answer to {name}"))?;
        ensure!(response.status().is_success(), "{name} is answered with {}", response.status());
        if response.body().windows(EMPTY.len()).any(|part| part == EMPTY) {
            bail!("{name} shows no messages, although the database is seeded");
        }
        let answer = answer_of(ask.uri().path(), &response)?;
        Ok(Self { address, ask, answer })
    }

    /// The same request to a server that gives `self.answer` too.
    #[must_use]
    pub fn at(&self, address: SocketAddr) -> Self {
        Self { address, ..self.clone() }
    }

    /// Makes the request once, on a connection that is opened if there is none.
    pub async fn make(&self, connection: &mut Option<Connection>) -> anyhow::Result<()> {
        let open = match connection {
            Some(open) => open,
            None => connection.insert(Connection::open(self.address).await?),
        };
        let (status, length) = open.measure(self.ask.clone()).await?;
        if open.is_over() {
            *connection = None;
        }
        ensure!(status == self.answer.status, "status {}", status.as_u16());
        ensure!(length == self.answer.bytes as u64, "a body of another length");
        Ok(())
    }
}

fn answer_of(path: &str, response: &Response<Bytes>) -> anyhow::Result<Answer> {
    let content_type = response.headers().get(header::CONTENT_TYPE).map(|value| value.to_str()).transpose()?;
    Ok(Answer {
        path: path.to_owned(),
        status: response.status(),
        content_type: content_type.map(str::to_owned),
        bytes: response.body().len(),
    })
}
