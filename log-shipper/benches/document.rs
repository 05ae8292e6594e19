//! What a line costs on its way to a document: masking, reading, writing. `cargo bench -p log-shipper --bench document`

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jiff::Timestamp;
use log_shipper::document::{self, Agent, Template};
use log_shipper::line::{Line, Marks, Stream};
use log_shipper::mask::{self, Masker};
use log_shipper::place::{FileKey, Place};
use log_shipper::source::{Container, Hints, Source};

/// A line of the site as most are.
const SHORT: &str = concat!(
    r#"{"@timestamp":"2026-11-25T09:00:00.738000Z","log":{"level":"info"},"message":"GET /public 200","#,
    r#""http":{"version":"1.1","request":{"id":"0123abc","method":"GET"},"response":{"status_code":200,"#,
    r#""body":{"bytes":5120}}},"url":{"path":"/public"},"client":{"ip":"10.0.0.9"},"event":{"kind":"event","#,
    r#""duration":1234567},"service":{"name":"minitwit"},"ecs":{"version":"8.11.0"}}"#,
);

/// One with all it can have.
const SIGN_IN: &str = concat!(
    r#"{"@timestamp":"2026-11-25T09:00:00.738000Z","log":{"level":"info"},"message":"POST /login 302","#,
    r#""http":{"version":"1.1","request":{"id":"0123abc","method":"POST","mime_type":"#,
    r#""application/x-www-form-urlencoded","referrer":"http://minitwit.example/login","body":{"bytes":29,"#,
    r#""content":"{\"username\":\"ada\",\"password\":\"[redacted]\"}"}},"response":{"status_code":302,"#,
    r#""body":{"bytes":0}}},"url":{"path":"/login","query":"p=3","domain":"minitwit.example"},"#,
    r#""user":{"id":"17","name":"ada"},"client":{"ip":"10.0.0.9"},"minitwit":{"route":"/login","role":"user","#,
    r#""redirect":"/","flash":"logged_in","query_dropped":1},"event":{"kind":"event","category":["web"],"#,
    r#""dataset":"minitwit.request","outcome":"success","duration":1234567},"user_agent":{"original":"#,
    r#""curl/8.5.0"},"service":{"name":"minitwit","version":"1.2.3","node":{"name":"node-1"}},"#,
    r#""ecs":{"version":"8.11.0"}}"#,
);

const PLAIN: &str = "10.0.0.9 - - [25/Nov/2026:09:00:00 +0000] \"GET /public HTTP/1.1\" 200 5120 \"-\" \"Mozilla/5.0\"";

struct Bench {
    template: Template,
    document: document::Scratch,
    masker: Masker,
    mask: mask::Scratch,
    out: Vec<u8>,
}

impl Bench {
    fn new() -> Self {
        let container = Container { id: "0".repeat(64), name: "minitwit_web.1".into(), ..Container::default() };
        let source = Source { name: "container/0".into(), container: Some(container), hints: Hints::default() };
        let agent = Agent { host: "node-1".into(), version: "0.1.0".into() };
        let path = format!("/var/lib/docker/containers/{0}/{0}-json.log", "0".repeat(64));
        Self {
            template: Template::new(&agent, &source, &path),
            document: document::Scratch::default(),
            masker: Masker::new(&[]).expect("there are no patterns"),
            mask: mask::Scratch::default(),
            out: Vec::with_capacity(64 * 1024),
        }
    }

    fn write(&mut self, text: &[u8]) {
        let start = Place { file: FileKey(1), offset: 123_456 };
        let time = Some("2026-11-25T09:00:00.123456789Z");
        let line = Line { start, text, stream: Some(Stream::Stdout), time, marks: Marks::none(), joined: false };
        self.out.clear();
        self.template.write(black_box(&line), Timestamp::UNIX_EPOCH, &mut self.document, &mut self.out);
        black_box(&self.out);
    }

    fn whole(&mut self, text: &[u8]) {
        let mut mask = std::mem::take(&mut self.mask);
        let (text, _) = self.masker.mask(text, &mut mask);
        self.write(text);
        self.mask = mask;
    }
}

fn lines(criterion: &mut Criterion) {
    let mut bench = Bench::new();
    for (name, text) in [("short", SHORT), ("sign-in", SIGN_IN), ("plain", PLAIN)] {
        let mut group = criterion.benchmark_group(format!("{name} ({} bytes)", text.len()));
        group.throughput(Throughput::Elements(1));
        group.bench_function("mask", |run| {
            run.iter(|| black_box(bench.masker.mask(black_box(text.as_bytes()), &mut bench.mask).1));
        });
        group.bench_function("document", |run| run.iter(|| bench.write(text.as_bytes())));
        group.bench_function("both", |run| run.iter(|| bench.whole(text.as_bytes())));
        group.finish();
    }
}

/// A mebibyte of each must take milliseconds.
fn hostile(criterion: &mut Criterion) {
    const PIECES: [&str; 24] = [
        "key",
        "password",
        "password=",
        "password=\"",
        "password='x",
        "\\\"pwd\\\":",
        "pwd=\\",
        "\\",
        "://",
        "://a:b",
        "eyJ",
        "eyJaaaaaaaa.",
        "-----BEGIN PRIVATE KEY-----\"",
        "Authorization: ",
        "Cookie: a=",
        "pwd%22=%22",
        "pwd&quot;:&quot;",
        "<pwd>",
        "pwd:[",
        "\"pwd\":{\"",
        "@tcp(",
        "\\u0070",
        "pwd=]]]]]]]]",
        "x:token ",
    ];
    let mut group = criterion.benchmark_group("hostile");
    group.sample_size(10);
    let mut bench = Bench::new();
    for piece in PIECES {
        let text = piece.repeat(1024 * 1024 / piece.len());
        group.bench_function(piece, |run| {
            run.iter(|| black_box(bench.masker.mask(black_box(text.as_bytes()), &mut bench.mask).1));
        });
    }
    for piece in ["{\"a\":", "[", "\"", "\\", "\u{1}", "{\"a\":1,", "\u{e9}"] {
        let text = format!("{{\"x\":{}", piece.repeat(1024 * 1024 / piece.len()));
        group.bench_function(format!("document {piece:?}"), |run| run.iter(|| bench.write(text.as_bytes())));
    }
    let members: Vec<_> = (0..1_000).map(|at| format!(r#""same beginning {at} same end":1"#)).collect();
    let text = format!("{{{}}}", members.join(","));
    group.bench_function("document of 1,000 members", |run| run.iter(|| bench.write(text.as_bytes())));
    group.finish();
}

criterion_group!(benches, lines, hostile);
criterion_main!(benches);
