//! Lanes before a server of our own, with everything that they tell written down.

#![expect(clippy::unwrap_used, reason = "what a test takes for granted may end it")]

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use log_shipper::batch::{Limits, Open, Pool};
use log_shipper::deliver::{Lanes, Queue, Refused, Seams, Settings};
use log_shipper::place::{FileKey, OpenLines, Progress, Window};
use tokio::time::timeout;
use url::Url;

/// Far more than anything here takes.
const DEADLINE: Duration = Duration::from_mins(1);
/// The target of all documents that do not say otherwise.
pub const TARGET: &str = "logs-app-default";

/// A dead letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub id: String,
    pub target: String,
    pub status: u16,
    pub error_type: String,
    pub document: String,
}

/// What the lanes told.
#[derive(Debug, Default)]
pub struct Told {
    /// File, position and write index of each intent.
    pub intents: Vec<(u32, u64, String)>,
    /// File and position of each step of a finished batch.
    pub finished: Vec<(u32, u64)>,
    pub letters: Vec<Letter>,
    /// How often dead letters are not taken.
    pub full: usize,
    /// Bytes that were lent each time when it was told that there is room.
    pub freed: Vec<usize>,
    /// Documents of each request.
    pub requests: Vec<usize>,
}

/// Running lanes.
pub struct Delivery {
    pub lanes: Lanes,
    pub told: Arc<Mutex<Told>>,
    pool: Pool,
    queue: Queue,
    file: u32,
}

/// Settings under which nothing waits for long.
pub fn settings(hosts: Vec<Url>) -> Settings {
    let mut settings = Settings::new(hosts);
    settings.patience.first = Duration::from_millis(1);
    settings.patience.longest = Duration::from_millis(5);
    settings.patience.longest_asked = Duration::from_millis(5);
    settings.lanes = NonZeroUsize::MIN;
    settings.resolve_every = Duration::ZERO;
    settings
}

impl Delivery {
    pub fn start(settings: Settings) -> Self {
        let told = Arc::<Mutex<Told>>::default();
        let pool = Pool::new(Limits::default(), 64 << 20);
        let lanes = Lanes::start(settings, seams(&told, &pool)).unwrap();
        let queue = lanes.queue();
        Self { lanes, told, pool, queue, file: 0 }
    }

    /// A batch to fill.
    pub fn open(&self) -> Open {
        self.pool.try_open(&Arc::from(TARGET)).unwrap()
    }

    /// Hands a batch to the first lane, as all of a file of its own.
    pub fn send(&mut self, mut open: Open) {
        self.file += 1;
        let (file, position) = (FileKey(self.file), 1_000);
        let progress = Progress { file, position, open: OpenLines::default(), window: Window::default() };
        open.reach(progress, &Arc::from(TARGET), Instant::now());
        self.queue.hand_over(0, open.seal(Instant::now()));
    }

    /// Sends these documents as one batch; each has its place as id.
    pub fn send_all(&mut self, documents: &[&str]) {
        let mut open = self.open();
        for (place, document) in documents.iter().enumerate() {
            add(&mut open, place, TARGET, document);
        }
        self.send(open);
    }

    /// Waits until everything is finished, and gives what was told.
    pub async fn finish(self) -> Told {
        let Self { lanes, told, pool, queue, .. } = self;
        drop(queue);
        assert_eq!(timeout(DEADLINE, lanes.finish(None)).await.expect("everything is finished in time"), 0);
        assert_eq!(pool.used(), 0, "every batch goes back to the pool");
        std::mem::take(&mut told.lock().unwrap())
    }
}

/// Adds a document whose id is its place.
pub fn add(open: &mut Open, place: usize, target: &str, document: &str) {
    open.begin(&id(place).as_bytes().try_into().unwrap(), &Arc::from(target), Instant::now());
    open.buffer().extend_from_slice(document.as_bytes());
    open.end();
}

/// The id of a document by its place.
pub fn id(place: usize) -> String {
    format!("{place:024}")
}

/// The ids of the first documents.
pub fn ids(count: usize) -> Vec<String> {
    (0..count).map(id).collect()
}

fn seams(told: &Arc<Mutex<Told>>, pool: &Pool) -> Seams {
    let pool = pool.clone();
    let [intents, finished, freed, letters, requests] = std::array::from_fn(|_| Arc::clone(told));
    Seams {
        sent: Arc::new(move |sent| {
            let sent = sent.iter().map(|intent| (intent.file.0, intent.position, intent.index.to_owned()));
            intents.lock().unwrap().intents.extend(sent);
        }),
        finished: Arc::new(move |batch| {
            let steps = batch.steps.iter().map(|step| (step.progress.file.0, step.progress.position));
            finished.lock().unwrap().finished.extend(steps);
        }),
        freed: Arc::new(move || freed.lock().unwrap().freed.push(pool.used())),
        refused: Arc::new(move |refused| {
            let mut told = letters.lock().unwrap();
            if told.full > 0 {
                told.full -= 1;
                return Err(std::io::ErrorKind::StorageFull.into());
            }
            told.letters.extend(refused.iter().map(letter));
            Ok(())
        }),
        observed: Arc::new(move |exchange| requests.lock().unwrap().requests.push(exchange.items)),
    }
}

fn letter(refused: &Refused<'_>) -> Letter {
    Letter {
        id: refused.id.to_owned(),
        target: refused.target.to_owned(),
        status: refused.status,
        error_type: refused.error_type.to_owned(),
        document: String::from_utf8(refused.document.to_vec()).unwrap(),
    }
}
