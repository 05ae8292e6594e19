//! What happens when something dies: the right people are told, in the right words, and told again when it is well.

use std::time::{Duration, Instant};

use anyhow::ensure;
use e2e::http_client::{fetch, get};
use e2e::visitor::Visitor;
use e2e::wait::until;
use serde_json::Value;

use crate::platform::{BRISK, Platform, SITE};

const PATIENCE: Duration = Duration::from_mins(3);

/// Whoever listens to the dead man's switch calls for help after that; it speaks each second here.
const SILENCE: Duration = Duration::from_secs(10);

/// How long people ask, between two looks at the alerts.
const BURST: Duration = Duration::from_secs(5);

const WAKE: &str = "alertmanager_wake_url";
const WATCHDOG: &str = "alertmanager_watchdog_url";
const CHAT: &str = "alertmanager_chat_url";
const MAIL: &str = "mail";

/// More than a site refuses in a quarter of an hour when all is well.
const GUESSES: usize = 60;

impl Platform {
    /// Whether somebody was woken by an alert, or told that it is over (`firing`, `resolved`).
    fn has_woken(&self, alert: &str, status: &str) -> anyhow::Result<bool> {
        for message in self.receiver.to(WAKE) {
            let message: Value = serde_json::from_str(&message)?;
            let mut alerts = message["alerts"].as_array().into_iter().flatten();
            if alerts.any(|told| told["labels"]["alertname"] == alert && told["status"] == status) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether there is a ticket with this in its title: `[WARNING`, or `[OK]`.
    fn has_ticket(&self, alert: &str, title: &str) -> bool {
        let subject = |mail: &String| {
            let header = mail
                .lines()
                .skip_while(|line| !line.starts_with("Subject: "))
                .take_while(|line| line.starts_with("Subject: ") || line.starts_with(' '));
            header.collect::<String>()
        };
        self.receiver.to(MAIL).iter().map(subject).any(|subject| subject.contains(alert) && subject.contains(title))
    }

    /// Whether an alert fires and nobody is told, since another one says it all.
    async fn is_inhibited(&self, alert: &str) -> anyhow::Result<bool> {
        Ok(self.alertmanager.heard().await?.iter().any(|heard| heard.name == alert && !heard.is_told))
    }

    async fn waits(&self, what: &str, condition: impl Fn(&Self) -> anyhow::Result<bool>) -> anyhow::Result<()> {
        let waited = until(what, PATIENCE, async || condition(self)).await;
        match waited {
            Ok(_) => Ok(()),
            Err(error) => Err(error.context(format!("{:#?}", self.alertmanager.heard().await?))),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_to_know_is_told_when_something_dies_and_when_it_is_well_again() -> anyhow::Result<()> {
    let Some(mut platform) = Platform::start(BRISK).await? else { return Ok(()) };
    platform.waits("the dead man's switch speaks", |it| Ok(it.receiver.to(WATCHDOG).len() > 2)).await?;
    ensure!(!platform.has_woken("TargetDown", "firing")?, "somebody was woken for nothing");
    Box::pin(programs_die(&mut platform)).await?;
    Box::pin(database_dies(&mut platform)).await?;
    Box::pin(watchers_die(&mut platform)).await
}

async fn programs_die(platform: &mut Platform) -> anyhow::Result<()> {
    platform.web.server.signal("KILL")?;
    platform.shipper.kill();
    let mut guesser = Visitor::default();
    for _ in 0..GUESSES {
        guesser.sign_in(platform.api.web, "ada", "a guess").await?;
    }
    platform.waits("a site without replicas wakes somebody", |it| it.has_woken("TargetDown", "firing")).await?;
    platform.waits("a node without a shipper is a ticket", |it| Ok(it.has_ticket("ShipperAbsent", "[WARNING"))).await?;
    platform.waits("guessing is a ticket", |it| Ok(it.has_ticket("FailedSignInsSpike", "[WARNING"))).await?;
    let log = platform.bed.databases.folder().join("site-again.log");
    platform.web.start_again(&platform.bed.program, &platform.stage.url(), &SITE, log).await?;
    platform.shipper.start().await?;
    platform.waits("it is said that the site is back", |it| it.has_woken("TargetDown", "resolved")).await?;
    platform.waits("the shipper's ticket is done", |it| Ok(it.has_ticket("ShipperAbsent", "[OK]"))).await
}

/// That hides all that follows from it.
async fn database_dies(platform: &mut Platform) -> anyhow::Result<()> {
    platform.stage.cluster.crash().await?;
    platform.waits("a database that is down wakes somebody", |it| it.has_woken("PostgresDown", "firing")).await?;
    until("requests that fail are known, and nobody is told", PATIENCE, async || {
        let began = Instant::now();
        while began.elapsed() < BURST {
            fetch(platform.web.web, get(platform.web.web, "/public")?).await?;
        }
        platform.is_inhibited("AvailabilityBurnFast").await
    })
    .await?;
    ensure!(!platform.has_woken("AvailabilityBurnFast", "firing")?, "somebody was woken twice for the same");
    platform.stage.cluster.go_on().await?;
    platform.waits("it is said that the database is back", |it| it.has_woken("PostgresDown", "resolved")).await
}

/// Then nobody can tell, but for whoever listens.
async fn watchers_die(platform: &mut Platform) -> anyhow::Result<()> {
    ensure!(!falls_silent(platform).await?, "the dead man's switch does not speak");
    platform.prometheus.server().signal("KILL")?;
    until("the dead man's switch is silent", PATIENCE, async || falls_silent(platform).await).await?;
    let chat = platform.receiver.to(CHAT).concat();
    ensure!(chat.contains("PostgresDown") && !chat.contains("Watchdog"), "{chat}");
    Ok(())
}

/// Whether nothing is heard for so long that one would call for help.
async fn falls_silent(platform: &Platform) -> anyhow::Result<bool> {
    let before = platform.receiver.to(WATCHDOG).len();
    let speaks = async || Ok(platform.receiver.to(WATCHDOG).len() > before);
    Ok(until("it speaks", SILENCE, speaks).await.is_err())
}
