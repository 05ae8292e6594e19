//! What an entry costs: `cargo bench -p log-shipper --bench docker`

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use log_shipper::docker::{parse, unescape};

/// A request of the site, as Docker writes it: 350 bytes.
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
}

criterion_group!(benches, entries);
criterion_main!(benches);
