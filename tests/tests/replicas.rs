//! Two replicas on one PostgreSQL: whichever answers, people and the simulator notice no difference.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use e2e::api_client::ApiClient;
use e2e::cluster;
use e2e::console;
use e2e::database::System;
use e2e::scenario;
use e2e::simulator::replica::Replica;
use e2e::simulator::tally::Tally;
use e2e::simulator::{CREDENTIAL, Simulator};
use e2e::site::Site;
use e2e::testbed::Testbed;
use e2e::visitor::Visitor;
use http::{StatusCode, header};
use tokio::sync::Mutex;
use tokio::task::JoinSet;

/// Some tests of this file have a time to keep, so they take turns.
static TURN: Mutex<()> = Mutex::const_new(());

/// How soon a write of somebody else is seen.
const FRESHNESS: Duration = Duration::from_secs(1);
/// How long the simulator waits to connect, and for each read.
const SIMULATOR_PATIENCE: Duration = Duration::from_millis(300);

/// Two sites on one new database.
struct Pair {
    sites: [Site; 2],
    url: String,
    bed: Testbed,
}

impl Pair {
    async fn start(label: &str) -> anyhow::Result<Option<Self>> {
        let (Some(system), Some(mut bed)) = (cluster::shared()?, Testbed::new()?) else { return Ok(None) };
        let url = bed.databases.create(&system, label).await?;
        let sites = [bed.site(&url, &[]).await?, bed.site(&url, &[]).await?];
        Ok(Some(Self { sites, url, bed }))
    }

    async fn end(self) -> anyhow::Result<()> {
        drop(self.sites);
        self.bed.clear().await
    }
}

