//! People and simulators go on while something happens.

use std::fs;
use std::ops::AddAssign;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use anyhow::{Context, ensure};
use e2e::docker_engine::said;
use e2e::monitoring::product;
use e2e::platform::{HOST, Swarm};

use crate::accounts::Accounts;

/// Simulators that play at the same time.
const SIMULATORS: usize = 2;

/// How many clients there are: as many requests are being answered at any time, at most.
pub const CLIENTS: u64 = SIMULATORS as u64 + 1;

/// What clients saw.
#[derive(Debug, Default)]
pub struct Seen {
    /// Scenarios that were played and series of pages that were read.
    pub rounds: u64,
    /// Requests that were not answered as they should be.
    pub failed: u64,
    /// Of these, requests to do something that may or may not have been done.
    pub unknown: u64,
    /// What the first round in which any failed had to say.
    pub example: Option<String>,
}

impl AddAssign for Seen {
    fn add_assign(&mut self, other: Self) {
        self.rounds += other.rounds;
        self.failed += other.failed;
        self.unknown += other.unknown;
        self.example = self.example.take().or(other.example);
    }
}

/// A swarm that is used, and what has been seen of it so far.
pub struct Town {
    pub swarm: Swarm,
    accounts: Accounts,
    rounds: AtomicU64,
}

impl Town {
    pub fn of(swarm: Swarm) -> Self {
        Self { swarm, accounts: Accounts::default(), rounds: AtomicU64::default() }
    }

    /// At most so many requests fail while something happens. Afterwards each user, each message and each pair of a user and
    /// a follower is in the database, in the counters and among the documents, and none of them twice; only of requests that
    /// failed nobody knows.
    pub async fn during(
        &self,
        what: &str,
        may_fail: u64,
        happens: impl Future<Output = anyhow::Result<()>>,
    ) -> anyhow::Result<()> {
        let is_over = AtomicBool::new(false);
        let happening = async {
            let happened = happens.await;
            is_over.store(true, Ordering::Relaxed);
            happened.with_context(|| format!("{what} did not end well"))
        };
        let clients = async {
            let (one, other, third) = tokio::join!(self.plays(&is_over), self.plays(&is_over), self.reads(&is_over));
            let mut all = Seen::default();
            for seen in [one?, other?, third?] {
                all += seen;
            }
            anyhow::Ok(all)
        };
        let (seen, happened) = Box::pin(async { tokio::join!(clients, happening) }).await;
        happened?;
        let Seen { rounds, failed, unknown, example } = seen.with_context(|| format!("during {what}"))?;
        println!("{what}: {failed} requests failed in {rounds} rounds");
        let example = example.unwrap_or_default();
        ensure!(
            failed <= may_fail,
            "{failed} requests failed during {what}, of the first of which it is said: {example}"
        );
        self.accounts.failed(unknown);
        self.accounts.check(&self.swarm).await.with_context(|| format!("after {what}"))
    }

    /// Plays a scenario again and again, each time with other people, for as long as something is not over.
    async fn plays(&self, is_over: &AtomicBool) -> anyhow::Result<Seen> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("scenario.tsv");
        let mut seen = Seen::default();
        while seen.rounds == 0 || !is_over.load(Ordering::Relaxed) {
            fs::write(&file, scenario(self.rounds.fetch_add(1, Ordering::Relaxed))?)?;
            let mut simulate = self.swarm.lan.command(env!("CARGO_BIN_EXE_simulate"));
            simulate.arg(&file).args(["--url", &format!("http://api.{HOST}")]);
            // Three engines share this machine, and only that each request is answered well matters here.
            simulate.args(["--timeout", "10"]);
            let output = tokio::process::Command::from(simulate).output().await?;
            let said = String::from_utf8(output.stdout)?;
            ensure!(said.contains(" errors"), "no scenario was played: {}", String::from_utf8_lossy(&output.stderr));
            let unknown = rows(&said, leaves_open)?;
            // Who could not register is unknown afterwards.
            let failed = rows(&said, |kind| unknown == 0 || kind != "status 404")?;
            seen += Seen { rounds: 1, failed, unknown, example: (failed > 0).then_some(said) };
        }
        Ok(seen)
    }

    /// Reads pages as browsers do, over connections that are kept, for as long as something is not over.
    async fn reads(&self, is_over: &AtomicBool) -> anyhow::Result<Seen> {
        let mut seen = Seen::default();
        while seen.rounds == 0 || !is_over.load(Ordering::Relaxed) {
            let mut read = self.swarm.lan.command("curl");
            read.args(["--silent", "--max-time", "10", "--output", "/dev/null", "--write-out", "%{http_code}\\n"]);
            read.arg("--cacert").arg(self.swarm.certificate()).arg(format!("https://{HOST}/public?p=[1-50]"));
            let output = tokio::process::Command::from(read).output().await?;
            let answers = String::from_utf8(output.stdout)?;
            let failed = answers.lines().filter(|answer| *answer != "200").count();
            let example = (failed > 0).then(|| format!("pages were answered {}", answers.replace('\n', " ")));
            seen += Seen { rounds: 1, failed: failed.try_into()?, unknown: 0, example };
        }
        Ok(seen)
    }
}

/// The scenario, played by people who have never been here.
fn scenario(round: u64) -> anyhow::Result<String> {
    let whole = fs::read_to_string(product("tests/data/scenario.tsv"))?;
    let row = |line: &str| {
        let mut fields: Vec<String> = line.split('\t').map(str::to_owned).collect();
        let names = if fields[3].ends_with("follow") { 4..6 } else { 4..5 };
        fields[names].iter_mut().for_each(|name| *name = format!("{name} {round}"));
        fields.join("\t") + "\n"
    };
    Ok(whole.lines().map(row).collect())
}

/// How many rows of a scenario were errors of some kinds: those of the table that begins with `error`.
fn rows(said: &str, kinds: impl Fn(&str) -> bool) -> anyhow::Result<u64> {
    let table = said.lines().skip_while(|line| !line.starts_with("error ")).skip(1).take_while(|line| !line.is_empty());
    let counts = table.filter_map(|line| line.rsplit_once(' ')).filter(|(kind, _)| kinds(kind.trim()));
    counts.map(|(_, count)| Ok(count.parse::<u64>()?)).sum()
}

/// Whether after an error of this kind it may have been done what was asked for.
fn leaves_open(kind: &str) -> bool {
    kind.starts_with("status 5") || ["read timed out", "connection broken", "not an HTTP answer"].contains(&kind)
}

/// The time from the last answer to the next one, for as long as something happens.
pub async fn silence(swarm: &Swarm, happens: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<f64> {
    let folder = tempfile::tempdir()?;
    let over = folder.path().join("over");
    let ask = "last=$EPOCHREALTIME longest=0
        while [[ ! -e $0 ]]; do
            [[ $(curl --silent --max-time 2 --output /dev/null --write-out '%{http_code}' \"$1\") == 200 ]] || continue
            now=$EPOCHREALTIME
            longest=$(awk \"BEGIN { gap = $now - $last; print (gap > $longest) ? gap : $longest }\")
            last=$now
        done
        echo \"$longest\"";
    let mut clock = swarm.lan.command("bash");
    clock.args(["-c", ask]).arg(&over).arg(format!("http://api.{HOST}/latest"));
    let (longest, happened) = tokio::join!(said(&mut clock), async {
        let happened = happens.await;
        fs::write(&over, "")?;
        happened
    });
    happened?;
    Ok(longest?.0.trim().parse()?)
}
