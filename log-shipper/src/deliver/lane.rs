//! A lane: delivers one batch after the other, each until nothing of it is left.

mod answered;

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::mpsc::UnboundedReceiver;

use super::Shared;
use super::body::Bodies;
use super::counts::{OnTheWay, add};
use super::doubt::stored_before;
use super::left::{Left, Portion};
use super::queue::Waiting;
use super::request::{Failure, Reply, Request};
use super::seams::{Exchange, Intent};
use super::setback::Setback;
use crate::batch::Batch;
use crate::bulk;

/// A large portion that so often got no answer may be too large: for a server that hangs up, or for the time that it has.
const CUTS: u32 = 3;
/// Smaller ones no server finds too large.
const LARGE: usize = 256 << 10;

pub(super) struct Lane {
    number: usize,
    shared: Arc<Shared>,
    waiting: Waiting,
    bodies: Bodies,
    /// Tries in vain since something was finished.
    tries: u32,
}

/// The write index of each of a batch's targets before the batch was first sent.
type Since = Vec<Option<Arc<str>>>;

impl Lane {
    pub(super) fn new(number: usize, shared: Arc<Shared>, waiting: Waiting) -> Self {
        let bodies = Bodies::new(shared.settings.compresses());
        Self { number, shared, waiting, bodies, tries: 0 }
    }

    pub(super) async fn run(mut self, mut batches: UnboundedReceiver<Batch>) {
        while let Some(batch) = batches.recv().await {
            if !batch.is_empty() {
                self.gate_opens().await;
                self.deliver(&batch).await;
            }
            (self.shared.seams.finished)(&batch);
            self.waiting.pop();
            drop(batch);
            (self.shared.seams.freed)();
        }
    }

    async fn gate_opens(&self) {
        if let Some(mut gate) = self.shared.settings.gate.clone() {
            // An error says that nobody is there any more who could open it: the program comes to an end.
            drop(gate.wait_for(|is_open| *is_open).await);
        }
    }

    async fn deliver(&mut self, batch: &Batch) {
        let since = self.announce(batch).await;
        let mut left = Left::new(batch);
        while let Some(portion) = left.next(batch, self.limit()) {
            if let Err(setback) = self.attempt(batch, &since, &mut left, portion).await {
                self.wait(&setback).await;
            }
        }
    }

    /// Bytes of a request at most. A batch that went a little beyond its limit is not worth a second request.
    fn limit(&self) -> usize {
        self.shared.size.limit(self.shared.settings.bytes.saturating_mul(2))
    }

    /// Tells which lines are going to be sent, and into which index.
    async fn announce(&mut self, batch: &Batch) -> Since {
        let mut since = Since::with_capacity(batch.targets.len());
        for target in &batch.targets {
            since.push(self.write_index(target).await);
        }
        let index = |target: &str| {
            let place = batch.targets.iter().position(|known| **known == *target);
            place.and_then(|place| since[place].as_deref()).unwrap_or_default()
        };
        let intents = batch.steps.iter().map(|step| Intent {
            file: step.progress.file,
            position: step.progress.position,
            index: index(&step.target),
        });
        (self.shared.seams.sent)(&intents.collect::<Vec<_>>());
        since
    }

    async fn write_index(&mut self, target: &Arc<str>) -> Option<Arc<str>> {
        loop {
            let shared = Arc::clone(&self.shared);
            match shared.write_indices.recent(&shared.hosts, target).await {
                Ok(name) => return name,
                Err(setback) => self.wait(&setback).await,
            }
        }
    }

    /// Sends a portion once, and puts back what of it is not finished.
    async fn attempt(
        &mut self,
        batch: &Batch,
        since: &Since,
        left: &mut Left,
        mut portion: Portion,
    ) -> Result<(), Setback> {
        if let Err(setback) = self.skip_stored(batch, left, &mut portion).await {
            left.put_back(portion);
            return Err(setback);
        }
        if portion.items.is_empty() {
            return Ok(());
        }
        match self.send(batch, &portion).await {
            Ok(reply) => self.answered(batch, since, left, portion, &reply).await,
            Err(failure) => {
                self.unanswered(batch, since, left, portion, &failure);
                Err(Setback::from(&failure))
            }
        }
    }

