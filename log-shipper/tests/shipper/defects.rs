//! A part of the program that ends by itself ends the program.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use log_shipper::checkpoint::State;
use log_shipper::clock::Clock;
use log_shipper::deliver::Bury;
use log_shipper::discover::Inputs;
use log_shipper::document::Agent;
use log_shipper::mask::Masker;
use log_shipper::metrics::Metrics;
use log_shipper::pipeline::{Kept, Options, Pipeline, Treatment};
use log_shipper::source::{Hints, Source};
use log_shipper::{batch, docker};

use crate::harness::settings;
use crate::sink::{Broken, Fault};
use crate::stage::{Stage, until};

fn pipeline(stage: &Stage, wanted: impl Fn(&Source) -> bool + Send + Sync + 'static, refused: Arc<Bury>) -> Pipeline {
    let opened = State::open(&stage.state()).unwrap();
    let options = Options {
        agent: Agent { host: "node".into(), version: "1".into() },
        target: "logs-app-default".into(),
        max_line: 1 << 20,
        joining: docker::Limits::default(),
        batch: batch::Limits::default(),
        memory: 8 << 20,
        max_open_files: 100,
        clock: Clock::default(),
    };
    let masker = Arc::new(Masker::new(&[]).unwrap());
    let treatment = Treatment { masker, wanted: Arc::new(wanted), forget_after: Duration::from_hours(1) };
    let inputs = Inputs {
        docker_root: None,
        files: vec![stage.log("*.log").to_str().unwrap().to_owned()],
        hints: Hints::default(),
        patience: Duration::from_secs(1),
        look: Duration::from_secs(1),
    };
    let metrics = Metrics::new("1", "a");
    let kept = Kept { state: Arc::new(opened.0), known: opened.1, metrics, refused, observed: Arc::new(|_| ()) };
    Pipeline::start(options, treatment, &inputs, settings(vec![stage.sink.url()]), kept).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lane_that_ends_is_told_and_its_lines_are_not_acknowledged() {
    let stage = Stage::start().await;
    stage.sink.always(Fault::Marked { text: "bad", status: 400, kind: "mapper_parsing_exception" });
    stage.print("a.log", "bad\n");
    let mut pipeline = pipeline(&stage, |_| true, Arc::new(|_| panic!("on purpose")));
    tokio::time::timeout(Duration::from_mins(1), pipeline.lane_ended()).await.expect("the lane ends");
    assert_eq!(pipeline.stop(None).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_ends_is_told() {
    let stage = Stage::start().await;
    stage.print("a.log", "one\n");
    let pipeline = pipeline(&stage, |_| panic!("on purpose"), Arc::new(|_| io::Result::Ok(())));
    until("the reader's end is told", async || pipeline.defect() == Some("the reader")).await;
    assert_eq!(pipeline.stop(None).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_has_read_everything_is_no_defect() {
    let stage = Stage::start().await;
    stage.print("a.log", "one\n");
    let pipeline = pipeline(&stage, |_| true, Arc::new(|_| io::Result::Ok(())));
    pipeline.drain();
    until("everything is read", async || pipeline.is_drained()).await;
    assert_eq!((pipeline.defect(), pipeline.stop(None).await, stage.sink.count()), (None, 0, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_waits_for_ever_is_given_up_and_what_was_not_acknowledged_is_told() {
    let stage = Stage::start().await;
    stage.sink.always(Fault::Answer(Broken::Missing));
    stage.print("a.log", "one\n");
    let (release, held) = channel::<()>();
    let (held, is_stuck) = (Mutex::new(held), Arc::new(AtomicBool::new(false)));
    let stuck = Arc::clone(&is_stuck);
    let wanted = move |source: &Source| {
        let waits = source.name.ends_with("b.log");
        stuck.fetch_or(waits, Relaxed);
        !waits || held.lock().unwrap().recv().is_ok()
    };
    let pipeline = pipeline(&stage, wanted, Arc::new(|_| io::Result::Ok(())));
    until("the line is on its way", async || pipeline.lanes().queue().in_flight() == 1).await;
    stage.print("b.log", "two\n");
    until("the reader waits", async || is_stuck.load(Relaxed)).await;
    let stopped = pipeline.stop(Some(tokio::time::Instant::now() + Duration::from_millis(100)));
    let unfinished = tokio::time::timeout(Duration::from_mins(1), stopped).await.expect("it ends");
    drop(release);
    assert_eq!(unfinished, 1);
}
