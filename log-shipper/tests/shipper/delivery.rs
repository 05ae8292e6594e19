//! The table of answers: what is stored, what is sent again, what becomes a dead letter; nothing is lost, nothing is there
//! twice.

mod answers;
mod hosts;
mod refused;
mod size;

use std::sync::atomic::{AtomicU64, Ordering};

use log_shipper::deliver::{Credentials, Trouble};
use rstest::rstest;
use tokio::time::Instant;

use crate::harness::{Delivery, TARGET, Told, add, id, ids, settings};
use crate::sink::{Broken, Fault, Sink};

const TEN: [&str; 10] = [r#"{"message":"a line"}"#; 10];

fn value(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

/// Sends ten documents and waits for them.
async fn deliver(sink: &Sink) -> Told {
    let mut delivery = Delivery::start(settings(vec![sink.url()]));
    delivery.send_all(&TEN);
    delivery.finish().await
}

#[tokio::test]
async fn what_is_stored_is_finished() {
    let sink = Sink::start().await;
    let mut delivery = Delivery::start(settings(vec![sink.url()]));
    let counts = delivery.lanes.counts();
    delivery.send_all(&TEN);
    let told = delivery.finish().await;
    assert_eq!(sink.ids(), ids(10));
    assert_eq!(told.intents, [(1, 1_000, String::new())]);
    assert_eq!((told.finished, told.requests), (vec![(1, 1_000)], vec![10]));
    assert_eq!((counts.acknowledged.total(), value(&counts.repeated), value(&counts.retried)), (10, 0, 0));
}

#[tokio::test]
async fn that_there_is_room_is_told_when_the_batch_was_given_back() {
    let sink = Sink::start().await;
    assert_eq!(deliver(&sink).await.freed, [0]);
}

#[tokio::test]
async fn a_batch_without_documents_moves_its_positions() {
    let sink = Sink::start().await;
    let mut delivery = Delivery::start(settings(vec![sink.url()]));
    delivery.send_all(&[]);
    assert_eq!(delivery.finish().await.finished, [(1, 1_000)]);
    assert!(sink.seen().is_empty());
}

#[tokio::test]
async fn a_batch_that_waits_keeps_its_place_before_the_next_of_its_lane() {
    let sink = Sink::start().await;
    for _ in 0..3 {
        sink.next(Fault::Whole { status: 429, kind: "", retry_after: None });
    }
    let mut delivery = Delivery::start(settings(vec![sink.url()]));
    delivery.send_all(&TEN[..4]);
    delivery.send_all(&TEN[..2]);
    let told = delivery.finish().await;
    assert_eq!(told.requests, [4, 4, 4, 4, 2]);
    assert_eq!(told.finished, [(1, 1_000), (2, 1_000)]);
}

#[tokio::test]
async fn a_stalled_server_does_not_hold_the_end() {
    let sink = Sink::start().await;
    sink.always(Fault::Stall { stored: true });
    let mut delivery = Delivery::start(settings(vec![sink.url()]));
    delivery.send_all(&TEN);
    delivery.send_all(&TEN);
    sink.until("a request is there", |sink| !sink.seen().is_empty()).await;
    let Delivery { lanes, told, .. } = delivery;
    assert_eq!(lanes.finish(Some(Instant::now())).await, 2);
    assert!(told.lock().unwrap().finished.is_empty());
}

#[tokio::test]
async fn each_document_goes_to_its_own_target() {
    let sink = Sink::start().await;
    let mut delivery = Delivery::start(settings(vec![sink.url()]));
    let mut open = delivery.open();
    add(&mut open, 0, TARGET, "{}");
    add(&mut open, 1, "logs-other-default", "{}");
    delivery.send(open);
    delivery.finish().await;
    let mut stored: Vec<_> = sink.documents().into_iter().map(|document| (document.id, document.index)).collect();
    stored.sort();
    assert_eq!(
        stored,
        [(id(0), ".ds-logs-app-default-000001".to_owned()), (id(1), ".ds-logs-other-default-000001".to_owned())]
    );
}

#[tokio::test]
async fn several_lanes_deliver_side_by_side() {
    let sink = Sink::start().await;
    sink.keep_ids_only();
    let mut settings = settings(vec![sink.url()]);
    settings.lanes = std::num::NonZeroUsize::new(3).unwrap();
    let delivery = Delivery::start(settings);
    sink.always(Fault::Stall { stored: false });
    let queue = delivery.lanes.queue();
    for lane in 0..3 {
        let mut open = delivery.open();
        add(&mut open, lane, TARGET, "{}");
        queue.hand_over(lane, open.seal(std::time::Instant::now()));
    }
    sink.until("three requests are there at once", |sink| sink.seen().len() == 3).await;
    assert_eq!((queue.in_flight(), queue.age(std::time::Instant::now()).is_some(), sink.count()), (3, true, 0));
    assert_eq!(delivery.lanes.finish(Some(Instant::now())).await, 3);
}
