//! What a lane does with an answer.

use std::sync::atomic::Ordering;

use super::super::counts::add;
use super::super::health::Trouble;
use super::super::left::{Left, Portion};
use super::super::request::Reply;
use super::super::seams::Refused;
use super::super::setback::Setback;
use super::super::verdict::{Obstacle, Verdict, Whole};
use super::{Lane, Since, doubt};
use crate::batch::Batch;
use crate::bulk::{Answer, Outcome, Problem};

/// The items of a portion, by what the answer says of them.
#[derive(Default)]
struct Sorted {
    /// Those that are stored in whatever way.
    done: Vec<u32>,
    repeated: usize,
    failure_store: usize,
    refused: Vec<(u32, Outcome)>,
    again: Vec<u32>,
    unsure: Vec<u32>,
    /// Why the first of `again` is there, and which that is.
    obstacle: Option<(Obstacle, Outcome, u32)>,
}

impl Sorted {
    fn new(items: &[u32], answer: Answer) -> Self {
        let mut sorted = Self::default();
        for (&item, outcome) in items.iter().zip(answer.items) {
            sorted.add(item, outcome);
        }
        sorted
    }

    fn add(&mut self, item: u32, outcome: Outcome) {
        let verdict = Verdict::of(&outcome);
        match verdict {
            Verdict::Stored | Verdict::Repeated | Verdict::FailureStore => {
                self.done.push(item);
                self.repeated += usize::from(verdict == Verdict::Repeated);
                self.failure_store += usize::from(verdict == Verdict::FailureStore);
            }
            Verdict::Refused => self.refused.push((item, outcome)),
            Verdict::Again(obstacle) => {
                self.again.push(item);
                if obstacle.leaves_doubt() {
                    self.unsure.push(item);
                }
                self.obstacle.get_or_insert((obstacle, outcome, item));
            }
        }
    }
}

impl Lane {
    pub(super) async fn answered(
        &mut self,
        batch: &Batch,
        since: &Since,
        left: &mut Left,
        portion: Portion,
        reply: &Reply,
    ) -> Result<(), Setback> {
        let itemised = (200..=299).contains(&reply.status);
        let problem = if itemised { None } else { Problem::parse(&reply.body) };
        match Whole::of(reply.status, problem.as_ref()) {
            Whole::Itemised => match Answer::parse(&reply.body, portion.items.len()) {
                Ok(answer) => self.itemised(batch, since, left, &portion, answer, reply).await,
                Err(malformed) => {
                    add(&self.shared.counts.unanswered, 1);
                    self.again(batch, since, left, portion, Obstacle::Broken);
                    Err(Setback::new(Trouble::Unanswered(malformed.to_string())))
                }
            },
            Whole::TooLarge => {
                self.too_large(batch, left, portion).await;
                Ok(())
            }
            Whole::Malformed => self.malformed(batch, left, portion, reply.status, problem).await,
            Whole::Again(obstacle) => {
                let setback = Setback::said(obstacle, reply, problem.as_ref(), portion.target(batch));
                self.again(batch, since, left, portion, obstacle);
                Err(setback)
            }
        }
    }

    async fn itemised(
        &mut self,
        batch: &Batch,
        since: &Since,
        left: &mut Left,
        portion: &Portion,
        answer: Answer,
        reply: &Reply,
    ) -> Result<(), Setback> {
        let forget = self.shared.settings.bytes.saturating_mul(2);
        self.shared.size.fits(forget);
        add(&self.shared.itemised, 1);
        let sorted = Sorted::new(&portion.items, answer);
        let counts = &self.shared.counts;
        add(&counts.repeated, sorted.repeated);
        add(&counts.failure_store, sorted.failure_store);
        add(&counts.retried, sorted.again.len());
        self.finished(batch, &sorted.done);
        self.refuse(batch, &sorted.refused).await;
        doubt(batch, since, left, &sorted.unsure);
        left.put_back(Portion { items: sorted.again, ..Portion::default() });
        match sorted.obstacle {
            None => Ok(()),
            Some((obstacle, outcome, item)) => {
                let target = Some(batch.target_of(item));
                let trouble = Trouble::new(obstacle, outcome.status, outcome.kind(), outcome.reason(), target);
                Err(Setback { trouble, asked: reply.retry_after, of_host: false })
            }
        }
    }

    fn again(&self, batch: &Batch, since: &Since, left: &mut Left, portion: Portion, obstacle: Obstacle) {
        add(&self.shared.counts.retried, portion.items.len());
        if obstacle.leaves_doubt() {
            doubt(batch, since, left, &portion.items);
        }
        left.put_back(portion);
    }

    /// Halves a portion until it fits; what is too large alone will never fit.
    async fn too_large(&mut self, batch: &Batch, left: &mut Left, portion: Portion) {
        let bytes = portion.bytes(batch);
        if let [item] = portion.items[..] {
            let problem = Problem {
                kind: "request_too_large".to_owned(),
                reason: format!("the server takes no request of {bytes} bytes, which this document has alone"),
            };
            return self.refuse(batch, &[(item, outcome(413, Some(problem)))]).await;
        }
        add(&self.shared.counts.split, 1);
        self.shared.size.too_large(bytes);
        left.put_back(portion);
    }

    /// Halves a portion until the malformed item is alone. That it is the item's fault, and not that of something that
    /// spoils every request, is known only when another request got through meanwhile.
    async fn malformed(
        &mut self,
        batch: &Batch,
        left: &mut Left,
        mut portion: Portion,
        status: u16,
        problem: Option<Problem>,
    ) -> Result<(), Setback> {
        let itemised = self.shared.itemised.load(Ordering::Relaxed);
        let began = *portion.malformed.get_or_insert(itemised);
        match portion.items[..] {
            [item] if itemised > began => self.refuse(batch, &[(item, outcome(status, problem))]).await,
            [_] => {
                add(&self.shared.counts.retried, 1);
                left.put_behind(portion);
                return Err(Setback::new(Trouble::Misled(status)));
            }
            _ => {
                add(&self.shared.counts.split, 1);
                left.halve(portion);
            }
        }
        Ok(())
    }

    /// Hands over dead letters, for as long as it takes.
    async fn refuse(&mut self, batch: &Batch, refused: &[(u32, Outcome)]) {
        if refused.is_empty() {
            return;
        }
        let letters: Vec<_> = refused.iter().map(|(item, outcome)| letter(batch, *item, outcome)).collect();
        while let Err(error) = (self.shared.seams.refused)(&letters) {
            self.wait(&Setback::new(Trouble::DeadLetters(error.to_string()))).await;
        }
        for letter in &letters {
            self.shared.counts.refuse(letter.error_type);
        }
        let (count, error_type) = (letters.len(), letters[0].error_type);
        tracing::warn!(count, error_type, "documents were refused for good and are kept as dead letters");
        self.got_on();
    }
}

fn outcome(status: u16, problem: Option<Problem>) -> Outcome {
    Outcome { status, problem: problem.map(Box::new), ..Outcome::default() }
}

fn letter<'a>(batch: &'a Batch, item: u32, outcome: &'a Outcome) -> Refused<'a> {
    Refused {
        id: batch.id(item),
        target: batch.target_of(item),
        status: outcome.status,
        error_type: outcome.kind(),
        reason: outcome.reason(),
        document: batch.document(item),
    }
}
