//! Hosts that are down, and who the shipper is there.

use super::*;

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
