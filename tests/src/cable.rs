//! A cable between a site and its database that can be cut without either end being told.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Passes connections on to another address. While it is cut, bytes vanish; a connection that was cut never lives again,
/// as after a host was lost and another took over its address.
pub struct Cable {
    /// Where to connect to.
    pub address: SocketAddr,
    cut: Arc<watch::Sender<bool>>,
}

impl Cable {
    /// A cable that leads to `target`, not cut.
    pub async fn to(target: SocketAddr) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let cut = Arc::new(watch::Sender::new(false));
        tokio::spawn({
            let cut = cut.clone();
            async move {
                while let Ok((near, _)) = listener.accept().await {
                    tokio::spawn(pass(near, target, cut.subscribe()));
                }
            }
        });
        Ok(Self { address, cut })
    }

    /// Cuts it: what was connected is silent from now on, and what connects waits.
    pub fn cut(&self) {
        self.cut.send_replace(true);
    }

    /// Mends it for new connections.
    pub fn mend(&self) {
        self.cut.send_replace(false);
    }
}

async fn pass(mut near: TcpStream, target: SocketAddr, mut cut: watch::Receiver<bool>) {
    // The sender lives as long as the listener's task, so waiting for a value fails only at the very end.
    if cut.wait_for(|cut| !cut).await.is_err() {
        return;
    }
    let Ok(mut far) = TcpStream::connect(target).await else { return };
    let was_cut = tokio::select! {
        biased;
        cut = cut.wait_for(|cut| *cut) => cut.is_ok(),
        _ = copy_bidirectional(&mut near, &mut far) => false,
    };
    if was_cut {
        // Both ends stay open, and nobody reads.
        std::future::pending::<()>().await;
    }
}
