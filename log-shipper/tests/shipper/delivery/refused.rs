//! What the server never takes.

use super::*;

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
    assert_eq!(counts.acknowledged.total(), 2);
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
    assert_eq!((value(&counts.failure_store), counts.acknowledged.total()), (stored, stored + 1));
    assert_eq!(told.letters.len(), letters);
}
