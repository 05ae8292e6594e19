//! An answer that stays away while the index rolls over: the server alone would store the documents again.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use rstest::rstest;

use crate::harness::{Delivery, TARGET, id, ids, settings};
use crate::sink::{Broken, Fault, Sink};

const FIVE: [&str; 5] = ["{}"; 5];

#[rstest]
#[case::closed(Broken::Missing)]
#[case::cut(Broken::Cut)]
#[case::not_json(Broken::NotJson)]
#[case::empty(Broken::Empty)]
#[case::bad_gateway(Broken::BadGateway)]
#[tokio::test]
async fn nothing_is_stored_twice_when_the_index_rolls_over_before_the_answer(#[case] broken: Broken) {
    let sink = Sink::start().await;
    let mut delivery = Delivery::start(settings(vec![sink.url()]));
    let counts = delivery.lanes.counts();
    sink.next(Fault::None).next(Fault::RolledOver(broken)).next(Fault::RolledOver(broken));
    delivery.send_all(&FIVE[..2]);
    delivery.send_all(&FIVE);
    let told = delivery.finish().await;
    assert_eq!((sink.ids(), sink.repeats()), (ids(5), 0));
    assert_eq!(told.finished.len(), 2);
    assert_eq!(counts.acknowledged.total(), 7);
    assert_eq!(counts.repeated.load(Ordering::Relaxed), 5);
}

#[tokio::test]
async fn it_does_not_matter_that_there_was_no_index_before() {
    let sink = Sink::start().await;
    let mut delivery = Delivery::start(settings(vec![sink.url()]));
    sink.next(Fault::RolledOver(Broken::Missing));
    delivery.send_all(&FIVE);
    let told = delivery.finish().await;
    assert_eq!((told.intents[0].2.as_str(), sink.ids(), sink.repeats()), ("", ids(5), 0));
}

#[tokio::test]
async fn an_item_that_failed_though_it_was_stored_is_looked_up_too() {
    let sink = Sink::start().await;
    let mut delivery = Delivery::start(settings(vec![sink.url()]));
    sink.next(Fault::Every { nth: 2, status: 503, kind: "", stored: true });
    sink.next(Fault::RolledOver(Broken::Missing));
    delivery.send_all(&FIVE);
    delivery.finish().await;
    assert_eq!((sink.ids(), sink.repeats()), (ids(5), 0));
}

#[tokio::test]
async fn nothing_is_looked_up_while_the_index_stays() {
    let sink = Sink::start().await;
    let mut delivery = Delivery::start(settings(vec![sink.url()]));
    let counts = delivery.lanes.counts();
    sink.next(Fault::Answer(Broken::Missing));
    delivery.send_all(&FIVE);
    delivery.finish().await;
    assert_eq!((counts.looked_up.load(Ordering::Relaxed), sink.conflicts()), (0, 5));
}

#[tokio::test]
async fn what_an_earlier_run_may_have_sent_is_looked_up_before_it_is_sent() {
    let sink = Sink::start().await;
    let mut earlier = Delivery::start(settings(vec![sink.url()]));
    earlier.send_all(&FIVE[..3]);
    earlier.finish().await;
    sink.roll_over(TARGET);

    let mut delivery = Delivery::start(settings(vec![sink.url()]));
    let mut open = delivery.open();
    for place in 0..5 {
        open.begin(&id(place).as_bytes().try_into().unwrap(), &Arc::from(TARGET), Instant::now());
        open.buffer().extend_from_slice(b"{}");
        open.end_in_doubt(&Arc::from(".ds-logs-app-default-000001"));
    }
    delivery.send(open);
    let told = delivery.finish().await;
    assert_eq!((told.requests, sink.ids(), sink.repeats()), (vec![2], ids(5), 0));
}

#[tokio::test]
async fn the_write_index_is_told_before_a_batch_is_sent() {
    let sink = Sink::start().await;
    let mut delivery = Delivery::start(settings(vec![sink.url()]));
    sink.next(Fault::RolledOver(Broken::Missing));
    for _ in 0..2 {
        delivery.send_all(&FIVE);
    }
    let intents = delivery.finish().await.intents;
    assert_eq!(intents, [(1, 1_000, String::new()), (2, 1_000, ".ds-logs-app-default-000002".to_owned())]);
}

#[tokio::test]
async fn without_the_privilege_to_look_up_documents_are_sent_all_the_same() {
    let sink = Sink::start().await;
    sink.deny_look_ups();
    let mut delivery = Delivery::start(settings(vec![sink.url()]));
    sink.next(Fault::Answer(Broken::Missing));
    delivery.send_all(&FIVE);
    let told = delivery.finish().await;
    assert_eq!((told.requests, sink.ids()), (vec![5, 5], ids(5)));
}
