//! An Elasticsearch of our own: real HTTP, documents kept by index and id, and every fault that can be told to happen.

#![expect(clippy::unwrap_used, reason = "what a test takes for granted may end it")]

mod answer;
mod fault;
mod http;
mod store;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::{AbortHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

pub use fault::{Broken, Fault};
pub use store::Document;

use answer::Answer;
use http::Request;
use store::{Numbers, Store};

/// How long a condition may take to come true; far more than anything here takes.
const DEADLINE: Duration = Duration::from_mins(1);
/// Requests that are remembered.
const REQUESTS: usize = 10_000;

/// A server on a port of its own; it ends when it is dropped.
pub struct Sink {
    address: SocketAddr,
    shared: Arc<Shared>,
    listening: Mutex<AbortHandle>,
    tls: Option<TlsAcceptor>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    store: Store,
    next: VecDeque<Fault>,
    always: Vec<Fault>,
    seen: Vec<Seen>,
    denies_look_ups: bool,
    authorization: Option<String>,
}

/// A bulk request as it came.
#[derive(Clone, Debug)]
pub struct Seen {
    /// From the path.
    pub target: String,
    /// The ids of its items.
    pub ids: Vec<String>,
    /// Bytes of its body, not compressed.
    pub bytes: usize,
    /// Whether it was compressed.
    pub gzip: bool,
}

impl Sink {
    pub async fn start() -> Self {
        Self::start_with(None).await
    }

    /// With TLS, if there is an acceptor.
    pub async fn start_with(tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::<Shared>::default();
        let listening = Mutex::new(tokio::spawn(listen(listener, tls.clone(), Arc::clone(&shared))).abort_handle());
        Self { address, shared, listening, tls }
    }

    pub fn url(&self) -> url::Url {
        format!("{}://{}", if self.tls.is_some() { "https" } else { "http" }, self.address).parse().unwrap()
    }

    /// What happens to the next bulk request that nothing is planned for yet.
    pub fn next(&self, fault: Fault) -> &Self {
        self.state().next.push_back(fault);
        self
    }

    /// What happens to every bulk request that nothing else is planned for.
    pub fn always(&self, fault: Fault) -> &Self {
        self.state().always.push(fault);
        self
    }

    /// No faults any more.
    pub fn calm(&self) {
        let mut state = self.state();
        state.always.clear();
        state.next.clear();
    }

