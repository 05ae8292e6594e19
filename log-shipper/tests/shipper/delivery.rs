//! The table of answers: what is stored, what is sent again, what becomes a dead letter; nothing is lost, nothing is there
//! twice.

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
    assert_eq!((value(&counts.acknowledged), value(&counts.repeated), value(&counts.retried)), (10, 0, 0));
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

#[rstest]
#[case::busy(429, "es_rejected_execution_exception", false)]
#[case::unavailable(503, "unavailable_shards_exception", false)]
#[case::failed_though_stored(500, "", true)]
#[case::blocked(403, "cluster_block_exception", false)]
#[case::flooded_disk(429, "cluster_block_exception", false)]
#[case::denied(403, "security_exception", false)]
#[case::missing(404, "index_not_found_exception", false)]
#[case::closed(400, "index_closed_exception", false)]
#[tokio::test]
async fn only_the_items_that_failed_are_sent_again(
    #[case] status: u16,
    #[case] kind: &'static str,
    #[case] stored: bool,
) {
    let sink = Sink::start().await;
    sink.next(Fault::Every { nth: 3, status, kind, stored });
    let told = deliver(&sink).await;
    assert_eq!((sink.ids(), sink.repeats()), (ids(10), 0));
    assert_eq!(told.requests, [10, 3]);
    assert_eq!(sink.seen()[1].ids, [id(2), id(5), id(8)]);
    assert!(told.letters.is_empty());
}

#[rstest]
#[case::busy(Fault::Whole { status: 429, kind: "es_rejected_execution_exception", retry_after: None }, 0)]
#[case::asked_to_wait(Fault::Whole { status: 503, kind: "", retry_after: Some("86400") }, 0)]
#[case::unavailable(Fault::Page { status: 503 }, 0)]
#[case::denied(Fault::Whole { status: 401, kind: "security_exception", retry_after: None }, 0)]
#[case::forbidden(Fault::Page { status: 403 }, 0)]
#[case::blocked(Fault::Whole { status: 403, kind: "cluster_block_exception", retry_after: None }, 0)]
#[case::flooded_disk(Fault::Whole { status: 429, kind: "cluster_block_exception", retry_after: None }, 0)]
#[case::missing(Fault::Whole { status: 404, kind: "index_not_found_exception", retry_after: None }, 0)]
#[case::no_elasticsearch(Fault::Page { status: 404 }, 0)]
#[case::plain_http_to_https(Fault::Page { status: 400 }, 0)]
#[case::connection_closed_before(Fault::Lost, 0)]
#[case::connection_closed_after(Fault::Answer(Broken::Missing), 10)]
#[case::cut(Fault::Answer(Broken::Cut), 10)]
#[case::not_json(Fault::Answer(Broken::NotJson), 10)]
#[case::an_item_less(Fault::Answer(Broken::TooShort), 10)]
#[case::an_item_more(Fault::Answer(Broken::TooLong), 10)]
#[case::empty(Fault::Answer(Broken::Empty), 10)]
#[case::bad_gateway(Fault::Answer(Broken::BadGateway), 10)]
#[tokio::test]
async fn a_request_that_failed_is_sent_again(#[case] fault: Fault, #[case] repeated: u64) {
    let sink = Sink::start().await;
    sink.next(fault.clone()).next(fault);
    let mut delivery = Delivery::start(settings(vec![sink.url()]));
    let counts = delivery.lanes.counts();
    delivery.send_all(&TEN);
    let told = delivery.finish().await;
    assert_eq!((sink.ids(), sink.repeats()), (ids(10), 0));
    assert_eq!((told.requests, told.finished), (vec![10; 3], vec![(1, 1_000)]));
    assert!(told.letters.is_empty());
    assert_eq!((value(&counts.acknowledged), value(&counts.repeated)), (10, repeated));
}

#[rstest]
#[case::stored(true)]
#[case::not_stored(false)]
#[tokio::test]
async fn an_answer_that_never_comes_is_given_up(#[case] stored: bool) {
    let sink = Sink::start().await;
    sink.next(Fault::Stall { stored });
    let mut settings = settings(vec![sink.url()]);
    settings.access.timeout = std::time::Duration::from_millis(300);
    let mut delivery = Delivery::start(settings);
    delivery.send_all(&TEN);
    delivery.finish().await;
    assert_eq!((sink.ids(), sink.repeats()), (ids(10), 0));
}

