//! The platform as Prometheus sees it: two replicas of the site, the shipper, the servers behind them and their exporters.

use std::fs;
use std::net::SocketAddr;

use anyhow::{Context, ensure};
use e2e::api_client::ApiClient;
use e2e::monitoring::{Alertmanager, Exporter, Pace, Places, Prometheus, Receiver, Watched};
use e2e::search_server::{Kind, SearchServer, User};
use e2e::seed::PASSWORD;
use e2e::server::Server;
use e2e::shipper::Shipper;
use e2e::site::Site;
use e2e::testbed::Testbed;
use e2e::visitor::Visitor;
use minitwit::clock::Clock;

use crate::stage::Stage;

const TARGET: &str = "logs-minitwit-default";

/// As fast as it goes.
pub const FAST: Pace = Pace { every: "1s", speed: 15 };

/// The PostgreSQL exporter takes a second to find that there is none.
pub const BRISK: Pace = Pace { every: "2s", speed: 7 };

/// Whoever is scraped so often waits for no database until the next time.
pub const SITE: [&str; 1] = ["--database-timeout=400ms"];

/// All of it; nothing runs longer than this.
pub struct Platform {
    pub prometheus: Prometheus,
    pub alertmanager: Alertmanager,
    pub receiver: Receiver,
    pub shipper: Shipper,
    pub web: Site,
    pub api: Site,
    pub bed: Testbed,
    pub stage: Stage,
    _standby: Server,
    _exporters: Vec<Exporter>,
    _server: SearchServer,
}

impl Platform {
    /// Starts it, lets people use it, and waits until Prometheus has seen that; `None` where something is missing.
    pub async fn start(pace: Pace) -> anyhow::Result<Option<Self>> {
        let Some(stage) = Stage::set().await? else { return Ok(None) };
        let Some(mut bed) = Testbed::new()? else { return Ok(None) };
        let Some(server) = SearchServer::start(Kind::Elasticsearch, &[]).await? else { return Ok(None) };
        let Some(mut shipper) = Shipper::to(&server, TARGET)? else { return Ok(None) };
        shipper.set_up(&server).await?;
        shipper.set("files", &bed.databases.folder().join("site-*.log").display().to_string());
        stage.run("SELECT pg_create_physical_replication_slot('standby')").await?;
        let standby = stage.cluster.read_along("standby")?;
        let web = bed.site(&stage.url(), &SITE).await?;
        let api = bed.site(&stage.url(), &SITE).await?;
        shipper.start().await?;
        let Some(mut exporters) = exporters(&stage, &server, &bed).await? else { return Ok(None) };
        let receiver = Receiver::start().await?;
        let Some(alertmanager) = Alertmanager::start(&receiver).await? else { return Ok(None) };
        let mut places = Places::default();
        places.add("tasks.web:9000", web.ops).add("tasks.api:9000", api.ops);
        places.add("tasks.log-shipper:9001", shipper.operations()).add("alertmanager:9093", alertmanager.address);
        for (exporter, name) in exporters.iter().zip(EXPORTERS) {
            places.add(name, exporter.address);
        }
        let Some(proxy) = Exporter::behind_tls().await? else { return Ok(None) };
        places.put("https://proxy/public", &format!("https://{}/", proxy.address));
        exporters.push(proxy);
        let Some(prometheus) = Prometheus::start(&places, pace, tempfile::tempdir()?).await? else { return Ok(None) };
        let platform = Self {
            prometheus,
            alertmanager,
            receiver,
            shipper,
            web,
            api,
            bed,
            stage,
            _standby: standby,
            _exporters: exporters,
            _server: server,
        };
        platform.is_used().await?;
        Ok(Some(platform))
    }

    /// People come twice, since a counter that begins with them has not grown yet.
    async fn is_used(&self) -> anyhow::Result<()> {
        for name in ["ada", "eve"] {
            be_used(self.web.web, ApiClient(self.api.api), name).await?;
            self.prometheus.sees_everything().await?;
        }
        // Some rules record what others make of what yet others record.
        for what in ["rates", "sums of rates", "shares of sums"] {
            self.prometheus.evaluates_all_rules().await.context(what)?;
        }
        Ok(())
    }
}

const EXPORTERS: [&str; 4] =
    ["tasks.node-exporter:9100", "postgres-exporter:9187", "elasticsearch-exporter:9114", "blackbox-exporter:9115"];

async fn exporters(stage: &Stage, server: &SearchServer, bed: &Testbed) -> anyhow::Result<Option<Vec<Exporter>>> {
    let texts = bed.databases.folder().join("texts");
    fs::create_dir(&texts)?;
    let now = Clock::default().now() / 1_000_000;
    fs::write(texts.join("backup.prom"), format!("minitwit_backup_last_success_timestamp_seconds {now}\n"))?;
    let admin = server.credentials(User::Admin).context("it asks who somebody is")?;
    let search = server.url();
    let postgres = format!("{}?sslmode=disable", stage.url());
    let all = [
        Watched::Node(&texts),
        Watched::Postgres(&postgres),
        Watched::Elasticsearch(&search, admin),
        Watched::BlackBox,
    ];
    let mut exporters = Vec::new();
    for watched in all {
        let Some(exporter) = Exporter::start(watched).await? else { return Ok(None) };
        exporters.push(exporter);
    }
    Ok(Some(exporters))
}

/// Something of everything that is counted, by a person and by the simulator.
async fn be_used(web: SocketAddr, simulator: ApiClient, name: &str) -> anyhow::Result<()> {
    let mut person = Visitor::default();
    let email = format!("{name}@minitwit.example");
    let account = [("username", name), ("email", &email), ("password", PASSWORD), ("password2", PASSWORD)];
    person.submit(web, "/register", &account).await?;
    person.sign_in(web, name, "wrong").await?;
    ensure!(person.sign_in(web, name, PASSWORD).await?.status().is_redirection(), "{name} cannot sign in");
    person.post(web, "first").await?;
    let friend = format!("friend of {name}");
    simulator.register(&friend, 1).await?;
    simulator.tweet(&friend, "hello", 2).await?;
    simulator.relate(&friend, "follow", name, 3).await?;
    simulator.relate(&friend, "unfollow", name, 4).await?;
    simulator.tweet("nobody", "hello", 5).await?;
    for verb in ["follow", "unfollow"] {
        person.submit(web, &format!("/{}/{verb}", friend.replace(' ', "%20")), &[]).await?;
    }
    person.open(web, "/no/such/page").await?;
    person.open(web, "/").await.map(drop)
}
