//! What an entry costs: `cargo bench -p log-shipper --bench docker`

use std::hint::black_box;
use std::time::Instant;

use criterion::{Criterion, criterion_group, criterion_main};
use log_shipper::docker::{Joiner, Limits, Raw, parse, unescape};
use log_shipper::place::{FileKey, Place};

/// A request of the site, as Docker writes it.
const ENTRY: &[u8] = br#"{"log":"{\"@timestamp\":\"2026-11-25T09:00:00.738000Z\",\"log\":{\"level\":\"info\"},\"message\":\"GET /ada 200\",\"http\":{\"version\":\"1.1\",\"request\":{\"method\":\"GET\"},\"response\":{\"status_code\":200}},\"url\":{\"path\":\"/ada\"},\"client\":{\"ip\":\"10.0.0.7\"},\"event\":{\"duration\":184000}}\n","stream":"stdout","time":"2026-11-25T09:00:00.738212345Z"}"#;

fn entries(criterion: &mut Criterion) {
    criterion.bench_function("parse", |bench| bench.iter(|| parse(black_box(ENTRY))));
    let entry = parse(ENTRY).expect("it is an entry");
    let mut text = Vec::new();
    criterion.bench_function("unescape", |bench| {
        bench.iter(|| {
            text.clear();
            unescape(black_box(entry.text()), &mut text)
        });
    });
    let mut joiner = Joiner::new(Limits::default(), None, Vec::new());
    let (start, now) = (Place { file: FileKey(1), offset: 0 }, Instant::now());
    criterion.bench_function("join", |bench| {
        bench.iter(|| {
            let raw = Raw { text: black_box(ENTRY), start, end: ENTRY.len() as u64 + 1 };
            joiner.push(raw, now, &mut text, &mut |line| {
                black_box(line);
            });
        });
    });
}

criterion_group!(benches, entries);
criterion_main!(benches);