    /// Stops listening and cuts every connection.
    pub async fn down(&self) {
        self.listening.lock().unwrap().abort();
        while TcpStream::connect(self.address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    }

    /// Listens again, at the same address.
    pub async fn up(&self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        let listening = tokio::spawn(listen(listener, self.tls.clone(), Arc::clone(&self.shared))).abort_handle();
        *self.listening.lock().unwrap() = listening;
    }

    /// The data stream gets a new write index.
    pub fn roll_over(&self, target: &str) {
        self.state().store.roll_over(target);
    }

    /// Data streams are not created by themselves (any more).
    pub fn create_nothing(&self, nothing: bool) {
        self.state().store.creates_nothing = nothing;
    }

    /// `_resolve` and `_mget` are denied (403).
    pub fn deny_look_ups(&self) {
        self.state().denies_look_ups = true;
    }

    /// Only requests with this header `Authorization` are served.
    pub fn require(&self, authorization: &str) {
        self.state().authorization = Some(authorization.to_owned());
    }

    /// Documents are not kept, only their ids.
    pub fn keep_ids_only(&self) {
        self.state().store.ids_only = true;
    }

    /// Not even these, but the numbers that documents have between two `#`: for millions of lines.
    pub fn keep_numbers_only(&self) {
        self.state().store.numbers = Some(Numbers::default());
    }

    /// How many different numbers came, and how many came again.
    pub fn numbers(&self) -> (u64, u64) {
        self.state().store.numbers.as_ref().map(Numbers::count).unwrap_or_default()
    }

    pub fn documents(&self) -> Vec<Document> {
        self.state().store.documents()
    }

    /// The ids of all documents, sorted; one that is stored twice is there twice.
    pub fn ids(&self) -> Vec<String> {
        let mut ids = self.state().store.ids();
        ids.sort();
        ids
    }

    /// Documents, without those that are stored again.
    pub fn count(&self) -> usize {
        self.state().store.count()
    }

    /// Documents in all indices together.
    pub fn size(&self) -> usize {
        self.state().store.size()
    }

    /// Documents that are stored although another index has them.
    pub fn repeats(&self) -> usize {
        self.state().store.repeats()
    }

    /// Creations that met a document with the same id in the same index.
    pub fn conflicts(&self) -> usize {
        self.state().store.conflicts
    }

    /// The last bulk requests.
    pub fn seen(&self) -> Vec<Seen> {
        self.state().seen.clone()
    }

    /// Waits until something is true of the server.
    pub async fn until(&self, what: &str, is_true: impl FnMut(&Self) -> bool) {
        assert!(self.in_time(is_true).await, "not in time: {what}");
    }

    /// Waits as well; whether it became true.
    pub async fn in_time(&self, mut is_true: impl FnMut(&Self) -> bool) -> bool {
        let wait = async {
            loop {
                let changed = self.shared.changed.notified();
                if is_true(self) {
                    return;
                }
                changed.await;
            }
        };
        tokio::time::timeout(DEADLINE, wait).await.is_ok()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap()
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.listening.lock().unwrap().abort();
    }
}

/// Serves until it is aborted, and the connections with it.
async fn listen(listener: TcpListener, tls: Option<TlsAcceptor>, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else { return };
        let shared = Arc::clone(&shared);
        match tls.clone() {
            None => connections.spawn(http::serve(stream, shared)),
            Some(tls) => connections.spawn(async move {
                if let Ok(stream) = tls.accept(stream).await {
                    http::serve(stream, shared).await;
                }
            }),
        };
        while connections.try_join_next().is_some() {}
    }
}

impl Shared {
    /// Whether the connection is cut before the body is read.
    fn cuts(&self, length: usize) -> bool {
        let state = self.state.lock().unwrap();
        let faults = state.next.iter().take(1).chain(&state.always);
        faults.into_iter().any(|fault| matches!(fault, Fault::LargerThan { bytes, cut: true } if length > *bytes))
    }

    fn answer(&self, request: &Request) -> Answer {
        let answer = self.state.lock().unwrap().answer(request);
        self.changed.notify_waiters();
        answer
    }
}

impl State {
    fn answer(&mut self, request: &Request) -> Answer {
        if self.authorization.is_some() && self.authorization != request.authorization {
            return Answer::error(401, "security_exception");
        }
        let path = request.path.split('?').next().unwrap_or_default();
        match path.trim_matches('/').split('/').collect::<Vec<_>>()[..] {
            [target, "_bulk"] => self.bulk(target, request),
            ["_resolve", ..] | [_, "_mget"] if self.denies_look_ups => Answer::error(403, "security_exception"),
            ["_resolve", "index", target] => answer::resolved(self.store.indices(target)),
            [index, "_mget"] => answer::looked_up(&self.store, index, &request.body),
            _ => Answer::error(404, "resource_not_found_exception"),
        }
    }

    fn bulk(&mut self, target: &str, request: &Request) -> Answer {
        let faults = self.next.pop_front().map_or_else(|| self.always.clone(), |fault| vec![fault]);
        let items = store::items(target, &request.body);
        if self.seen.len() == REQUESTS {
            self.seen.remove(0);
        }
        let keeps_ids = self.store.numbers.is_none();
        let ids = items.iter().filter(|_| keeps_ids).map(|item| item.id.clone()).collect();
        self.seen.push(Seen { target: target.to_owned(), ids, bytes: request.body.len(), gzip: request.gzip });
        fault::bulk(&mut self.store, &faults, &items, request.body.len())
    }
}
