//! How fast the site is on a swarm.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use clap::Args;
use serde_json::{Value, json};

use super::images::Images;
use super::swarm::Container;
use super::{HOST, Swarm};
use crate::docker_engine::{Lan, said};
use crate::load::round::Round;
use crate::monitoring::product;
use crate::progress::Progress;
use log_shipper::table::Table;

/// What is asked for: a list that the simulator's API makes of the database.
pub const WORK: &str = "/msgs?no=20";

/// How many replicas of each service there are, in turn.
const REPLICAS: [usize; 3] = [1, 2, 4];

/// How it is measured.
#[derive(Args)]
pub struct Settings {
    /// How often each side is measured; the sides take turns
    #[arg(long, value_name = "COUNT", default_value_t = 3)]
    rounds: u32,
    /// How long a round is
    #[arg(long, value_name = "SECONDS", default_value_t = 4)]
    seconds: u64,
    /// How many keep-alive connections ask at once
    #[arg(long, value_name = "COUNT", default_value_t = 16)]
    connections: u16,
}

/// What clients saw in a round.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    /// Requests per second.
    pub rate: f64,
    /// The time within which 99 of 100 were answered, in milliseconds.
    pub p99: f64,
    /// How many were not answered as they should be.
    pub errors: u64,
}

/// All that was measured.
#[derive(Default)]
pub struct Report {
    scenario: String,
    through: Vec<(usize, Vec<Figure>)>,
    beside: Vec<(Figure, Figure)>,
}

impl Figure {
    /// The figure of a round.
    #[must_use]
    pub fn of(round: &Round) -> Self {
        let p99 = round.latency.quantile(0.99).unwrap_or_default();
        Self { rate: round.rate(), p99: p99.as_secs_f64() * 1000.0, errors: round.errors.count() }
    }

    /// As clients print it.
    #[must_use]
    pub fn json(&self) -> Value {
        json!({ "rate": self.rate, "p99": self.p99, "errors": self.errors })
    }

    fn read(text: &str) -> anyhow::Result<Self> {
        let value: Value = serde_json::from_str(text)?;
        let number = |name: &str| value[name].as_f64().with_context(|| text.to_owned());
        let errors = value["errors"].as_u64().with_context(|| text.to_owned())?;
        Ok(Self { rate: number("rate")?, p99: number("p99")?, errors })
    }
}

/// Makes a swarm and measures; `None` where something is missing.
///
/// # Errors
/// The swarm cannot be made or asked.
pub async fn measure(settings: &Settings) -> anyhow::Result<Option<Report>> {
    let Some(images) = Images::of([own("minitwit")?, own("log-shipper")?]) else { return Ok(None) };
    let Some(swarm) = Swarm::of(images, "1").await? else { return Ok(None) };
    swarm.deploy("1").await?;
    let mut report = Report { scenario: play(&swarm).await?, ..Report::default() };
    let progress = Progress::new(u64::from(settings.rounds) * (REPLICAS.len() as u64 + 2));
    for replicas in REPLICAS {
        swarm.scale(replicas).await?;
        let mut figures = Vec::new();
        for _ in 0..settings.rounds {
            figures.push(settings.outside(&swarm).await?);
            progress.step(1);
        }
        report.through.push((replicas, figures));
        if replicas == 1 {
            report.beside = settings.beside_the_proxy(&swarm, &progress).await?;
        }
    }
    Ok(Some(report))
}

/// What the simulator saw, which gives up after 0.3 s; its messages are what is asked for afterwards.
async fn play(swarm: &Swarm) -> anyhow::Result<String> {
    let mut play = swarm.lan.command(own("simulate")?);
    play.arg(product("tests/data/scenario.tsv")).args(["--url", &format!("http://api.{HOST}")]);
    let played = tokio::process::Command::from(play).output().await?;
    let played = String::from_utf8(played.stdout)?;
    ensure!(played.contains("tweet"), "no scenario was played");
    Ok(played)
}

