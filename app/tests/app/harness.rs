//! The real site in this process on free ports, with visitors and a simulator that use it as people and machines do.

mod answer;
mod ask;
mod database;
mod log;
mod simulator;
mod visitor;
mod wire;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Parser;
use minitwit::assembly::{Telemetry, assemble};
use minitwit::clock::Clock;
use minitwit::config::{self, Serve};
use minitwit::domain::MessageId;
use minitwit::listen::Phase;
use minitwit::site::{self, Listeners};
use minitwit::store::{Listed, Store};
use minitwit::{App, Door};
use serde_json::Value;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

pub use answer::{Answer, Shown};
pub use ask::{Ask, segment};
pub use database::Backdoor;
pub use database::Database::{self, Postgres, Sqlite};
pub use simulator::Simulator;
pub use visitor::{PASSWORD, Visitor};
pub use wire::{all_of, raw, slow};

/// Within which everybody sees what anybody wrote, and no longer sees what was flagged, on every replica.
const FRESH_WITHIN: Duration = Duration::from_secs(1);

use database::Scratch;
use log::Log;

/// What the fixed clock says at the start: 2026-11-24 02:14:07 UTC, in seconds since 1970.
pub const START: i64 = 1_795_486_447;

/// Free ports, few connections, and patience for a machine that is busy with other tests.
const SETTINGS: &[&str] = &[
    "minitwit",
    "--web-listen=127.0.0.1:0",
    "--api-listen=127.0.0.1:0",
    "--ops-listen=127.0.0.1:0",
    "--database-connections=3",
    "--database-timeout=20s",
    "--request-timeout=60s",
    "--log-format=json",
];

#[derive(Parser)]
struct CommandLine {
    #[command(flatten)]
    serve: Serve,
    #[command(flatten)]
    database: config::Database,
}

/// A running site with a database of its own, whose clock stands still until it is moved.
pub struct TestApp {
    /// Where the pages are.
    pub web: SocketAddr,
    /// Where the simulator's API is.
    pub api: SocketAddr,
    /// Where operations are.
    pub ops: SocketAddr,
    /// The time.
    pub clock: Clock,
    app: Arc<App>,
    log: Log,
    settings: Vec<String>,
    scratch: Arc<Scratch>,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

impl TestApp {
    /// Where a door listens.
    pub fn at(&self, door: Door) -> SocketAddr {
        if door == Door::Web { self.web } else { self.api }
    }

    /// Starts a site on an empty database; none where the database cannot be had.
    pub async fn start(database: Database) -> Option<Self> {
        Self::with(database, &[]).await
    }

    /// Starts a site with settings of its own.
    pub async fn with(database: Database, settings: &[&str]) -> Option<Self> {
        let scratch = Arc::new(Scratch::new(database).await?);
        let settings = SETTINGS.iter().chain(settings).map(ToString::to_string).collect();
        Some(Self::run(scratch, settings, Clock::fixed(START * 1_000_000)).await)
    }

    /// Another replica on the same database.
    pub async fn replica(&self) -> Self {
        Self::run(self.scratch.clone(), self.settings.clone(), self.clock.clone()).await
    }

    /// Stops the site in an orderly way and starts it anew on the same database.
    pub async fn restart(self) -> Self {
        self.stop.send(()).expect("the site runs");
        self.running.await.expect("the site does not panic");
        Self::run(self.scratch, self.settings, self.clock).await
    }

