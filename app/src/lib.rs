//! `MiniTwit`: a small social site that can be watched. This page is the map of the house.
//!
//! A request comes in through a listener ([`listen`]: limits on connections, headers and patience), passes the one stack
//! of [`middleware`] (identity, request log, metrics, panic guard, time-out, host, credential, cross-site guard, body), and
//! reaches a handler behind one of two doors:
//!
//! - [`web`]: the pages (port 8000); a file is a page with what it reads, answers and shows
//! - [`api`]: the simulator's routes (port 8001); a file is a resource
//! - [`ops`]: `/metrics`, `/healthz`, `/readyz` (port 9000)
//!
//! Behind the doors, each room knows only those below it:
//!
//! - [`extract`]: forms and JSON objects, read strictly, with the fields that the log may show
//! - [`auth`]: registration, sign-in, sessions, password hashes, the slowing down of guessers
//! - [`page_cache`]: rendered pages, by the version of what they show
//! - [`store`]: the database (SQLite or PostgreSQL); `store/journal` commits together what waits together,
//!   `store/freshness` tells whether what is remembered still holds
//! - [`domain`]: names, messages, pages of a timeline, and the rules that both doors keep
//!
//! Beside them, knowing nothing of pages:
//!
//! - [`redact`]: what may be written down of a request, by allow-list
//! - [`telemetry`]: the log lines and their writer, and every metric in one table (`telemetry/names.rs`)
//! - [`config`]: every setting; [`clock`]: the one source of time; [`error`]: what can go wrong, and who is told what
//!
//! [`assembly`] puts it together, [`site`] runs it, and [`upkeep`] is what is done beside the requests; [`cli`] is the command line; [`seed`] fills a database for measurements.

pub mod api;
pub mod assembly;
pub mod auth;
pub mod cli;
pub mod config;
pub mod domain;
pub mod error;
pub mod extract;
pub mod listen;
pub mod middleware;
pub mod ops;
pub mod page_cache;
pub mod redact;
pub mod seed;
pub mod site;
pub mod store;
pub mod telemetry;
pub mod upkeep;
pub mod web;

pub use event_log::clock;

use axum::extract::Request;
use axum::response::Response;
use secrecy::SecretString;
use tokio::sync::watch;

use auth::password::Gate;
use clock::Clock;
use listen::Phase;
use page_cache::PageCache;
use store::Store;
use telemetry::{Metrics, RequestLog, TransactionLog, Via};

/// Everything that handlers share.
pub struct App {
    /// What the program was told.
    pub settings: config::Serve,
    /// The database.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// Where passwords are hashed.
    pub passwords: Gate,
    /// What the simulator must send.
    pub credential: SecretString,
    /// The key of the hashes that stand for what must not be written down.
    pub hash_key: redact::HashKey,
    /// Where lines of the log go.
    pub log: TransactionLog,
    /// What is measured.
    pub metrics: Metrics,
    /// Pages that were rendered lately.
    pub pages: PageCache,
    phase: watch::Receiver<Phase>,
}

impl App {
    /// How far the shutdown has come.
    #[must_use]
    pub fn phase(&self) -> Phase {
        *self.phase.borrow()
    }
}

/// The two doors of the site: what differs between people and the simulator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// Pages.
    Web,
    /// The simulator's API.
    Api,
}

impl Door {
    /// The door's name among the metrics.
    #[must_use]
    pub fn via(self) -> Via {
        match self {
            Self::Web => Via::Web,
            Self::Api => Via::Api,
        }
    }

    fn latest(self, request: &Request) -> Option<i64> {
        match self {
            Self::Web => None,
            Self::Api => api::latest_of(request),
        }
    }

    fn authorize(self, app: &App, request: &Request) -> error::Result<()> {
        match self {
            Self::Web => Ok(()),
            Self::Api => api::authorize(&app.credential, request),
        }
    }

    fn dress(self, response: Response, log: Option<&RequestLog>) -> Response {
        match self {
            Self::Web => web::dress(response, log.and_then(RequestLog::user_name)),
            Self::Api => api::dress(response),
        }
    }
}
