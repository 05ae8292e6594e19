//! Lines of real programs, each known by where it stands: two replicas of the site, one for pages and one for the API, a
//! container, and the shipper itself.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, ensure};
use e2e::api_client::ApiClient;
use e2e::http_client::{fetch, get};
use e2e::search_server::{Kind, SearchServer, User};
use e2e::seed::PASSWORD;
use e2e::shipper::Shipper;
use e2e::site::Site;
use e2e::testbed::Testbed;
use e2e::visitor::Visitor;
use e2e::wait::until;
use elasticsearch::http::Method;
use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_mins(2);
const TARGET: &str = "logs-minitwit-default";
const CONTAINER: &str = "c0ffeec0ffeec0ffeec0ffeec0ffeec0ffeec0ffeec0ffeec0ffeec0ffeec0ff";

/// Who wrote a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writer {
    Pages,
    Api,
    Container,
    Shipper,
}

/// A line, as a document would have it.
pub struct Line {
    /// File and offset.
    pub place: (String, u64),
    pub writer: Writer,
    pub value: Value,
}

/// All of them, and where they are stored.
pub struct Lines {
    pub server: SearchServer,
    pub target: String,
    pub all: Vec<Line>,
    _shipper: Shipper,
}

impl Lines {
    /// Lets the programs write, and the shipper bring it all; `None` where something is missing.
    pub async fn write() -> anyhow::Result<Option<Self>> {
        let Some(mut bed) = Testbed::new()? else { return Ok(None) };
        let Some(server) = SearchServer::start(Kind::Elasticsearch, &[]).await? else { return Ok(None) };
        let Some(mut shipper) = Shipper::to(&server, TARGET)? else { return Ok(None) };
        shipper.set_up(&server).await?;
        let folder = bed.databases.folder().to_owned();
        site(&mut bed).await?;
        fs::write(folder.join("odd.log"), odd(&folder.join("site-1.log"))?)?;
        let log = container(&folder)?;
        fs::write(folder.join("shipper.log"), trouble(&mut shipper, &server).await?)?;
        let writers = [
            ("site-1.log", Writer::Pages),
            ("site-2.log", Writer::Api),
            ("odd.log", Writer::Pages),
            ("shipper.log", Writer::Shipper),
        ];
        let mut all = Vec::new();
        for (name, writer) in writers {
            all.extend(of_file(&folder.join(name), writer)?);
        }
        all.extend(of_container(&log)?);
        shipper.set("files", &folder.join("*.log").display().to_string());
        shipper.set("docker-root", &folder.join("containers").display().to_string());
        shipper.start().await?;
        Ok(Some(Self { server, target: TARGET.to_owned(), all, _shipper: shipper }))
    }

    /// Where the lines stand that a query finds.
    pub async fn found_by(&self, query: &Value) -> anyhow::Result<BTreeSet<(String, u64)>> {
        let body = json!({ "size": 1_000, "query": query, "_source": ["log.file.path", "log.offset"] });
        let answer = self.server.tell(Method::Post, &format!("/{TARGET}/_search"), Some(body.to_string())).await?;
        let hits = answer["hits"]["hits"].as_array().context("a search has hits")?;
        let place = |hit: &Value| {
            let source = &hit["_source"];
            Some((source["log.file.path"].as_str()?.to_owned(), source["log.offset"].as_u64()?))
        };
        hits.iter().map(|hit| place(hit).with_context(|| hit.to_string())).collect()
    }
}

/// People use one replica, the simulator the other; both end.
async fn site(bed: &mut Testbed) -> anyhow::Result<()> {
    let url = bed.databases.create(&e2e::database::System::Sqlite, "site").await?;
    let (mut pages, mut api) = (bed.site(&url, &[]).await?, bed.site(&url, &[]).await?);
    visit(&pages).await?;
    simulate(&api).await?;
    for site in [&mut pages, &mut api] {
        site.server.signal("TERM")?;
        site.server.end().await?;
    }
    Ok(())
}

