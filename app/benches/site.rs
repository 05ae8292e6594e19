//! What a request is made of: queries, pages, redaction, the line of the log. `cargo bench -p minitwit`

use std::hint::black_box;
use std::io::sink;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use clap::Parser;
use criterion::{Criterion, criterion_group, criterion_main};
use minitwit::assembly::{Telemetry, assemble};
use minitwit::clock::Clock;
use minitwit::config::Serve;
use minitwit::domain::{Cursor, MessageId, Page, Timeline, UserId};
use minitwit::listen::{Peer, Phase};
use minitwit::middleware::observe::Observer;
use minitwit::redact::{self, Content, HashKey, Logged, Names, Show};
use minitwit::seed::{Plan, seed};
use minitwit::store::{Instruments, Options, Store};
use minitwit::telemetry::Via;
use minitwit::{App, Door, site};
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tower::ServiceExt;

const PLAN: Plan = Plan { users: 1_000, messages: 100_000, followees: 40, seed: 1 };

/// The settings as they are without any flag.
#[derive(Parser)]
struct Settings {
    #[command(flatten)]
    serve: Serve,
}

/// A site on a seeded SQLite file, its log going nowhere.
struct Bench {
    runtime: Runtime,
    app: Arc<App>,
    _folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let runtime = Runtime::new().expect("a runtime starts");
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let url = format!("sqlite:{}/minitwit.db", folder.path().display());
        let app = runtime.block_on(async {
            seed(&url, PLAN).await.expect("the database can be seeded");
            let timeout = Duration::from_secs(5);
            let options = Options { url: url.into(), connections: 4, timeout, instruments: Instruments::default() };
            let store = Store::open(&options).await.expect("the database opens");
            let settings = Settings::parse_from(["bench", "--log-format", "json"]).serve;
            let clock = Clock::default();
            let telemetry = Telemetry::start(&settings, clock.clone(), sink()).expect("the log starts");
            let (_, phase) = watch::channel(Phase::Serving);
            assemble(settings, store, clock, telemetry, phase).await.expect("the application is whole")
        });
        Self { runtime, app, _folder: folder }
    }
}

fn queries(criterion: &mut Criterion) {
    let Bench { runtime, app, _folder } = Bench::new();
    let mut group = criterion.benchmark_group("query");
    let deep = Page { cursor: Cursor::Before(MessageId(50_000)), size: 30 };
    let cases = [
        ("public, newest", Timeline::Public, Page::newest(30)),
        ("public, in the depth", Timeline::Public, deep),
        ("one author", Timeline::Of(UserId(7)), Page::newest(30)),
        ("a reader of 40", Timeline::Home(UserId(1)), Page::newest(30)),
    ];
    for (name, timeline, page) in cases {
        group.bench_function(name, |bencher| {
            bencher.to_async(&runtime).iter(|| async { app.store.timeline(timeline, page).await.expect("a timeline") });
        });
    }
    group.bench_function("version", |bencher| {
        bencher.to_async(&runtime).iter(|| async { app.store.version().await.expect("a version") });
    });
    group.finish();
}

fn request(path: &str) -> Request {
    let mut request = Request::get(path).header("host", "localhost").body(Body::empty()).expect("a request");
    request.extensions_mut().insert(Peer(SocketAddr::from(([127, 0, 0, 1], 1))));
    request
}

fn pages(criterion: &mut Criterion) {
    let Bench { runtime, app, _folder } = Bench::new();
    let router = site::router(&app, Door::Web);
    let mut group = criterion.benchmark_group("page");
    group.bench_function("remembered", |bencher| {
        bencher.to_async(&runtime).iter(|| async { router.clone().oneshot(request("/public")).await });
    });
    let mut before = 1_000;
    group.bench_function("queried and rendered", |bencher| {
        bencher.to_async(&runtime).iter(|| {
            before += 1;
            let path = format!("/public?before={before}");
            let router = router.clone();
            async move { router.oneshot(request(&path)).await }
        });
    });
    group.finish();
}

/// A form of three fields, one of them secret.
struct Form;

impl Logged for Form {
    const FIELDS: &'static [(&'static str, Show)] =
        &[("username", Show::Name), ("text", Show::Text), ("password", Show::Secret)];
}

fn lines(criterion: &mut Criterion) {
    let Bench { runtime, app, _folder } = Bench::new();
    let _inside = runtime.enter();
    let mut group = criterion.benchmark_group("log");
    let key = HashKey::new(&[7; 32]);
    let body = b"username=ada&password=correct+horse&text=Message+12%3A+light+over+the+harbour";
    group.bench_function("redaction of a form", |bencher| {
        bencher.iter(|| {
            let fields = redact::form(form_urlencoded::parse(black_box(body)), Form::FIELDS);
            Content::of(&fields, &Names::default(), &key)
        });
    });
    let observer = Observer { via: Via::Web, log: Some(app.log.clone()), metrics: Some(app.metrics.clone()) };
    group.bench_function("line and metrics of a request", |bencher| {
        bencher.iter_batched(
            || (request("/public"), "a page".into_response()),
            |(mut request, response): (Request, Response)| observer.clone().begin(&mut request).answered(&response),
            criterion::BatchSize::SmallInput,
        );
    });
    group.finish();
}

criterion_group!(benches, queries, pages, lines);
criterion_main!(benches);