    async fn run(scratch: Arc<Scratch>, settings: Vec<String>, clock: Clock) -> Self {
        let database_url = format!("--database-url={}", scratch.url());
        // Of a flag that comes twice, clap takes neither: what a test sets replaces ours.
        let key = |setting: &String| setting.split('=').next().map(str::to_owned);
        let last = |(at, setting): (usize, &String)| settings[at + 1..].iter().all(|later| key(later) != key(setting));
        let told = settings.iter().enumerate().filter(|pair| last(*pair)).map(|(_, setting)| setting.clone());
        let line = CommandLine::parse_from(told.chain([database_url]));

        let log = Log::default();
        let telemetry = Telemetry::start(&line.serve, clock.clone(), log.clone()).expect("the log starts");
        let store = Store::open(&line.database.options().expect("the URL is given")).await.expect("the database opens");
        store.migrate().await.expect("the schema can be made");
        let (phase, app_phase) = watch::channel(Phase::Serving);
        let app =
            assemble(line.serve, store, clock.clone(), telemetry, app_phase).await.expect("the settings are good");
        let listeners = Listeners::bind(&app.settings).await.expect("port 0 is always free");
        let addresses: Vec<_> = listeners.addresses().into_iter().map(|(_, address)| address).collect();
        let (stop, stopped) = oneshot::channel();
        let shutdown = async { drop(stopped.await) };
        let running = tokio::spawn(site::serve(app.clone(), phase, listeners, shutdown));
        let [web, api, ops] = addresses[..] else { panic!("all three listeners are on") };
        Self { web, api, ops, clock, app, log, settings, scratch, stop, running }
    }

    /// A browser that was never here.
    pub fn visitor(&self) -> Visitor {
        Visitor::new(self.web)
    }

    /// Registers `name` and signs them in.
    pub async fn sign_up(&self, name: &str) -> Visitor {
        let visitor = self.visitor();
        assert_eq!(visitor.register(name).await.redirect(), "/login");
        assert_eq!(visitor.sign_in(name, PASSWORD).await.redirect(), "/");
        visitor
    }

    /// Somebody who sends the simulator's credential.
    pub fn simulator(&self) -> Simulator {
        Simulator::new(self.api)
    }

    /// The public timeline as anybody sees it.
    pub async fn public_timeline(&self) -> Answer {
        self.visitor().get("/public").await
    }

    /// The public timeline becomes this for a stranger, who may not see at once what another process did.
    pub async fn stranger_sees(&self, expected: &[&str]) {
        let deadline = Instant::now() + FRESH_WITHIN;
        loop {
            let texts = self.public_timeline().await.texts();
            if texts == expected {
                return;
            }
            assert!(Instant::now() < deadline, "a stranger still sees {texts:?}, not {expected:?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Asks through either door, without cookies and without a credential.
    pub async fn ask(&self, door: Door, ask: Ask) -> Answer {
        let address = match door {
            Door::Web => self.web,
            Door::Api => self.api,
        };
        wire::send(address, ask).await
    }

    /// Hides every message with this text, as the moderator's command does.
    pub async fn flag(&self, text: &str) {
        self.set_flag(text, true).await;
    }

    /// Shows every message with this text again.
    pub async fn unflag(&self, text: &str) {
        self.set_flag(text, false).await;
    }

    async fn set_flag(&self, text: &str, flagged: bool) {
        let listed = self.app.store.list_messages(Listed::All, i64::MAX, 10_000).await.expect("messages can be listed");
        let meant: Vec<_> = listed.iter().filter(|message| message.text == text).collect();
        assert!(!meant.is_empty(), "there is no message {text:?}");
        for message in meant {
            assert!(self.app.store.set_flag(MessageId(message.id), flagged).await.expect("messages can be flagged"));
        }
    }

    /// What is stored in place of the password of `name`.
    pub async fn stored_password(&self, name: &str) -> String {
        self.app.store.credentials(name).await.expect("users can be read").expect("the user exists").password_hash
    }

    /// Stores `hash` as that of the password of `name`, as an import of old accounts does.
    pub async fn import_password(&self, name: &str, hash: &str) {
        let user = self.app.store.user(name).await.expect("users can be read").expect("the user exists");
        self.app.store.set_password(user.id, hash).await.expect("passwords can be set");
    }

    /// A way into the database past the site.
    pub async fn backdoor(&self) -> Backdoor {
        Backdoor::open(&self.scratch.url()).await
    }

    /// The URL of the site's database.
    pub fn database_url(&self) -> String {
        self.scratch.url()
    }

    /// The first line of the log that `fits`; waits for it, since a line may come after its answer.
    pub async fn line(&self, fits: impl Fn(&Value) -> bool) -> Value {
        self.log.line(self.app.log.writer(), fits).await
    }

    /// How many lines of the log so far `fit`.
    pub fn lines(&self, fit: impl Fn(&Value) -> bool) -> usize {
        self.log.count(self.app.log.writer(), fit)
    }
}
