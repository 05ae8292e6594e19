//! A proxy before a search server: it notes what each bulk request came to, and can hold an answer back.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Context;
use bytes::Bytes;
use e2e::http_client::fetch;
use http::{Request, Response, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// Passes requests on. It ends with the runtime.
pub struct Tap {
    /// Where to send requests to.
    pub address: SocketAddr,
    inner: Arc<Inner>,
}

struct Inner {
    server: SocketAddr,
    seen: Mutex<Vec<Exchange>>,
    wanted: Mutex<Option<oneshot::Sender<Held>>>,
}

/// What a bulk request came to.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The status of all.
    pub status: u16,
    /// How many items have which status.
    pub items: BTreeMap<u64, usize>,
}

/// An answer that the server has given, and the client does not have.
pub struct Held {
    pass: oneshot::Sender<()>,
}

impl Held {
    /// The client never gets it: its connection is closed.
    pub fn lose(self) {
        drop(self.pass);
    }
}

impl Tap {
    /// A proxy before `server`.
    pub async fn before(server: SocketAddr) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let inner = Arc::new(Inner { server, seen: Mutex::default(), wanted: Mutex::default() });
        tokio::spawn({
            let inner = Arc::clone(&inner);
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    let inner = Arc::clone(&inner);
                    let service = service_fn(move |request| pass(Arc::clone(&inner), request));
                    // An answer that is lost on purpose ends a connection too.
                    tokio::spawn(async {
                        drop(http1::Builder::new().serve_connection(TokioIo::new(stream), service).await);
                    });
                }
            }
        });
        Ok(Self { address, inner })
    }

    /// All bulk requests so far.
    pub fn seen(&self) -> Vec<Exchange> {
        lock(&self.inner.seen).clone()
    }

    /// Waits for the next answer to a bulk request of which the server has stored something.
    pub async fn hold(&self) -> anyhow::Result<Held> {
        let (wanted, held) = oneshot::channel();
        *lock(&self.inner.wanted) = Some(wanted);
        held.await.context("the proxy is gone")
    }
}

async fn pass(inner: Arc<Inner>, request: Request<Incoming>) -> anyhow::Result<Response<Full<Bytes>>> {
    let (parts, body) = request.into_parts();
    let is_bulk = parts.uri.path().ends_with("/_bulk");
    let request = Request::from_parts(parts, body.collect().await?.to_bytes().into());
    let mut answer = fetch(inner.server, request).await?;
    answer.headers_mut().remove(header::TRANSFER_ENCODING);
    if is_bulk {
        let exchange = Exchange::of(&answer);
        let stored = exchange.items.contains_key(&201);
        lock(&inner.seen).push(exchange);
        let wanted = lock(&inner.wanted).take_if(|_| stored);
        if let Some(wanted) = wanted {
            let (pass, passed) = oneshot::channel();
            // Whoever wanted it may have given up.
            drop(wanted.send(Held { pass }));
            passed.await.context("the answer is lost")?;
        }
    }
    Ok(answer.map(Full::new))
}

impl Exchange {
    fn of(answer: &Response<Bytes>) -> Self {
        let body: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
        let mut items = BTreeMap::new();
        for item in body["items"].as_array().into_iter().flatten() {
            *items.entry(item["create"]["status"].as_u64().unwrap_or_default()).or_default() += 1;
        }
        Self { status: answer.status().as_u16(), items }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
