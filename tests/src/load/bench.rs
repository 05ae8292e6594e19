//! The bench on which the sides are set up: databases, servers, and the order of the rounds.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::ensure;

use crate::bare::{self, Answer};
use crate::database::{Databases, System};
use crate::load::comparison::{Comparison, Measured, Side, Subject};
use crate::load::settings::Settings;
use crate::progress::Progress;
use crate::seed::Plan;
use crate::server::Server;
use crate::site::{Site, program_beside_this};

/// The first requests find cold caches and unopened connections, and do not count.
const WARM_UP: Duration = Duration::from_secs(1);

/// All that a measurement needs.
pub struct Bench<'a> {
    /// What was asked for.
    pub settings: &'a Settings,
    /// Shown while it runs.
    pub progress: Progress,
    databases: &'a mut Databases,
    program: PathBuf,
    logs: u32,
}

impl<'a> Bench<'a> {
    /// A bench for the site's program that the settings name; it must be there.
    pub fn new(settings: &'a Settings, databases: &'a mut Databases) -> anyhow::Result<Self> {
        let program = settings.site.clone().map_or_else(program_beside_this, Ok)?;
        let shown = program.display();
        ensure!(program.is_file(), "there is no {shown}: run `cargo build --release` first, or name it with --site");
        let progress = Progress::new(1);
        progress.show();
        Ok(Self { settings, progress, databases, program, logs: 0 })
    }

    /// The URL of a seeded database.
    pub async fn database(&mut self, system: &System, label: &'static str, plan: Plan) -> anyhow::Result<String> {
        self.progress.restart(1);
        self.progress.say(format!("{}: seeding {} messages", system.name(), plan.messages));
        self.databases.seeded(system, label, plan).await
    }

    /// The site on the usual database.
    pub async fn usual_site(&mut self, system: &System) -> anyhow::Result<Site> {
        let url = self.database(system, "usual", self.settings.plan()).await?;
        self.site(&url, &[]).await
    }

    /// The site on a database, with further options.
    pub async fn site(&mut self, database_url: &str, options: &[&str]) -> anyhow::Result<Site> {
        let log = self.log();
        Site::start(&self.program, database_url, options, log).await
    }

    /// A bare server.
    pub async fn bare(&mut self, answer: &Answer) -> anyhow::Result<(SocketAddr, Server)> {
        let log = self.log();
        bare::start(answer, log).await
    }

    /// Lets both sides work in turn, once to warm up, and then for the rounds that count.
    pub async fn compare(&self, subject: Subject, mut sides: [Side<'_>; 2]) -> anyhow::Result<Comparison> {
        let Settings { rounds, length, connections, .. } = *self.settings;
        self.progress.restart(u64::from(rounds + 1) * 2);
        let mut measured = [(); 2].map(|()| Measured::default());
        for number in 0..=rounds {
            let warm_up = number == 0;
            for (side, measured) in sides.iter_mut().zip(&mut measured) {
                self.progress.say(format!("{}, {}: {}", subject.work, subject.database, side.name));
                let before = side.usage()?;
                let round = side.round(connections, if warm_up { length.min(WARM_UP) } else { length }).await?;
                let after = side.usage()?;
                if !warm_up {
                    measured.add(side.name, round, before.zip(after));
                }
                self.progress.step(1);
            }
        }
        Ok(Comparison { subject, sides: measured })
    }

    fn log(&mut self) -> PathBuf {
        self.logs += 1;
        self.databases.folder().join(format!("server-{}.log", self.logs))
    }
}
