//! A client that registers people, posts and follows, and keeps a diary of it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::bail;
use e2e::api_client::ApiClient;
use e2e::visitor::Visitor;
use http::StatusCode;

use crate::diary::{Diary, Fate, Said};

/// One person who asks for one thing after the other, each only once.
pub struct Client {
    pub name: String,
    pub diary: Diary,
    turn: usize,
    /// Where all clients draw the numbers that they send as `latest`.
    numbers: Arc<AtomicI64>,
}

impl Client {
    /// So many who have not begun.
    pub fn several(count: usize) -> Vec<Self> {
        let numbers = Arc::new(AtomicI64::new(1));
        let client =
            |n| Self { name: format!("client {n}"), diary: Diary::default(), turn: 0, numbers: numbers.clone() };
        (0..count).map(client).collect()
    }

    /// Whether a request of theirs ended without a good answer.
    pub fn was_interrupted(&self) -> bool {
        self.diary.latests.iter().any(|said| said.fate == Fate::Unknown)
    }

    /// Asks until it is `enough`, or until nobody listens any more. Counts answers.
    pub async fn work(
        mut self,
        web: SocketAddr,
        api: SocketAddr,
        answers: Arc<AtomicUsize>,
        enough: Arc<AtomicBool>,
    ) -> anyhow::Result<Self> {
        let mut desk = Desk { web, api: ApiClient(api), answers, gone: false, visitor: None };
        while !enough.load(Ordering::Relaxed) && !desk.gone {
            self.turn(&mut desk).await?;
        }
        Ok(self)
    }

    async fn turn(&mut self, desk: &mut Desk) -> anyhow::Result<()> {
        if self.diary.people.get(&self.name) != Some(&Fate::Answered) {
            return self.register(desk, self.name.clone()).await;
        }
        self.turn += 1;
        let number = self.turn;
        match number % 12 {
            0 | 6 => self.register(desk, format!("friend {number} of {}", self.name)).await,
            1 | 7 => self.relate(desk, "follow").await,
            // Half of those who are followed stay followed.
            8 => self.relate(desk, "unfollow").await,
            2 | 4 | 10 => self.write_on_the_page(desk, format!("{number} of {} by form", self.name)).await,
            _ => self.tweet(desk, format!("{number} of {}", self.name)).await,
        }
    }

    async fn register(&mut self, desk: &mut Desk, name: String) -> anyhow::Result<()> {
        // Somebody whose registration was not answered may be there all the same.
        let again = self.diary.people.contains_key(&name);
        let (latest, asked) = self.next();
        let status = desk.api.register(&name, latest).await;
        let taken = again && matches!(status, Ok(StatusCode::BAD_REQUEST));
        let fate = desk.fate(&if taken { Ok(StatusCode::NO_CONTENT) } else { status })?;
        self.diary.people.insert(name, fate);
        self.diary.said(latest, asked, fate);
        Ok(())
    }

    async fn tweet(&mut self, desk: &mut Desk, text: String) -> anyhow::Result<()> {
        let (latest, asked) = self.next();
        let fate = desk.fate(&desk.api.tweet(&self.name, &text, latest).await)?;
        self.diary.texts.insert(text, fate);
        self.diary.said(latest, asked, fate);
        Ok(())
    }

    async fn write_on_the_page(&mut self, desk: &mut Desk, text: String) -> anyhow::Result<()> {
        let Some(mut visitor) = desk.visitor.take() else {
            // The database may be away just now: then the next turn tries again.
            desk.visitor = Visitor::signed_in(desk.web, &self.name).await.ok();
            return Ok(());
        };
        let fate = desk.fate(&visitor.post(desk.web, &text).await.map(|answer| answer.status()))?;
        self.diary.texts.insert(text, fate);
        desk.visitor = Some(visitor);
        Ok(())
    }

    /// Follows somebody for the first time, or leaves the one who was followed last, so that nobody is left whose
    /// following was not answered: that order could still arrive late.
    async fn relate(&mut self, desk: &mut Desk, verb: &'static str) -> anyhow::Result<()> {
        let answered = |fate: Option<&Fate>| fate == Some(&Fate::Answered);
        let other = if verb == "follow" {
            let fresh = |name: &&String| !self.diary.followed.contains_key(*name);
            self.diary.people.iter().filter(|(_, fate)| answered(Some(fate))).map(|(name, _)| name).find(fresh)
        } else {
            let kept = |name: &&String| !self.diary.left.contains_key(*name);
            self.diary.followed.iter().filter(|(_, fate)| answered(Some(fate))).map(|(name, _)| name).find(kept)
        };
        let Some(other) = other.cloned() else { return Ok(()) };
        let (latest, asked) = self.next();
        let fate = desk.fate(&desk.api.relate(&self.name, verb, &other, latest).await)?;
        let page = if verb == "follow" { &mut self.diary.followed } else { &mut self.diary.left };
        page.insert(other, fate);
        self.diary.said(latest, asked, fate);
        Ok(())
    }

    fn next(&self) -> (i64, Instant) {
        (self.numbers.fetch_add(1, Ordering::Relaxed), Instant::now())
    }
}

impl Diary {
    fn said(&mut self, latest: i64, asked: Instant, fate: Fate) {
        self.latests.push(Said { latest, asked, ended: Instant::now(), fate });
    }
}

/// Where a client sits while it works.
struct Desk {
    web: SocketAddr,
    api: ApiClient,
    answers: Arc<AtomicUsize>,
    /// Nobody listens any more.
    gone: bool,
    visitor: Option<Visitor>,
}

impl Desk {
    /// 204 and, on pages, 302 say that it is done; after 503 and without an answer nobody knows.
    fn fate(&mut self, answer: &anyhow::Result<StatusCode>) -> anyhow::Result<Fate> {
        match answer {
            Ok(StatusCode::NO_CONTENT | StatusCode::FOUND) => {
                self.answers.fetch_add(1, Ordering::Relaxed);
                Ok(Fate::Answered)
            }
            Ok(StatusCode::SERVICE_UNAVAILABLE) => Ok(Fate::Unknown),
            Ok(other) => bail!("a request is answered {other}"),
            Err(_) => {
                self.gone = true;
                Ok(Fate::Unknown)
            }
        }
    }
}
