//! Two replicas of the site, one beside the shipper and one in a container, and the shipper that reads both.

use std::fs;
use std::io;
use std::net::IpAddr;
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::Context;
use e2e::database::System;
use e2e::search_server::{Kind, SearchServer};
use e2e::shipper::Shipper;
use e2e::site::Site;
use e2e::testbed::Testbed;
use e2e::wait::until;
use serde_json::json;
use tokio::task::JoinSet;

use crate::docker::Container;
use crate::person::{Asked, Person};
use crate::play::{Doors, STAR, Secrets};

/// Far more than anything here takes.
pub const LIMIT: Duration = Duration::from_mins(3);

/// Where the shipper brings documents.
pub const TARGET: &str = "logs-minitwit-default";

/// The proxies are on this machine, and one before them; a busy machine is no reason to refuse anybody.
const OPTIONS: [&str; 6] = [
    "--trusted-proxies=127.0.0.0/8",
    "--trusted-proxies=10.9.0.0/16",
    "--request-timeout=60s",
    "--database-timeout=60s",
    "--header-timeout=60s",
    "--body-timeout=60s",
];

pub struct Stage {
    pub server: SearchServer,
    pub shipper: Shipper,
    sites: [Site; 2],
    container: JoinHandle<io::Result<u64>>,
    bed: Testbed,
}

/// People who are at it.
pub struct Crowd(JoinSet<anyhow::Result<Vec<Asked>>>);

impl Crowd {
    /// What each of them asked.
    pub async fn all(self) -> anyhow::Result<Vec<Vec<Asked>>> {
        self.0.join_all().await.into_iter().collect()
    }
}

impl Stage {
    /// Everything runs but the shipper; `None` where something is missing.
    pub async fn set() -> anyhow::Result<Option<Self>> {
        let Some(mut bed) = Testbed::new()? else { return Ok(None) };
        let Some(server) = SearchServer::start(Kind::Elasticsearch, &[]).await? else { return Ok(None) };
        let Some(mut shipper) = Shipper::to(&server, TARGET)? else { return Ok(None) };
        shipper.set_up(&server).await?;
        let url = bed.databases.create(&System::Sqlite, "site").await?;
        let folder = bed.databases.folder().to_owned();
        let (root, (output, stdout)) = (folder.join("containers"), io::pipe()?);
        let container = Container::run(&root, "minitwit")?.follow(output);
        shipper.set("files", &folder.join("site-1.log").display().to_string());
        shipper.set("docker-root", &root.display().to_string());
        let beside = bed.site(&url, &OPTIONS).await?;
        let complaints = folder.join("complaints");
        let within = Site::start_printing(&bed.program, &url, &OPTIONS, stdout.into(), complaints).await?;
        Ok(Some(Self { server, shipper, sites: [beside, within], container, bed }))
    }

    /// The one whom everybody follows.
    pub async fn welcome_the_star(&self, secrets: &Secrets) -> anyhow::Result<Vec<Asked>> {
        let mut star = Person::new(STAR.to_owned(), None);
        star.be_simulated(doors(&self.sites[0]), secrets).await?;
        Ok(star.asked)
    }

    /// So many people on each site, and as many for whom the simulator acts. Every third of them is behind no proxy.
    pub fn crowd(&self, name: &str, people: usize, secrets: &Secrets) -> Crowd {
        let mut crowd = JoinSet::new();
        for (number, site) in (0..people * 4).zip(self.sites.iter().cycle()) {
            let (doors, secrets) = (doors(site), secrets.clone());
            let mut person = Person::new(format!("{name} {number}"), address(name, number));
            crowd.spawn(async move {
                match number / 2 % 2 {
                    0 => person.visit(doors, &secrets).await?,
                    _ => person.be_simulated(doors, &secrets).await?,
                }
                Ok(person.asked)
            });
        }
        Crowd(crowd)
    }

    /// Ends the sites and then the shipper, which has brought everything by then; gives how many lines were printed.
    pub async fn close(&mut self) -> anyhow::Result<u64> {
        for site in &mut self.sites {
            site.server.signal("TERM")?;
            site.server.end().await?;
        }
        until("the container's log is whole", LIMIT, async || Ok(self.container.is_finished())).await?;
        let nobody = std::thread::spawn(|| Ok(0));
        let contained = std::mem::replace(&mut self.container, nobody).join();
        let beside = fs::read_to_string(self.bed.databases.folder().join("site-1.log"))?.lines().count();
        let lines = beside as u64 + contained.ok().context("the container's log is written")??;
        let there = async || Ok(self.server.count(TARGET, &json!({ "match_all": {} })).await? >= lines);
        until("all lines are documents", LIMIT, there).await?;
        self.shipper.stop().await?;
        self.shipper.rests().await?;
        Ok(lines)
    }
}

fn doors(site: &Site) -> Doors {
    Doors { web: site.web, api: site.api }
}

/// Some of one kind, some of the other.
fn address(name: &str, number: usize) -> Option<IpAddr> {
    let crowd = name.len() + usize::from(name.as_bytes()[0]);
    let text = match number % 3 {
        0 => return None,
        1 => format!("203.0.113.{number}"),
        _ => format!("2001:db8::{crowd:x}:{number:x}"),
    };
    text.parse().ok()
}