    /// Takes out of a portion what is stored already, as far as the server would not notice by itself.
    async fn skip_stored(&mut self, batch: &Batch, left: &mut Left, portion: &mut Portion) -> Result<(), Setback> {
        if !portion.items.iter().any(|item| left.doubts.contains_key(item)) {
            return Ok(());
        }
        let stored = stored_before(&self.shared, batch, &left.doubts, &portion.items).await?;
        portion.items.retain(|item| !stored.contains(item));
        add(&self.shared.counts.repeated, stored.len());
        self.finished(batch, &stored.into_iter().collect::<Vec<_>>());
        Ok(())
    }

    async fn send(&mut self, batch: &Batch, portion: &Portion) -> Result<Reply, Failure> {
        let bytes = portion.bytes(batch);
        let body = self.bodies.of(batch, &portion.items);
        let (path, wire_bytes) = (bulk::path(batch.target()), body.len());
        let request = Request {
            path: &path,
            body: Some(body),
            content_type: bulk::NDJSON,
            gzip: self.bodies.gzip(),
            answer_limit: bulk::answer_limit(portion.items.len(), bytes),
        };
        // Never closed, so that this only ever waits.
        let _permit = self.shared.requests.acquire().await;
        let start = Instant::now();
        let on_the_way = OnTheWay::new(&self.shared.counts);
        let answer = self.shared.hosts.ask(&request).await;
        drop(on_the_way);
        // What did not even get there was not sent.
        if !matches!(answer, Err(Failure::Unreached(_))) {
            self.count_request(portion.items.len(), bytes, wire_bytes);
            let status = answer.as_ref().ok().map(|reply| reply.status);
            let exchange = Exchange { duration: start.elapsed(), items: portion.items.len(), bytes, status };
            (self.shared.seams.observed)(&exchange);
        }
        answer
    }

    fn unanswered(&self, batch: &Batch, since: &Since, left: &mut Left, mut portion: Portion, failure: &Failure) {
        add(&self.shared.counts.unanswered, 1);
        add(&self.shared.counts.retried, portion.items.len());
        if matches!(failure, Failure::Unanswered(_)) {
            doubt(batch, since, left, &portion.items);
            portion.cuts += 1;
        }
        let bytes = portion.bytes(batch);
        if portion.cuts >= CUTS && portion.items.len() > 1 && bytes > LARGE {
            add(&self.shared.counts.split, 1);
            self.shared.size.too_large(bytes);
            left.halve(portion);
        } else {
            left.put_back(portion);
        }
    }

    /// Something of the batch is done, so the server is well.
    fn finished(&mut self, batch: &Batch, items: &[u32]) {
        if !items.is_empty() {
            self.shared.counts.acknowledged.add(items.iter().map(|item| batch.dataset(*item)));
            self.got_on();
        }
    }

    fn got_on(&mut self) {
        self.tries = 0;
        self.shared.health.well(self.number);
    }

    async fn wait(&mut self, setback: &Setback) {
        if setback.of_host && self.shared.hosts.has_another(Instant::now()) {
            return;
        }
        self.tries = self.tries.saturating_add(1);
        self.shared.health.note(self.number, &setback.trouble, self.tries);
        tokio::time::sleep(setback.pause(self.tries - 1, self.shared.settings.patience)).await;
    }

    fn count_request(&self, items: usize, bytes: usize, wire_bytes: usize) {
        let counts = &self.shared.counts;
        add(&counts.requests, 1);
        add(&counts.sent, items);
        add(&counts.bytes, bytes);
        add(&counts.wire_bytes, wire_bytes);
    }
}

/// Notes that items may have been stored, and where that would be. Where it cannot be known, nothing can be looked up.
fn doubt(batch: &Batch, since: &Since, left: &mut Left, items: &[u32]) {
    for &item in items {
        let place = batch.targets.iter().position(|target| **target == *batch.target_of(item));
        if let Some(index) = place.and_then(|place| since[place].as_ref()) {
            left.doubts.entry(item).or_insert_with(|| Arc::clone(index));
        }
    }
}
