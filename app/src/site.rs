//! The running site: listeners with their routers, from the first connection to the last line of the log.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use bytes::Bytes;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::config::Switch;
use crate::listen::{self, Limits, Phase, Refusals};
use crate::middleware::observe::Observer;
use crate::middleware::{Stack, stack};
use crate::telemetry::Via;
use crate::{App, Door, api, ops, upkeep, web};

/// Connections for operations: enough for several scrapers, not for a crowd.
const OPS_CONNECTIONS: NonZeroUsize = NonZeroUsize::new(64).expect("not zero");

/// The sockets that the site listens on; none where a listener is off.
#[derive(Debug, Default)]
pub struct Listeners {
    /// Pages.
    pub web: Option<TcpListener>,
    /// The simulator's API.
    pub api: Option<TcpListener>,
    /// Operations.
    pub ops: Option<TcpListener>,
}

/// An address that cannot be listened on.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address} ({setting}): {reason}")]
pub struct CannotListen {
    address: SocketAddr,
    setting: &'static str,
    reason: std::io::Error,
}

impl Listeners {
    /// Binds every address that is not `off`.
    ///
    /// # Errors
    /// An address is in use or not ours.
    pub async fn bind(settings: &crate::config::Serve) -> Result<Self, CannotListen> {
        Ok(Self {
            web: bind(settings.web_listen.address(), "--web-listen").await?,
            api: bind(settings.api_listen.address(), "--api-listen").await?,
            ops: bind(settings.ops_listen.address(), "--ops-listen").await?,
        })
    }

    /// What listens where, for people.
    #[must_use]
    pub fn addresses(&self) -> Vec<(&'static str, SocketAddr)> {
        let named = [("pages", &self.web), ("simulator API", &self.api), ("operations", &self.ops)];
        named.into_iter().filter_map(|(name, socket)| Some((name, socket.as_ref()?.local_addr().ok()?))).collect()
    }
}

async fn bind(address: Option<SocketAddr>, setting: &'static str) -> Result<Option<TcpListener>, CannotListen> {
    let Some(address) = address else { return Ok(None) };
    let bound = TcpListener::bind(address).await;
    bound.map(Some).map_err(|reason| CannotListen { address, setting, reason })
}

/// Serves until `shutdown` completes, then drains: `/readyz` says no, after the grace no connection is accepted, running
/// requests finish within the time-out, and operations answer to the end.
pub async fn serve(
    app: Arc<App>,
    phase: watch::Sender<Phase>,
    listeners: Listeners,
    shutdown: impl Future<Output = ()>,
) {
    let (ops_phase, ops_stops) = watch::channel(Phase::Serving);
    let mut doors = JoinSet::new();
    for (door, socket) in [(Door::Web, listeners.web), (Door::Api, listeners.api)] {
        if let Some(socket) = socket {
            let (router, refusals) = (router(&app, door), refusals(&app, door, Some(door.via())));
            doors.spawn(listen::serve(socket, router, limits(&app), refusals, phase.subscribe()));
        }
    }
    let operations = listeners.ops.map(|socket| {
        let limits = Limits { connections: OPS_CONNECTIONS, ..limits(&app) };
        let router = ops::routes().with_state(app.clone());
        tokio::spawn(listen::serve(socket, router, limits, refusals(&app, Door::Api, None), ops_stops))
    });
    let upkeep = upkeep::begin(&app);
    shutdown.await;
    drain(&app, &phase, doors).await;
    drop(upkeep);
    ops_phase.send_replace(Phase::Stopping);
    if let Some(operations) = operations {
        // A scrape that hangs does not keep the program from ending.
        let _ = tokio::time::timeout(Duration::from_secs(1), operations).await;
    }
    app.store.close().await;
}

async fn drain(app: &App, phase: &watch::Sender<Phase>, doors: JoinSet<()>) {
    phase.send_replace(Phase::Draining);
    tracing::info!("shutting down: not ready any more");
    tokio::time::sleep(app.settings.shutdown_grace).await;
    phase.send_replace(Phase::Stopping);
    if tokio::time::timeout(app.settings.shutdown_timeout, doors.join_all()).await.is_err() {
        tracing::warn!("shutting down: some requests did not finish in time");
    }
}

fn limits(app: &App) -> Limits {
    let settings = &app.settings;
    Limits {
        connections: settings.max_connections,
        header: settings.header_timeout,
        idle: settings.idle_timeout.max(settings.header_timeout),
    }
}

/// The routes of a door under the stack that every request passes.
pub fn router(app: &Arc<App>, door: Door) -> Router {
    let routes = match door {
        Door::Web => web::routes(),
        Door::Api => api::routes(),
    };
    let settings = &app.settings;
    let observer = Observer {
        via: door.via(),
        log: (settings.transaction_log == Switch::On).then(|| app.log.clone()),
        metrics: (settings.metrics == Switch::On).then(|| app.metrics.clone()),
    };
    routes.layer(from_fn_with_state(Stack { app: app.clone(), door, observer }, stack)).with_state(app.clone())
}

struct DoorRefusals {
    app: Arc<App>,
    /// Whose form the answer has.
    door: Door,
    /// Where it counts: operations are no part of the service.
    via: Option<Via>,
}

fn refusals(app: &Arc<App>, door: Door, via: Option<Via>) -> Arc<dyn Refusals> {
    Arc::new(DoorRefusals { app: app.clone(), door, via })
}

impl DoorRefusals {
    fn note(&self, peer: SocketAddr, status: StatusCode, kind: &'static str) {
        self.app.log.refused(self.via, peer.ip().to_canonical(), status, kind);
        if let (Some(via), Switch::On) = (self.via, self.app.settings.metrics) {
            self.app.metrics.refused(via, status);
        }
    }
}

impl Refusals for DoorRefusals {
    fn answer(&self, peer: SocketAddr, status: StatusCode) -> Bytes {
        let kind = match status {
            StatusCode::SERVICE_UNAVAILABLE => "too_many_connections",
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => "header_too_large",
            StatusCode::URI_TOO_LONG => "target_too_long",
            _ => "malformed_request",
        };
        self.note(peer, status, kind);
        match self.door {
            Door::Web => listen::response(status, "text/html; charset=utf-8", &web::plain(status)),
            Door::Api => listen::response(status, "application/json", &api::plain(status)),
        }
    }

    fn gave_up(&self, peer: SocketAddr) {
        self.note(peer, StatusCode::REQUEST_TIMEOUT, "header_timeout");
    }
}
