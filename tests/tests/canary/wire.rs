//! Bytes as they are, to and fro: no client library would send what is sent here.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(60);

/// What a client does after it has sent everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// It reads until the site closes the connection.
    Listens,
    /// It says that nothing more will come, and reads.
    Ends,
    /// It is gone.
    Leaves,
}

/// Sends pieces one after the other on one connection and returns all that is answered.
pub async fn talk(address: SocketAddr, pieces: &[Vec<u8>], manner: Manner) -> anyhow::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    for piece in pieces {
        // The site may have refused the request already and listens no more.
        if stream.write_all(piece).await.is_err() {
            break;
        }
    }
    if manner == Manner::Leaves {
        return Ok(Vec::new());
    }
    if manner == Manner::Ends {
        stream.shutdown().await?;
    }
    let mut answer = Vec::new();
    let read = timeout(PATIENCE, stream.read_to_end(&mut answer)).await.context("the site does not close the connection")?;
    // A reset after the answer is the end of it as well.
    drop(read);
    Ok(answer)
}