impl Settings {
    fn words(&self, address: &str) -> Vec<String> {
        let (connections, seconds) = (self.connections.to_string(), self.seconds.to_string());
        let words = ["clients", address, &format!("api.{HOST}"), "--connections", &connections, "--seconds", &seconds];
        words.map(str::to_owned).to_vec()
    }

    /// From where people are.
    async fn outside(&self, swarm: &Swarm) -> anyhow::Result<Figure> {
        let mut clients = swarm.lan.command(own("platform")?);
        Figure::read(&said(clients.args(self.words(&format!("{}:80", Lan::address(0))))).await?.0)
    }

    /// From where the proxy is: the only replica directly, and through the proxy.
    async fn beside_the_proxy(&self, swarm: &Swarm, progress: &Progress) -> anyhow::Result<Vec<(Figure, Figure)>> {
        let containers = swarm.containers().await?;
        let one = |service: &str| containers.iter().find(|container| container.service == service).cloned();
        let (proxy, api) = (one("proxy").context("a proxy runs")?, one("api").context("a replica runs")?);
        let shared = swarm.shared_address(&proxy, &api).await?;
        let mut pairs = Vec::new();
        for _ in 0..self.rounds {
            let direct = self.beside(swarm, &proxy, &format!("{shared}:8001")).await?;
            pairs.push((direct, self.beside(swarm, &proxy, "127.0.0.1:80").await?));
            progress.step(2);
        }
        Ok(pairs)
    }

    async fn beside(&self, swarm: &Swarm, container: &Container, address: &str) -> anyhow::Result<Figure> {
        let script = format!("exec {} {}", own("platform")?.display(), self.words(address).join(" "));
        Figure::read(&swarm.beside(container, &script).await?.context("the proxy runs")?)
    }
}

impl Report {
    /// How many requests were not answered as they should be.
    #[must_use]
    pub fn errors(&self) -> u64 {
        let beside = self.beside.iter().flat_map(|(direct, proxied)| [direct, proxied]);
        self.through.iter().flat_map(|(_, figures)| figures).chain(beside).map(|figure| figure.errors).sum()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "The simulator through the proxy, which gives up after 0.3 s:\n\n{}", self.scenario)?;
        writeln!(f, "GET {WORK} of the simulator's API, from another machine through the proxy, median of rounds:\n")?;
        let mut table = Table::new(["replicas", "req/s", "p99", "against 1 replica", "errors"], 0);
        let first = self.through.first().map_or(1.0, |(_, figures)| median(figures, |figure| figure.rate));
        for (replicas, figures) in &self.through {
            let (rate, p99) = (median(figures, |figure| figure.rate), median(figures, |figure| figure.p99));
            let errors: u64 = figures.iter().map(|figure| figure.errors).sum();
            let cells = [format!("{rate:.0}"), format!("{p99:.1} ms"), format!("{:.2}", rate / first)];
            let [rate, p99, against] = cells;
            table.row([replicas.to_string(), rate, p99, against, errors.to_string()]);
        }
        writeln!(f, "{table}")?;
        let ratios: Vec<f64> = self.beside.iter().map(|(direct, proxied)| proxied.rate / direct.rate).collect();
        let median = middle(ratios);
        writeln!(
            f,
            "Through the proxy / directly, 1 replica, on the proxy's own machine: {median:.2} of the requests per second"
        )
    }
}

fn median(figures: &[Figure], of: impl Fn(&Figure) -> f64) -> f64 {
    middle(figures.iter().map(of).collect())
}

fn middle(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    numbers.get(middle).copied().unwrap_or(f64::NAN)
}

/// A program that was built beside this one.
fn own(name: &str) -> anyhow::Result<PathBuf> {
    let file = std::env::current_exe()?.parent().map(|folder: &Path| folder.join(name)).context("a folder")?;
    ensure!(file.is_file(), "{} is missing: run `cargo build --release --workspace` first", file.display());
    Ok(file)
}
