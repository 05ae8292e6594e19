//! Requests that are too large.

use super::*;

#[tokio::test]
async fn a_request_that_is_too_large_is_halved_until_it_fits() {
    let sink = Sink::start().await;
    sink.always(Fault::LargerThan { bytes: 300, cut: false });
    let mut delivery = Delivery::start(settings(vec![sink.url()]));
    let mut documents = TEN;
    let large = format!(r#"{{"message":"{}"}}"#, "x".repeat(300));
    documents[4] = &large;
    delivery.send_all(&documents);
    delivery.send_all(&[]);
    let told = delivery.finish().await;
    let mut others = ids(10);
    others.remove(4);
    assert_eq!(sink.ids(), others);
    let letters: Vec<_> =
        told.letters.iter().map(|letter| (letter.id.clone(), letter.status, letter.error_type.as_str())).collect();
    assert_eq!(letters, [(id(4), 413, "request_too_large")]);
    assert!(told.requests.iter().max() == Some(&10) && told.requests.len() < 16, "{:?}", told.requests);
}

#[tokio::test]
async fn the_limit_that_was_learned_holds_for_the_next_batch() {
    let sink = Sink::start().await;
    sink.always(Fault::LargerThan { bytes: 400, cut: false });
    let mut delivery = Delivery::start(settings(vec![sink.url()]));
    delivery.send_all(&TEN);
    delivery.send_all(&TEN);
    let told = delivery.finish().await;
    let (first, second) = told.requests.split_at(told.requests.len() / 2);
    assert_eq!((first[0], second.iter().all(|items| *items < 10)), (10, true));
    assert!(sink.seen()[first.len()..].iter().all(|request| request.bytes <= 400));
}

#[tokio::test]
async fn a_server_that_only_hangs_up_on_large_requests_gets_smaller_ones() {
    let sink = Sink::start().await;
    sink.always(Fault::LargerThan { bytes: 500_000, cut: true });
    let mut delivery = Delivery::start(settings(vec![sink.url()]));
    let document = format!(r#"{{"message":"{}"}}"#, "x".repeat(90_000));
    delivery.send_all(&[document.as_str(); 10]);
    let told = delivery.finish().await;
    assert_eq!((sink.ids(), told.letters.len()), (ids(10), 0));
    assert!(told.requests.starts_with(&[10, 10, 10, 5]), "{:?}", told.requests);
}

#[tokio::test]
async fn a_body_is_compressed_if_told_so() {
    let sink = Sink::start().await;
    let mut settings = settings(vec![sink.url()]);
    settings.gzip = Some(true);
    let mut delivery = Delivery::start(settings);
    let counts = delivery.lanes.counts();
    delivery.send_all(&TEN);
    delivery.finish().await;
    assert!(sink.seen()[0].gzip && sink.ids() == ids(10));
    assert!(value(&counts.wire_bytes) < value(&counts.bytes) / 2);
}