async fn visit(site: &Site) -> anyhow::Result<()> {
    let mut ada = Visitor::default();
    let account =
        [("username", "ada"), ("email", "ada@minitwit.example"), ("password", PASSWORD), ("password2", PASSWORD)];
    for _ in 0..2 {
        ada.submit(site.web, "/register", &account).await?;
    }
    ada.submit(site.web, "/register", &[("username", "x")]).await?;
    for _ in 0..12 {
        ada.sign_in(site.web, "ada", "wrong").await?;
    }
    let mut bob = Visitor::default();
    let account =
        [("username", "bob"), ("email", "bob@minitwit.example"), ("password", PASSWORD), ("password2", PASSWORD)];
    bob.submit(site.web, "/register", &account).await?;
    ensure!(bob.sign_in(site.web, "bob", PASSWORD).await?.status().is_redirection(), "bob cannot sign in");
    bob.post(site.web, "hello").await?;
    bob.submit(site.web, "/ada/follow", &[]).await?;
    for path in ["/", "/public", "/ada", "/no/such/page", "/static/none.css"] {
        bob.open(site.web, path).await?;
    }
    bob.submit(site.web, "/logout", &[]).await.map(drop)
}

async fn simulate(site: &Site) -> anyhow::Result<()> {
    let simulator = ApiClient(site.api);
    for (latest, name) in (1..).zip(["eve", "eve", "kim"]) {
        simulator.register(name, latest).await?;
    }
    simulator.tweet("eve", "hello", 4).await?;
    simulator.tweet("nobody", "hello", 5).await?;
    simulator.relate("eve", "follow", "kim", 6).await?;
    simulator.relate("eve", "follow", "nobody", 7).await?;
    for path in ["/msgs", "/latest", "/msgs/nobody", "/no/such/path"] {
        simulator.get(path).await?;
    }
    // Without the credential.
    fetch(site.api, get(site.api, "/msgs")?).await.map(drop)
}

/// Lines like one of the site, of requests that failed or took long.
fn odd(log: &Path) -> anyhow::Result<String> {
    let text = fs::read_to_string(log)?;
    let public = text.lines().find(|line| line.contains("GET /public")).context("somebody has asked for /public")?;
    let mut odd = Vec::new();
    for (status, duration) in [(500, 2_000_000), (503, 2_100_000_000_u64), (200, 300_000_001), (200, 300_000_000)] {
        let mut line: Value = serde_json::from_str(public)?;
        line["http"]["response"]["status_code"] = json!(status);
        line["event"]["duration"] = json!(duration);
        odd.push(format!("{line}\n"));
    }
    Ok(odd.concat())
}

/// What another program prints, as Docker keeps it.
fn container(folder: &Path) -> anyhow::Result<PathBuf> {
    let folder = folder.join("containers").join(CONTAINER);
    fs::create_dir_all(&folder)?;
    let config = json!({ "ID": CONTAINER, "Name": "/postgres", "Config": { "Image": "postgres:17", "Labels": {} } });
    fs::write(folder.join("config.v2.json"), config.to_string())?;
    let log = folder.join(format!("{CONTAINER}-json.log"));
    let entries = ["LOG:  checkpoint starting: time", "FATAL:  no such role"].map(
        |text| json!({ "log": format!("{text}\n"), "stream": "stderr", "time": "2026-11-28T12:00:00.000000001Z" }),
    );
    fs::write(&log, entries.map(|entry| format!("{entry}\n")).concat())?;
    Ok(log)
}

/// What the shipper says while nobody lets it in.
async fn trouble(shipper: &mut Shipper, server: &SearchServer) -> anyhow::Result<String> {
    shipper.log_in(Some((User::Shipper.name(), "not the password")))?;
    shipper.set("files", &product_file());
    shipper.start().await?;
    let complains = async || Ok(shipper.said()?.contains(r#""level":"warn""#));
    until("the shipper complains", PATIENCE, complains).await?;
    shipper.kill();
    shipper.log_in(server.credentials(User::Shipper))?;
    let said = shipper.said()?;
    let lines: Vec<&str> = said.split_inclusive('\n').filter(|line| line.starts_with('{')).collect();
    Ok(lines.concat())
}

/// Something to send.
fn product_file() -> String {
    e2e::monitoring::product("README.md").display().to_string()
}

fn of_file(path: &Path, writer: Writer) -> anyhow::Result<Vec<Line>> {
    let mut offset = 0;
    let mut lines = Vec::new();
    for line in fs::read_to_string(path)?.lines() {
        let value = serde_json::from_str(line).unwrap_or_else(|_| json!({ "message": line }));
        lines.push(Line { place: (path.display().to_string(), offset), writer, value });
        offset += line.len() as u64 + 1;
    }
    Ok(lines)
}

fn of_container(log: &Path) -> anyhow::Result<Vec<Line>> {
    of_file(log, Writer::Container)
}
