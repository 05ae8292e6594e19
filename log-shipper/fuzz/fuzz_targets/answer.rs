//! Any bytes as the answer to a bulk request: no panic, and where serde reads an answer too, the same one.

#![no_main]

use libfuzzer_sys::fuzz_target;
use log_shipper::bulk::{Answer, Problem};
use serde_json::Value;

fuzz_target!(|input: (u8, &[u8])| {
    let (count, body) = input;
    let _ = Problem::parse(body);
    let Ok(answer) = Answer::parse(body, usize::from(count)) else { return };
    assert_eq!(answer.items.len(), usize::from(count));
    // Serde refuses numbers beyond a double, and names may hide behind escapes; neither is worth a comparison.
    if body.contains(&b'\\') {
        return;
    }
    let Ok(value) = serde_json::from_slice::<Value>(body) else { return };
    assert_eq!(Some(answer.errors), value["errors"].as_bool());
    for (outcome, item) in answer.items.iter().zip(value["items"].as_array().expect("items")) {
        let inner = item.get("create").or(item.get("index")).expect("an operation");
        assert_eq!(Some(u64::from(outcome.status)), inner["status"].as_u64());
    }
});