#[rstest]
#[case::denied(Fault::Whole { status: 401, kind: "security_exception", retry_after: None },
    Trouble::Denied { status: 401, kind: "security_exception".into(), privileges: None, target: None })]
#[case::item_denied(Fault::Every { nth: 1, status: 403, kind: "security_exception", stored: false },
    Trouble::Denied { status: 403, kind: "security_exception".into(), privileges: None, target: Some(TARGET.into()) })]
#[case::blocked(Fault::Whole { status: 403, kind: "cluster_block_exception", retry_after: None },
    Trouble::Blocked { kind: "cluster_block_exception".into(), target: Some(TARGET.into()) })]
#[case::busy(Fault::Whole { status: 429, kind: "", retry_after: None }, Trouble::Busy)]
#[case::misled(Fault::Page { status: 405 }, Trouble::Misled(405))]
#[case::broken(Fault::Page { status: 500 }, Trouble::Broken(500))]
#[tokio::test]
async fn what_is_in_the_way_is_told_until_it_is_gone(#[case] fault: Fault, #[case] trouble: Trouble) {
    let sink = Sink::start().await;
    sink.always(fault);
    let mut delivery = Delivery::start(settings(vec![sink.url()]));
    let health = delivery.lanes.health();
    delivery.send_all(&TEN);
    sink.until("the trouble is told", |_| health.trouble() == Some(trouble.clone())).await;
    sink.calm();
    delivery.finish().await;
    assert_eq!((sink.ids(), health.trouble()), (ids(10), None));
}

#[tokio::test]
async fn documents_wait_for_a_target_that_is_not_created_by_itself() {
    let sink = Sink::start().await;
    sink.create_nothing(true);
    let mut delivery = Delivery::start(settings(vec![sink.url()]));
    let health = delivery.lanes.health();
    delivery.send_all(&TEN);
    sink.until("the missing target is told", |_| health.trouble() == Some(Trouble::Missing(Some(TARGET.into())))).await;
    sink.create_nothing(false);
    delivery.finish().await;
    assert_eq!(sink.ids(), ids(10));
}

