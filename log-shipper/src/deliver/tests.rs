//! Lanes before a server that answers as each test says.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::fake::{self, json};
use super::*;
use crate::batch::{Batch, Limits, Pool};

const NOTHING: &str = "{}";
const MALFORMED: &str = r#"{"error":{"type":"illegal_argument_exception","reason":"told to"}}"#;

fn settings(host: &url::Url) -> Settings {
    let mut settings = Settings::new(vec![host.clone()]);
    let longest = Duration::from_millis(5);
    settings.patience = Patience { first: Duration::from_millis(1), longest, longest_asked: longest };
    settings.lanes = std::num::NonZeroUsize::MIN;
    settings
}

/// Lanes, and the ids of dead letters.
fn start(settings: Settings) -> (Lanes, Arc<Mutex<Vec<String>>>) {
    let letters = Arc::<Mutex<Vec<String>>>::default();
    let buried = Arc::clone(&letters);
    let seams = Seams {
        sent: Arc::new(|_| ()),
        finished: Arc::new(|_| ()),
        freed: Arc::new(|| ()),
        refused: Arc::new(move |letters| {
            buried.lock().unwrap().extend(letters.iter().map(|letter| letter.id.to_owned()));
            Ok(())
        }),
        observed: Arc::new(|_| ()),
    };
    (Lanes::start(settings, seams).unwrap(), letters)
}

fn id(number: usize) -> String {
    format!("AAAAAAAAAAAAAAAA{number:08}")
}

fn batch(documents: &[&str]) -> Batch {
    let target = Arc::from("logs");
    let mut open = Pool::new(Limits::default(), 64 << 20).try_open(&target).unwrap();
    for (number, document) in documents.iter().enumerate() {
        open.begin(id(number).as_bytes().try_into().unwrap(), &target, Instant::now());
        open.buffer().extend_from_slice(document.as_bytes());
        open.end();
    }
    open.seal(Instant::now())
}

fn stored(body: &str) -> String {
    let items = vec![r#"{"create":{"status":201}}"#; body.lines().count() / 2];
    json(200, &format!(r#"{{"errors":false,"items":[{}]}}"#, items.join(",")))
}

async fn until(what: impl Fn() -> bool) {
    let reached = async {
        while !what() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), reached).await.unwrap();
}

/// Waits until all is done.
async fn finish(lanes: Lanes) {
    let finished = tokio::time::timeout(Duration::from_mins(1), lanes.finish(None)).await;
    assert_eq!(finished.expect("all is done in time"), 0);
}

#[tokio::test]
async fn nothing_is_buried_while_every_request_is_malformed() {
    let spoils = Arc::new(AtomicBool::new(true));
    let is_spoilt = Arc::clone(&spoils);
    let server = fake::start(move |path, body| match path {
        path if !path.contains("_bulk") => json(200, NOTHING),
        _ if is_spoilt.load(Ordering::Relaxed) => json(400, MALFORMED),
        _ => stored(body),
    });
    let (lanes, letters) = start(settings(&server.await.url));
    let (health, counts) = (lanes.health(), lanes.counts());
    lanes.queue().hand_over(0, batch(&["{}"; 4]));
    until(|| health.trouble() == Some(Trouble::Misled(400)) && counts.requests.load(Ordering::Relaxed) > 50).await;
    spoils.store(false, Ordering::Relaxed);
    finish(lanes).await;
    assert_eq!((letters.lock().unwrap().len(), counts.acknowledged.total()), (0, 4));
    assert_eq!(health.trouble(), None);
}

#[tokio::test]
async fn a_malformed_item_is_buried_when_others_get_through() {
    let server = fake::start(move |path, body| match path {
        path if !path.contains("_bulk") => json(200, NOTHING),
        _ if body.contains("poison") => json(400, MALFORMED),
        _ => stored(body),
    });
    let (lanes, letters) = start(settings(&server.await.url));
    let health = lanes.health();
    lanes.queue().hand_over(0, batch(&["{\"a\":\"poison\"}", "{}", "{}"]));
    finish(lanes).await;
    assert_eq!((&*letters.lock().unwrap(), health.trouble()), (&vec![id(0)], None));
}

#[tokio::test]
async fn a_request_that_always_takes_too_long_is_sent_in_parts() {
    let server = fake::start(move |path, body| match path {
        path if !path.contains("_bulk") => json(200, NOTHING),
        _ if body.len() > 300_000 => String::new(),
        _ => stored(body),
    });
    let mut settings = settings(&server.await.url);
    settings.access.timeout = Duration::from_millis(300);
    let (lanes, _) = start(settings);
    let counts = lanes.counts();
    let document = format!(r#"{{"a":"{}"}}"#, "x".repeat(140_000));
    for _ in 0..2 {
        lanes.queue().hand_over(0, batch(&[&*document; 4]));
    }
    finish(lanes).await;
    // The second batch is small from the beginning.
    assert_eq!(counts.split.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn what_never_reaches_a_server_is_not_counted_as_sent() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (lanes, _) = start(settings(&format!("http://{nobody}").parse().unwrap()));
    let (health, counts) = (lanes.health(), lanes.counts());
    lanes.queue().hand_over(0, batch(&["{}"]));
    until(|| health.trouble().is_some()).await;
    assert_eq!(lanes.finish(Some(tokio::time::Instant::now())).await, 1);
    assert_eq!((counts.sent.load(Ordering::Relaxed), counts.requests.load(Ordering::Relaxed)), (0, 0));
}

/// The first answer is lost; the look-up in `partial-logs-1`, which comes last by its name, is answered by `looked_up`.
async fn after_a_lost_answer(looked_up: (u16, &'static str)) -> Vec<String> {
    let lost = AtomicBool::new(false);
    let server = fake::start(move |path, body| match path {
        path if path.starts_with("/_resolve") => json(200, r#"{"aliases":[{"indices":["logs-2","partial-logs-1"]}]}"#),
        path if path.starts_with("/partial-logs-1/_mget") => json(looked_up.0, looked_up.1),
        path if path.contains("_mget") => {
            json(200, &format!(r#"{{"docs":[{{"_id":"{}","found":true}},{{"_id":"{}"}}]}}"#, id(0), id(1)))
        }
        _ if !lost.swap(true, Ordering::Relaxed) => json(500, NOTHING),
        _ => stored(body),
    });
    let server = server.await;
    let (lanes, _) = start(settings(&server.url));
    let counts = lanes.counts();
    lanes.queue().hand_over(0, batch(&["{}"; 2]));
    finish(lanes).await;
    assert_eq!((counts.repeated.load(Ordering::Relaxed), counts.acknowledged.total()), (1, 2));
    server.seen()
}

#[tokio::test]
async fn what_any_index_of_an_alias_has_is_not_sent_again() {
    let seen = after_a_lost_answer((200, r#"{"docs":[]}"#)).await;
    let looked_up: Vec<_> = seen.iter().filter(|path| path.contains("_mget")).collect();
    assert!(looked_up.len() == 2 && looked_up[0].starts_with("/logs-2/"), "{looked_up:?}");
}

#[rstest::rstest]
#[case::all(400, r#"{"error":{"type":"index_closed_exception"}}"#)]
#[case::each(200, r#"{"docs":[{"_id":"a","error":{"type":"index_closed_exception"}}]}"#)]
#[tokio::test]
async fn a_closed_index_holds_nothing_up(#[case] status: u16, #[case] answer: &'static str) {
    after_a_lost_answer((status, answer)).await;
}