/// Plays the project's own scenario at full speed, in turn on all sites; there must be no error.
async fn play_the_scenario(sites: &[Site]) -> anyhow::Result<()> {
    let rows = scenario::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/scenario.tsv"))?;
    let replicas: Result<Vec<Replica>, _> = sites.iter().map(|site| format!("http://{}", site.api).parse()).collect();
    let simulator = Simulator { replicas: replicas?, patience: SIMULATOR_PATIENCE, credential: CREDENTIAL.to_owned() };
    let mut tally = Tally::default();
    for (turn, row) in rows.iter().enumerate() {
        tally.add(row, &simulator.play(row, turn).await);
    }
    ensure!(tally.errors() == 0, "{tally}");
    let last = rows.last().context("the scenario has rows")?.id;
    for site in sites {
        ensure!(ApiClient(site.api).latest().await? == last, "latest is not the scenario's last number");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_scenario_runs_without_an_error_on_sqlite() -> anyhow::Result<()> {
    let _turn = TURN.lock().await;
    let Some(mut bed) = Testbed::new()? else { return Ok(()) };
    let url = bed.databases.create(&System::Sqlite, "scenario").await?;
    let site = bed.site(&url, &[]).await?;
    play_the_scenario(std::slice::from_ref(&site)).await?;
    drop(site);
    bed.clear().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_scenario_runs_without_an_error_on_two_replicas_in_turn() -> anyhow::Result<()> {
    let _turn = TURN.lock().await;
    let Some(pair) = Pair::start("scenario").await? else { return Ok(()) };
    play_the_scenario(&pair.sites).await?;
    pair.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_holds_on_both_replicas_and_ends_on_both() -> anyhow::Result<()> {
    let _turn = TURN.lock().await;
    let Some(pair) = Pair::start("session").await? else { return Ok(()) };
    let [one, two] = &pair.sites;
    one.welcome(&["ada"]).await?;
    let mut ada = Visitor::signed_in(one.web, "ada").await?;
    for site in [two, one, two] {
        ensure!(ada.page(site.web, "/").await?.contains("sign out [ada]"), "ada is signed out on a replica");
    }
    let mut thief = Visitor { cookies: ada.cookies.clone() };
    ensure!(
        thief.page(one.web, "/").await?.contains("sign out [ada]"),
        "the cookie is worth nothing before the sign-out"
    );
    ada.open(two.web, "/logout").await?;
    for site in [one, two] {
        ensure!(
            thief.open(site.web, "/").await?.status() == StatusCode::FOUND,
            "a stolen cookie outlives the sign-out"
        );
    }
    pair.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flash_is_shown_once_whichever_replica_answers() -> anyhow::Result<()> {
    let _turn = TURN.lock().await;
    let Some(pair) = Pair::start("flash").await? else { return Ok(()) };
    let [one, two] = &pair.sites;
    one.welcome(&["ada"]).await?;
    let mut ada = Visitor::signed_in(one.web, "ada").await?;
    ensure!(ada.page(two.web, "/").await?.contains("You were logged in"), "the other replica does not show the flash");
    ada.post(two.web, "first").await?;
    ensure!(ada.page(one.web, "/").await?.contains("Your message was recorded"), "the other replica has no flash");
    for site in [two, one] {
        let page = ada.page(site.web, "/").await?;
        ensure!(
            !page.contains("Your message was recorded") && !page.contains("You were logged in"),
            "a flash comes twice"
        );
    }
    pair.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_is_in_the_very_next_answer_of_the_other_replica() -> anyhow::Result<()> {
    let _turn = TURN.lock().await;
    let Some(pair) = Pair::start("fresh").await? else { return Ok(()) };
    pair.sites[0].welcome(&["ada", "bob"]).await?;
    let mut ada = Visitor::signed_in(pair.sites[0].web, "ada").await?;
    for number in 0..40_usize {
        let (writer, reader) = (&pair.sites[number % 2], &pair.sites[(number + 1) % 2]);
        let (posted, tweeted) = (format!("posted {number}."), format!("tweeted {number}."));
        // Both replicas have what was there before in their memory.
        for path in ["/", "/public", "/ada"] {
            ada.page(reader.web, path).await?;
        }
        ada.post(writer.web, &posted).await?;
        for path in ["/", "/public", "/ada"] {
            ensure!(
                ada.page(reader.web, path).await?.contains(&posted),
                "round {number}: {path} lacks what was posted"
            );
        }
        ensure!(
            Visitor::default().page(reader.web, "/public").await?.contains(&posted),
            "signed out, /public lacks a post"
        );
        let latest = i64::try_from(number)? + 100;
        ensure!(
            ApiClient(writer.api).tweet("bob", &tweeted, latest).await? == StatusCode::NO_CONTENT,
            "a tweet is refused"
        );
        ensure!(ApiClient(reader.api).latest().await? == latest, "round {number}: latest is old");
        for path in ["/msgs?no=1", "/msgs/bob?no=1"] {
            ensure!(ApiClient(reader.api).texts(path).await? == [tweeted.as_str()], "round {number}: {path} is old");
        }
    }
    pair.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_one_follows_is_known_to_the_other_replica_at_once() -> anyhow::Result<()> {
    let _turn = TURN.lock().await;
    let Some(pair) = Pair::start("follow").await? else { return Ok(()) };
    pair.sites[0].welcome(&["ada", "bob"]).await?;
    pair.sites[0].write("bob", "a word of bob").await?;
    let mut ada = Visitor::signed_in(pair.sites[0].web, "ada").await?;
    for number in 0..10_usize {
        let (writer, reader) = (&pair.sites[number % 2], &pair.sites[(number + 1) % 2]);
        ensure!(
            !ada.page(reader.web, "/").await?.contains("a word of bob"),
            "round {number}: bob is there before he is followed"
        );
        ada.submit(writer.web, "/bob/follow", &[]).await?;
        ensure!(ada.page(reader.web, "/").await?.contains("a word of bob"), "round {number}: bob is missing");
        ensure!(ada.page(reader.web, "/bob").await?.contains("Unfollow user"), "round {number}: the box is old");
        ensure!(ApiClient(reader.api).follows("ada").await? == ["bob"], "round {number}: the API's list is old");
        ada.submit(writer.web, "/bob/unfollow", &[]).await?;
    }
    pair.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flagged_message_is_gone_from_both_replicas_within_a_second_and_comes_back() -> anyhow::Result<()> {
    let _turn = TURN.lock().await;
    let Some(pair) = Pair::start("flag").await? else { return Ok(()) };
    pair.sites[0].welcome(&["ada", "bob"]).await?;
    pair.sites[0].write("bob", "a rude word").await?;
    pair.sites[0].follow("ada", "bob").await?;
    let mut ada = Visitor::signed_in(pair.sites[0].web, "ada").await?;
    ensure!(seen_in(&pair, &mut ada).await? == 12, "the message is not everywhere before it is flagged");
    let listed = console::ask(&pair.bed.program, &pair.url, &["messages", "list", "--json"]).await?;
    let id = serde_json::from_str::<serde_json::Value>(&listed)?["id"].to_string();
    for (verb, expected) in [("flag", 0), ("unflag", 12)] {
        console::ask(&pair.bed.program, &pair.url, &["messages", verb, &id]).await?;
        let done = Instant::now();
        while seen_in(&pair, &mut ada).await? != expected {
            ensure!(done.elapsed() < FRESHNESS, "after {verb} not every place is right within {FRESHNESS:?}");
        }
    }
    pair.end().await
}

/// In how many of twelve places the rude word is to be seen.
async fn seen_in(pair: &Pair, ada: &mut Visitor) -> anyhow::Result<usize> {
    let mut seen = 0;
    for site in &pair.sites {
        let mut stranger = Visitor::default();
        for page in [
            ada.page(site.web, "/").await?,
            ada.page(site.web, "/bob").await?,
            stranger.page(site.web, "/public").await?,
            stranger.page(site.web, "/bob").await?,
        ] {
            seen += usize::from(page.contains("a rude word"));
        }
        for path in ["/msgs", "/msgs/bob"] {
            seen += usize::from(ApiClient(site.api).texts(path).await?.contains(&"a rude word".to_owned()));
        }
    }
    Ok(seen)
}

#[tokio::test(flavor = "multi_thread")]
async fn failed_sign_ins_are_counted_by_both_replicas_together() -> anyhow::Result<()> {
    let _turn = TURN.lock().await;
    let Some(pair) = Pair::start("guess").await? else { return Ok(()) };
    pair.sites[0].welcome(&["ada", "bob"]).await?;
    let mut guesser = Visitor::default();
    let mut refused = None;
    for guess in 0..30 {
        let site = &pair.sites[guess % 2];
        let answer = guesser.sign_in(site.web, "ada", &format!("guess {guess}")).await?;
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            refused = Some((guess, answer));
            break;
        }
        ensure!(answer.status() == StatusCode::OK, "guess {guess} is answered {}", answer.status());
    }
    let (tries, answer) = refused.context("nobody stops the guessing")?;
    ensure!(tries <= 12, "it takes {tries} guesses: the replicas count each for itself");
    let wait = answer.headers().get(header::RETRY_AFTER).context("no Retry-After")?.to_str()?.parse::<u64>()?;
    ensure!((1..=300).contains(&wait), "Retry-After is {wait}");
    for site in &pair.sites {
        let status = guesser.sign_in(site.web, "ada", "another guess").await?.status();
        ensure!(status == StatusCode::TOO_MANY_REQUESTS, "a replica lets the guesser go on: {status}");
        Visitor::signed_in(site.web, "bob").await.context("somebody else is locked out")?;
    }
    pair.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_who_want_one_name_at_once_on_two_replicas_exactly_one_gets_it() -> anyhow::Result<()> {
    let _turn = TURN.lock().await;
    let Some(pair) = Pair::start("race").await? else { return Ok(()) };
    let mut asked = JoinSet::new();
    for latest in 0..100 {
        let api = ApiClient(pair.sites[usize::try_from(latest)? % 2].api);
        asked.spawn(async move { api.register("everybody's darling", latest).await });
    }
    let answers: anyhow::Result<Vec<StatusCode>> = asked.join_all().await.into_iter().collect();
    let answers = answers?;
    let count = |status| answers.iter().filter(|answer| **answer == status).count();
    ensure!(count(StatusCode::NO_CONTENT) == 1 && count(StatusCode::BAD_REQUEST) == 99, "{answers:?}");
    pair.end().await
}
