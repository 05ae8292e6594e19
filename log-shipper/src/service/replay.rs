//! Dead letters that are sent again: a lane of their own, which gives up where the shipper would go on trying.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::sync::Notify;

use super::prepared;
use crate::batch::{Batch, Limits, Open, Pool};
use crate::config::Settings;
use crate::dead_letter::{DeadLetters, Number, Selection, Stored, without_values};
use crate::deliver::{self, Lanes, Refused, Seams};

/// How often the health of the lane is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// What became of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is stored, or was before.
    Stored,
    /// It is refused again, for this reason.
    Refused(String),
    /// It could not be sent.
    Unsent,
    /// It cannot be read.
    Damaged,
    /// There is no letter of this number.
    Missing,
}

/// What became of all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Stored, and no dead letters any more.
    pub stored: u64,
    /// All others.
    pub left: u64,
    /// Why it was given up.
    pub trouble: Option<String>,
}

/// Sends letters again, and tells of each what became of it.
///
/// # Errors
/// The folder cannot be read or changed; the settings cannot be used; `tell` fails.
pub async fn replay(
    letters: &DeadLetters,
    settings: &Settings,
    selection: &Selection,
    mut tell: impl FnMut(Number, &Fate) -> Result<()>,
) -> Result<Replayed> {
    let mut sender = Sender::start(prepared::delivery(settings)?)?;
    let mut told = Ok(());
    let mut met = BTreeSet::new();
    let replayed = letters.replay(selection, async |group| {
        let fates = sender.send(group).await;
        for (letter, fate) in group.iter().zip(&fates) {
            met.insert(letter.number);
            told = std::mem::replace(&mut told, Ok(())).and_then(|()| tell(letter.number, fate));
        }
        fates.iter().map(|fate| *fate == Fate::Stored).collect()
    });
    let replayed = replayed.await?;
    told?;
    for number in &replayed.damaged {
        met.insert(*number);
        tell(*number, &Fate::Damaged)?;
    }
    let missing = missing(selection, &met);
    missing.iter().try_for_each(|number| tell(*number, &Fate::Missing))?;
    let left = replayed.refused + (replayed.damaged.len() + missing.len()) as u64;
    Ok(Replayed { stored: replayed.stored, left, trouble: sender.trouble })
}

fn missing(selection: &Selection, met: &BTreeSet<Number>) -> Vec<Number> {
    match selection {
        Selection::Numbers(numbers) => numbers.iter().filter(|number| !met.contains(number)).copied().collect(),
        _ => Vec::new(),
    }
}

struct Sender {
    lanes: Lanes,
    pool: Pool,
    said: Arc<Said>,
    /// Once there is one, nothing more is sent.
    trouble: Option<String>,
}

/// What the lane says of a batch.
#[derive(Default)]
struct Said {
    /// Why, by id.
    refused: Mutex<BTreeMap<String, String>>,
    finished: Notify,
}

impl Said {
    fn refused(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sender {
    fn start(settings: deliver::Settings) -> Result<Self> {
        let said = Arc::<Said>::default();
        let limits = Limits { bytes: settings.bytes, ..Limits::default() };
        let settings = deliver::Settings { lanes: NonZeroUsize::MIN, ..settings };
        let pool = Pool::new(limits, usize::MAX);
        Ok(Self { lanes: Lanes::start(settings, seams(&said))?, pool, said, trouble: None })
    }

    async fn send(&mut self, letters: &[Stored]) -> Vec<Fate> {
        let Some(batch) = self.batch(letters).filter(|_| self.trouble.is_none()) else {
            return vec![Fate::Unsent; letters.len()];
        };
        self.lanes.queue().hand_over(0, batch);
        let is_finished = self.is_finished().await;
        let refused = std::mem::take(&mut *self.said.refused());
        let fate = |letter: &Stored| match refused.get(&letter.id) {
            Some(why) => Fate::Refused(why.clone()),
            None if !is_finished => Fate::Unsent,
            None if id(letter).is_none() => Fate::Refused("its id is none of ours".to_owned()),
            None => Fate::Stored,
        };
        letters.iter().map(fate).collect()
    }

    fn batch(&self, letters: &[Stored]) -> Option<Batch> {
        let target = Arc::from(letters.first()?.target.as_str());
        let mut open = self.pool.try_open(&target)?;
        for letter in letters {
            add(&mut open, letter);
        }
        Some(open.seal(Instant::now()))
    }

    /// Waits until everything of the batch is stored or refused; gives up when there is a trouble that stays.
    async fn is_finished(&mut self) -> bool {
        let health = self.lanes.health();
        loop {
            tokio::select! {
                () = self.said.finished.notified() => return true,
                () = self.lanes.ended() => self.trouble = Some("the lane has ended, which is a defect".to_owned()),
                () = tokio::time::sleep(LOOK) => self.trouble = health.trouble().map(|trouble| trouble.to_string()),
            }
            if self.trouble.is_some() {
                return false;
            }
        }
    }
}

/// It may have been stored meanwhile, also in an older index.
fn add(open: &mut Open, letter: &Stored) {
    let Some(id) = id(letter) else { return };
    open.begin(&id, &Arc::from(letter.target.as_str()), Instant::now());
    open.buffer().extend_from_slice(letter.document.as_bytes());
    open.end_in_doubt(&Arc::from(""));
}

fn id(letter: &Stored) -> Option<crate::batch::Id> {
    letter.id.as_bytes().try_into().ok().filter(|_| !letter.document.contains('\n'))
}

fn seams(said: &Arc<Said>) -> Seams {
    let (finished, refused) = (Arc::clone(said), Arc::clone(said));
    Seams {
        sent: Arc::new(|_| ()),
        finished: Arc::new(move |_| finished.finished.notify_one()),
        freed: Arc::new(|| ()),
        refused: Arc::new(move |letters| {
            refused.refused().extend(letters.iter().map(|letter| (letter.id.to_owned(), why(letter))));
            Ok(())
        }),
        observed: Arc::new(|_| ()),
    }
}

fn why(refused: &Refused<'_>) -> String {
    format!("{} {}: {}", refused.status, refused.error_type, without_values(refused.reason))
}
