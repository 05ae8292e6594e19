//! Bytes as they are, to and fro: no client library would send what is sent here.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_mins(1);

/// What a client does after it has sent its first piece, and in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// It sends the rest and reads until the site closes the connection.
    Listens,
    /// It waits until the site wants to have the rest, sends it, says that nothing more will come, and reads.
    Ends,
    /// It waits until the site wants to have the rest, sends it, and is gone.
    Leaves,
    /// It sends the rest and is gone.
    LeavesAtOnce,
}

/// Sends pieces one after the other on one connection and returns all that is answered.
pub async fn talk(address: SocketAddr, pieces: &[Vec<u8>], manner: Manner) -> anyhow::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut answer = Vec::new();
    for (number, piece) in pieces.iter().enumerate() {
        if number == 1 && matches!(manner, Manner::Ends | Manner::Leaves) {
            // "100 Continue": the request has begun, so its end will be noted.
            timeout(PATIENCE, stream.read_buf(&mut answer)).await.context("the site does not want the body")??;
        }
        // The site may have refused the request already and listens no more.
        if stream.write_all(piece).await.is_err() {
            break;
        }
    }
    match manner {
        Manner::Leaves | Manner::LeavesAtOnce => return Ok(answer),
        Manner::Ends => stream.shutdown().await?,
        Manner::Listens => {}
    }
    let read =
        timeout(PATIENCE, stream.read_to_end(&mut answer)).await.context("the site does not close the connection")?;
    // A reset after the answer is the end of it as well.
    drop(read);
    Ok(answer)
}