#[tokio::test]
async fn what_is_refused_becomes_a_dead_letter_and_everything_else_goes_on() {
    let sink = Sink::start().await;
    sink.always(Fault::Marked { text: "bad", status: 400, kind: "document_parsing_exception" });
    let mut delivery = Delivery::start(settings(vec![sink.url()]));
    let counts = delivery.lanes.counts();
    let mut open = delivery.open();
    for (place, document) in [r#"{"m":1}"#, r#"{"m":"bad"}"#, r#"{"m":3}"#].into_iter().enumerate() {
        add(&mut open, place, TARGET, document);
    }
    add(&mut open, 3, "logs-other-default", r#"{"bad":true}"#);
    delivery.send(open);
    let told = delivery.finish().await;
    assert_eq!(sink.ids(), [id(0), id(2)]);
    let letters: Vec<_> = told
        .letters
        .iter()
        .map(|letter| (letter.id.clone(), letter.target.as_str(), letter.status, letter.document.as_str()))
        .collect();
    assert_eq!(
        letters,
        [(id(1), TARGET, 400, r#"{"m":"bad"}"#), (id(3), "logs-other-default", 400, r#"{"bad":true}"#)]
    );
    assert_eq!(told.finished, [(1, 1_000)]);
    assert_eq!(value(&counts.acknowledged), 2);
    assert_eq!(counts.refused().into_iter().collect::<Vec<_>>(), [("document_parsing_exception".to_owned(), 2)]);
}

#[tokio::test]
async fn dead_letters_that_find_no_room_are_kept() {
    let sink = Sink::start().await;
    sink.always(Fault::Marked { text: "line", status: 400, kind: "mapper_parsing_exception" });
    let mut delivery = Delivery::start(settings(vec![sink.url()]));
    let health = delivery.lanes.health();
    delivery.told.lock().unwrap().full = usize::MAX;
    delivery.send_all(&TEN);
    let full = || matches!(health.trouble(), Some(Trouble::DeadLetters(_)));
    while !full() {
        tokio::task::yield_now().await;
    }
    assert!(delivery.told.lock().unwrap().finished.is_empty());
    delivery.told.lock().unwrap().full = 0;
    let told = delivery.finish().await;
    assert_eq!((told.letters.len(), told.requests, told.finished), (10, vec![10], vec![(1, 1_000)]));
    assert_eq!(health.trouble(), None);
}

#[tokio::test]
async fn one_malformed_item_is_found_and_does_not_take_others_with_it() {
    let sink = Sink::start().await;
    sink.always(Fault::Malformed { text: "poison" });
    let mut delivery = Delivery::start(settings(vec![sink.url()]));
    let mut documents = TEN;
    documents[6] = r#"{"message":"poison"}"#;
    delivery.send_all(&documents);
    let told = delivery.finish().await;
    let mut others = ids(10);
    others.remove(6);
    assert_eq!(sink.ids(), others);
    assert_eq!(told.letters.iter().map(|letter| &letter.id).collect::<Vec<_>>(), [&id(6)]);
}

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

#[rstest]
#[case::taken(true, 1, 0)]
#[case::not_taken(false, 0, 1)]
#[tokio::test]
async fn the_failure_store_is_counted_apart(#[case] takes: bool, #[case] stored: u64, #[case] letters: usize) {
    let sink = Sink::start().await;
    sink.always(Fault::FailureStore { text: "odd", takes });
    let mut delivery = Delivery::start(settings(vec![sink.url()]));
    let counts = delivery.lanes.counts();
    delivery.send_all(&[r#"{"m":"odd"}"#, r#"{"m":"even"}"#]);
    let told = delivery.finish().await;
    assert_eq!((value(&counts.failure_store), value(&counts.acknowledged)), (stored, stored + 1));
    assert_eq!(told.letters.len(), letters);
}

#[tokio::test]
async fn a_server_that_is_down_is_waited_for() {
    let sink = Sink::start().await;
    sink.down().await;
    let mut delivery = Delivery::start(settings(vec![sink.url()]));
    let health = delivery.lanes.health();
    delivery.send_all(&TEN);
    while !matches!(health.trouble(), Some(Trouble::Unanswered(_))) {
        tokio::task::yield_now().await;
    }
    sink.up().await;
    delivery.finish().await;
    assert_eq!((sink.ids(), sink.repeats(), health.trouble()), (ids(10), 0, None));
}

#[tokio::test]
async fn another_host_takes_the_place_of_one_that_is_down() {
    let (gone, sink) = (Sink::start().await, Sink::start().await);
    gone.down().await;
    let mut settings = settings(vec![gone.url(), sink.url()]);
    // Nothing waits here: a single wait would be longer than the test.
    settings.patience.first = std::time::Duration::from_hours(1);
    settings.patience.longest = std::time::Duration::from_hours(1);
    let mut delivery = Delivery::start(settings);
    for _ in 0..5 {
        delivery.send_all(&TEN);
    }
    assert_eq!(delivery.finish().await.finished.len(), 5);
    assert!(sink.seen().len() == 5 && sink.seen().iter().all(|request| request.target == TARGET));
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

#[tokio::test]
async fn credentials_are_sent_with_every_request() {
    let sink = Sink::start().await;
    sink.require("Basic YWRhOnBhc3M=");
    let mut settings = settings(vec![sink.url()]);
    settings.access.credentials = Some(Credentials::Basic("ada".into(), "pass".into()));
    let mut delivery = Delivery::start(settings);
    delivery.send_all(&TEN);
    delivery.finish().await;
    assert_eq!(sink.ids(), ids(10));
}

#[tokio::test]
async fn new_credentials_are_used_from_the_next_request_on() {
    let sink = Sink::start().await;
    sink.require("Basic YWRhOnBhc3M=");
    let mut delivery = Delivery::start(settings(vec![sink.url()]));
    let health = delivery.lanes.health();
    delivery.send_all(&TEN);
    sink.until("the denial is told", |_| matches!(health.trouble(), Some(Trouble::Denied { status: 401, .. }))).await;
    delivery.lanes.log_in(Some(&Credentials::Basic("ada".into(), "pass".into()))).unwrap();
    delivery.finish().await;
    assert_eq!(sink.ids(), ids(10));
}

#[tokio::test]
async fn wrong_credentials_are_told_and_nothing_is_lost() {
    let sink = Sink::start().await;
    sink.require("ApiKey right");
    let mut delivery = Delivery::start(settings(vec![sink.url()]));
    let health = delivery.lanes.health();
    delivery.send_all(&TEN);
    sink.until("the denial is told", |_| matches!(health.trouble(), Some(Trouble::Denied { status: 401, .. }))).await;
    assert_eq!(delivery.lanes.finish(Some(Instant::now())).await, 1);
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
