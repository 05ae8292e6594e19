//! A round: the same work from many connections at once, for some time or some number of requests.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::latency::Latency;
use crate::load::visit::Visit;

/// A connection gives a round up after so many errors: the server is gone, and trying goes too fast to be of use.
const ENOUGH_ERRORS: u64 = 20;

/// What a round measured.
#[derive(Default)]
pub struct Round {
    /// How many requests had the right answer.
    pub requests: u64,
    /// From the first request to the last answer.
    pub elapsed: Duration,
    /// How long the right answers took.
    pub latency: Latency,
    /// The requests that had no or another answer.
    pub errors: Errors,
}

/// When a connection stops.
#[derive(Clone, Copy)]
pub enum Until {
    /// So long after the start.
    Elapsed(Duration),
    /// After so many requests of its own.
    Requests(u64),
}

/// Errors by what they say.
#[derive(Clone, Default)]
pub struct Errors(BTreeMap<String, u64>);

impl Errors {
    /// How many there were.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.values().sum()
    }

    /// Counts those of `other`, too.
    pub fn merge(&mut self, other: Self) {
        for (kind, count) in other.0 {
            *self.0.entry(kind).or_default() += count;
        }
    }

    fn add(&mut self, error: &anyhow::Error) {
        *self.0.entry(format!("{error:#}")).or_default() += 1;
    }
}

impl fmt::Display for Errors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds: Vec<String> = self.0.iter().map(|(kind, count)| format!("{count} x {kind}")).collect();
        f.write_str(&kinds.join(", "))
    }
}

impl Round {
    /// Requests per second.
    #[must_use]
    pub fn rate(&self) -> f64 {
        float(self.requests) / self.elapsed.as_secs_f64()
    }

    fn merge(&mut self, other: Self) {
        self.requests += other.requests;
        self.latency.merge(&other.latency);
        self.errors.merge(other.errors);
    }
}

/// Makes the visits from `connections` connections at once, each connection always the same visit.
///
/// # Panics
/// When a connection's task does, which would be a fault of this program.
pub async fn drive(visits: &[Visit], connections: u16, until: Until) -> Round {
    let started = Instant::now();
    let repeated = visits.iter().cycle().take(connections.into());
    let mut tasks: JoinSet<Round> = repeated.map(|visit| repeat(visit.clone(), until, started)).collect();
    let mut whole = Round::default();
    while let Some(part) = tasks.join_next().await {
        whole.merge(part.expect("a connection does not panic"));
    }
    whole.elapsed = started.elapsed();
    whole
}

async fn repeat(visit: Visit, until: Until, started: Instant) -> Round {
    let mut round = Round::default();
    let mut connection = None;
    while !until.is_reached(started, &round) && round.errors.count() < ENOUGH_ERRORS {
        let asked = Instant::now();
        if let Err(error) = visit.make(&mut connection).await {
            round.errors.add(&error);
            connection = None;
        } else {
            round.latency.record(asked.elapsed());
            round.requests += 1;
        }
    }
    round
}

impl Until {
    fn is_reached(self, started: Instant, round: &Round) -> bool {
        match self {
            Self::Elapsed(length) => started.elapsed() >= length,
            Self::Requests(count) => round.requests + round.errors.count() >= count,
        }
    }
}

/// A count as a floating-point number.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "what is counted here stays far below 2^53")]
pub fn float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use tokio::net::TcpSocket;

    use super::*;
    use crate::bare::{self, Answer};
    use crate::http_client::get;

    async fn visit(bytes: usize) -> (Visit, tokio::task::JoinHandle<()>) {
        let answer = Answer { path: "/".into(), status: StatusCode::OK, content_type: None, bytes };
        let (address, server) = bare::spawn(answer).await;
        let visit = Visit::probe(address, get(address, "/").expect("the path is good")).await;
        (visit.expect("the server answers"), server)
    }

    #[tokio::test]
    async fn every_connection_makes_its_requests() {
        let (visit, _server) = visit(10).await;
        let round = drive(&[visit], 4, Until::Requests(25)).await;
        assert_eq!((round.requests, round.latency.count(), round.errors.count()), (100, 100, 0));
    }

    #[tokio::test]
    async fn an_answer_of_another_length_or_status_is_an_error() {
        let (visit, _server) = visit(10).await;
        let (mut longer, mut created) = (visit.clone(), visit);
        longer.answer.bytes = 11;
        created.answer.status = StatusCode::CREATED;
        let round = drive(&[longer, created], 2, Until::Requests(3)).await;
        assert_eq!(round.errors.to_string(), "3 x a body of another length, 3 x status 200");
        assert_eq!(round.requests, 0);
    }

    #[tokio::test]
    async fn a_server_that_is_gone_ends_the_round() {
        let (visit, _server) = visit(10).await;
        // Bound and not listening: nobody else can get the port meanwhile.
        let socket = TcpSocket::new_v4().expect("there are sockets");
        socket.bind(([127, 0, 0, 1], 0).into()).expect("a port is free");
        let visit = visit.at(socket.local_addr().expect("the socket is bound"));
        let round = drive(&[visit], 2, Until::Elapsed(Duration::from_hours(1))).await;
        assert_eq!((round.requests, round.errors.count()), (0, 2 * ENOUGH_ERRORS));
        assert!(round.errors.to_string().contains("cannot connect"), "{}", round.errors);
    }
}
