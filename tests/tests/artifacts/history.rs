//! Thirty days of a site, an hour like the other, so that what dashboards show of it can be told beforehand.

use anyhow::{Context, bail, ensure};
use jiff::Timestamp;
use minitwit::clock::Clock;
use serde_json::Value;

use crate::stage::Stage;

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3_600 * SECOND;
const DAY_HOURS: i64 = 24;

const HOURS: i64 = 720;
const MESSAGES_PER_HOUR: i64 = 1_389;
const USERS_PER_HOUR: i64 = 5;
const FOLLOWERS_PER_HOUR: i64 = 7;
const USERS: i64 = 10_000;
const AUTHORS: i64 = 5_000;
const FLAGGED: i64 = 500;
const FOLLOWERS: i64 = 20_000;
const LATEST: i64 = 42;

/// What each hour adds.
const GROWTH: [(&str, i64); 3] =
    [("users", USERS_PER_HOUR), ("messages", MESSAGES_PER_HOUR), ("followers", FOLLOWERS_PER_HOUR)];

/// It ends with the last whole hour.
pub struct History {
    now: i64,
}

impl History {
    /// Writes it into a database, as the site would have.
    pub async fn write(stage: &Stage) -> anyhow::Result<Self> {
        let history = Self { now: Clock::default().now() };
        let (begin, messages) = (history.this_hour() - HOURS * HOUR, HOURS * MESSAGES_PER_HOUR);
        let changed = history.now - 90 * SECOND;
        stage
            .run(&format!(
                "INSERT INTO users (username, email, password_hash, created_at)
                    SELECT 'user' || n, 'user@minitwit.example', 'x', {begin} FROM generate_series(1, {USERS}) n;
                INSERT INTO messages (author_id, text, posted_at)
                    SELECT 1 + n % {AUTHORS}, 'x',
                        {begin} + n / {MESSAGES_PER_HOUR} * {HOUR} + n % {MESSAGES_PER_HOUR} * 2 * {SECOND}
                    FROM generate_series(0, {messages}::bigint - 1) n;
                UPDATE messages SET flagged = 1 WHERE id <= {FLAGGED};
                INSERT INTO followers SELECT 1 + n / 100, 5000 + n % 100, {begin} FROM generate_series(0, {FOLLOWERS} - 1) n;
                INSERT INTO totals_by_hour SELECT {begin} + h * {HOUR}, {USERS} - {USERS_PER_HOUR} * ({HOURS} - 1 - h),
                    {MESSAGES_PER_HOUR} * (h + 1), {FLAGGED}, {FOLLOWERS} - {FOLLOWERS_PER_HOUR} * ({HOURS} - 1 - h)
                    FROM generate_series(0, {HOURS}::bigint - 1) h;
                UPDATE simulator SET latest = {LATEST}, changed_at = {changed};"
            ))
            .await?;
        while stage.store.roll_up(history.now).await? {}
        // A month of it came within seconds; in a month the server does this by itself.
        stage.run("VACUUM ANALYZE").await?;
        Ok(history)
    }

    fn this_hour(&self) -> i64 {
        self.now - self.now % HOUR
    }

    /// So many days before its end, as PostgreSQL reads it.
    pub fn before(&self, days: i64) -> String {
        let micros = self.now - days * DAY_HOURS * HOUR;
        Timestamp::from_microsecond(micros).map(|time| time.to_string()).unwrap_or_default()
    }

