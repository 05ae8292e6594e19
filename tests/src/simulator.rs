//! The simulator: plays a scenario's rows one at a time and judges each answer by the course's rule.

pub mod pace;
pub mod replica;
pub mod request;
pub mod tally;

use std::time::{Duration, Instant};
use std::{fmt, io};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::scenario::{Command, Row};
use crate::simulator::replica::Replica;

/// The `Authorization` header that the course's simulator sends.
pub const CREDENTIAL: &str = "Basic c2ltdWxhdG9yOnN1cGVyX3NhZmUh";

const LONGEST_HEAD: usize = 64 * 1024;

/// What the simulator is told to do.
pub struct Simulator {
    /// The replicas that are asked in turn; at least one.
    pub replicas: Vec<Replica>,
    /// How long a connect, and each read, may take.
    pub patience: Duration,
    /// The value of the `Authorization` header.
    pub credential: String,
}

/// How one row went.
pub struct Outcome {
    /// From before the connect until the answer's head was there, or the fault.
    pub took: Duration,
    /// The status of an answer, good or not; None when there was none.
    pub status: Option<u16>,
    /// None: the row went as it should.
    pub fault: Option<Fault>,
}

/// Why a row is an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// An answer with a status that the rule does not accept.
    Status(u16),
    /// Nobody listens.
    Refused,
    /// The connect took too long.
    ConnectTimeout,
    /// A read took too long.
    ReadTimeout,
    /// The connection failed or ended otherwise before the answer's head was complete.
    Broken,
    /// What came is not an HTTP answer.
    NotHttp,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "status {status}"),
            Self::Refused => f.write_str("connection refused"),
            Self::ConnectTimeout => f.write_str("connect timed out"),
            Self::ReadTimeout => f.write_str("read timed out"),
            Self::Broken => f.write_str("connection broken"),
            Self::NotHttp => f.write_str("not an HTTP answer"),
        }
    }
}

impl Simulator {
    /// Plays `row` on the replica whose turn it is: the first for turn 0, and so on around.
    pub async fn play(&self, row: &Row, turn: usize) -> Outcome {
        let replica = &self.replicas[turn % self.replicas.len()];
        let started = Instant::now();
        let answer = self.ask(row, replica).await;
        let took = started.elapsed();
        match answer {
            Ok(status) => Outcome { took, status: Some(status), fault: judge(row.command(), status) },
            Err(fault) => Outcome { took, status: None, fault: Some(fault) },
        }
    }

    async fn ask(&self, row: &Row, replica: &Replica) -> Result<u16, Fault> {
        let connect = TcpStream::connect((replica.host.as_str(), replica.port));
        let mut stream = timeout(self.patience, connect).await.map_err(|_| Fault::ConnectTimeout)?.map_err(broken)?;
        stream.set_nodelay(true).map_err(broken)?;
        // The simulator's client sends head and body in two writes; a server must wait for the second.
        let (head, body) = request::of(row, replica, &self.credential);
        stream.write_all(head.as_bytes()).await.map_err(broken)?;
        stream.write_all(body.as_bytes()).await.map_err(broken)?;
        status_of(&self.read_head(&mut stream).await?).ok_or(Fault::NotHttp)
    }

    async fn read_head(&self, stream: &mut TcpStream) -> Result<Vec<u8>, Fault> {
        let mut head = Vec::with_capacity(1024);
        while !head.windows(4).any(|end| end == b"\r\n\r\n") {
            let read = timeout(self.patience, stream.read_buf(&mut head)).await.map_err(|_| Fault::ReadTimeout)?;
            if read.map_err(broken)? == 0 {
                return Err(Fault::Broken);
            }
            if head.len() > LONGEST_HEAD {
                return Err(Fault::NotHttp);
            }
        }
        Ok(head)
    }
}

/// The course's rule: a registration may also be refused with 400, everything else is 204.
fn judge(command: Command, status: u16) -> Option<Fault> {
    let good = status == 204 || (command == Command::Register && status == 400);
    (!good).then_some(Fault::Status(status))
}

fn status_of(head: &[u8]) -> Option<u16> {
    let line = str::from_utf8(head.split(|byte| *byte == b'\r').next()?).ok()?;
    let (version, rest) = line.split_once(' ')?;
    version.starts_with("HTTP/1.").then(|| rest.get(..3)?.parse().ok())?
}

#[expect(clippy::needless_pass_by_value, reason = "map_err gives it so")]
fn broken(error: io::Error) -> Fault {
    if error.kind() == io::ErrorKind::ConnectionRefused { Fault::Refused } else { Fault::Broken }
}

#[cfg(test)]
mod tests;
