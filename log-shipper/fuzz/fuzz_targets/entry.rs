//! Any bytes as one line of Docker's file: nothing breaks, the text is UTF-8, and what a strict reader of JSON accepts is
//! read in the same way. `cargo +nightly fuzz run entry -- -dict=fuzz/entry.dict`

#![no_main]

use libfuzzer_sys::fuzz_target;
use log_shipper::docker::{parse, unescape};
use serde::Deserialize;

/// What Docker's own reader makes of it, if every member is there.
#[derive(Deserialize)]
struct Strict {
    log: String,
    stream: String,
    time: String,
}

fuzz_target!(|line: &[u8]| {
    let entry = parse(line);
    let text = entry.map(|entry| {
        let mut text = Vec::new();
        unescape(entry.log, &mut text);
        assert_eq!(entry.complete, text.ends_with(b"\n") && entry.log.ends_with(b"\\n"));
        String::from_utf8(text).expect("it is always UTF-8")
    });
    if let (Some(entry), Some(text), Ok(strict)) = (entry, text, serde_json::from_slice::<Strict>(line)) {
        assert_eq!((text, entry.stream.name(), entry.time), (strict.log, &*strict.stream, &*strict.time));
    }
});