    /// Whether a panel of the business dashboard shows just what happened.
    pub fn check(&self, panel: u32, rows: &[Value]) -> anyhow::Result<()> {
        match panel {
            1 => one(rows, "users", USERS),
            2 => one(rows, "messages", HOURS * MESSAGES_PER_HOUR),
            3 => one(rows, "followers", FOLLOWERS),
            4 => one(rows, "flagged", FLAGGED),
            5 => by_hour(rows),
            6 => by_day(rows),
            15..=17 => each(rows, DAY_HOURS, "Database", GROWTH[panel as usize - 15].1),
            22 => each(rows, DAY_HOURS, "Hour in the database", MESSAGES_PER_HOUR),
            23 => last_hours(rows),
            11 => whole_hours(rows, "authors", MESSAGES_PER_HOUR.min(AUTHORS)),
            12 => distribution(rows),
            13 => one(rows, "latest", LATEST),
            14 => self.stands_still(rows),
            21 => top(rows),
            24 => one(rows, "sessions", 0),
            25 => self.authors_today(rows),
            _ => bail!("nothing is known of panel {panel}: say here what it has to show"),
        }
    }

    fn stands_still(&self, rows: &[Value]) -> anyhow::Result<()> {
        let seconds = rows.first().and_then(|row| row["seconds"].as_f64()).context("no seconds")?;
        let most = (Clock::default().now() - self.now) / SECOND + 91;
        #[expect(clippy::cast_precision_loss, reason = "a few seconds")]
        let range = 90.0..=most as f64;
        ensure!(rows.len() == 1 && range.contains(&seconds), "{rows:?}");
        Ok(())
    }

    fn authors_today(&self, rows: &[Value]) -> anyhow::Result<()> {
        let whole_hours = self.this_hour() / HOUR % DAY_HOURS;
        match whole_hours {
            0 => each(rows, 0, "authors", 0),
            hours => one(rows, "authors", (hours * MESSAGES_PER_HOUR).min(AUTHORS)),
        }
    }
}

/// Each whole hour adds the same; the one that is not over has nothing yet.
fn by_hour(rows: &[Value]) -> anyhow::Result<()> {
    let (now, whole) = rows.split_last().context("there are no hours")?;
    for (name, count) in GROWTH {
        each(std::slice::from_ref(now), 1, name, 0)?;
        whole_hours(whole, name, count)?;
    }
    Ok(())
}

/// A day's range that begins within an hour has one less.
fn whole_hours(rows: &[Value], name: &str, value: i64) -> anyhow::Result<()> {
    let count = i64::try_from(rows.len())?;
    ensure!((DAY_HOURS - 1..=DAY_HOURS).contains(&count), "{count} whole hours");
    each(rows, count, name, value)
}

/// So does each whole day.
fn by_day(rows: &[Value]) -> anyhow::Result<()> {
    for (name, count) in GROWTH {
        let whole = rows.iter().filter(|row| row[name] == count * DAY_HOURS).count();
        ensure!(rows.len() > 1 && whole + 1 >= rows.len(), "{name}: {rows:?}");
    }
    Ok(())
}

/// The hour that is not over may end within the range or not.
fn last_hours(rows: &[Value]) -> anyhow::Result<()> {
    let whole = rows.iter().take(usize::try_from(DAY_HOURS)?).cloned().collect::<Vec<_>>();
    each(&whole, DAY_HOURS, "Hour in the database", USERS_PER_HOUR)
}

fn distribution(rows: &[Value]) -> anyhow::Result<()> {
    ensure!(rows.len() == 1 && rows[0]["messages"] == "200–499" && rows[0]["authors"] == AUTHORS, "{rows:?}");
    Ok(())
}

/// The first authors have one message more than the others.
fn top(rows: &[Value]) -> anyhow::Result<()> {
    each(rows, 10, "messages", HOURS * MESSAGES_PER_HOUR / AUTHORS + 1)?;
    ensure!(rows[0]["username"] == "user1" && rows.iter().all(|row| row["last_posted_at"].is_string()), "{rows:?}");
    Ok(())
}

fn one(rows: &[Value], name: &str, value: i64) -> anyhow::Result<()> {
    each(rows, 1, name, value)
}

/// So many rows, each with this value.
fn each(rows: &[Value], count: i64, name: &str, value: i64) -> anyhow::Result<()> {
    let right = rows.iter().filter(|row| row[name] == value).count();
    ensure!(right == rows.len() && i64::try_from(right)? == count, "{count} times {name} = {value} in {rows:?}");
    Ok(())
}
