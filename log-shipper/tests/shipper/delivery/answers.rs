//! What is sent again, and what is in the way meanwhile.

use super::*;

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
    assert_eq!((counts.acknowledged.total(), value(&counts.repeated)), (10, repeated));
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
