//! A shipper that runs, and answers questions of operations.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

use crate::stage::{Running, Stage, until};

/// A shipper that can be asked.
pub struct Asked {
    address: SocketAddr,
    _running: Running,
}

impl Asked {
    pub fn start(stage: &Stage, words: &[&str]) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut program = stage.program(&["run", "--operations-listen", &address.to_string()]);
        program.args(["--elasticsearch", stage.sink.url().as_str(), "--retry-min=10ms", "--retry-max=50ms"]);
        program.arg("--files").arg(stage.log("*.log")).args(words);
        Self { address, _running: Running::start(program) }
    }

    pub fn address(&self) -> String {
        self.address.to_string()
    }

    pub async fn get(&self, path: &str) -> String {
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        let address = self.address;
        let answer = tokio::task::spawn_blocking(move || {
            let mut connection = TcpStream::connect(address).ok()?;
            connection.write_all(request.as_bytes()).ok()?;
            let mut answer = String::new();
            connection.read_to_string(&mut answer).ok()?;
            Some(answer)
        });
        answer.await.unwrap().unwrap_or_default()
    }

    /// The value of a series of `log_shipper_…`.
    pub async fn value(&self, series: &str) -> f64 {
        let text = self.get("/metrics").await;
        let value =
            |line: &str| line.strip_prefix("log_shipper_")?.strip_prefix(series)?.strip_prefix(' ')?.parse().ok();
        text.lines().find_map(value).unwrap_or(f64::NAN)
    }

    pub async fn until(&self, series: &str, is_so: impl Fn(f64) -> bool) {
        until(series, async || is_so(self.value(series).await)).await;
    }

    pub async fn is(&self, series: &str, value: f64) {
        self.until(series, |found| (found - value).abs() < 0.5).await;
    }
}
