//! A real Prometheus with the product's configuration and rules.

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, ensure};
use http::{Request, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::speed::hasten;
use super::{Places, product};
use crate::http_client::fetch;
use crate::need;
use crate::server::{Server, free_addresses};
use crate::wait::until;

const PATIENCE: Duration = Duration::from_mins(2);

/// How fast it goes.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How often it scrapes and evaluates.
    pub every: &'static str,
    /// How many times as fast as in the product time goes for rules.
    pub speed: u64,
}

/// One of its series, with its value at a time.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// All labels, `__name__` included.
    pub labels: BTreeMap<String, String>,
    /// The value.
    pub value: f64,
}

/// A server with its data in a folder of its own; killed when it is dropped.
pub struct Prometheus {
    server: Server,
    address: SocketAddr,
    _folder: TempDir,
}

impl Prometheus {
    /// Starts one that finds its targets at `places`; blocks that lie in `folder/data` are its past. `None` where it is not
    /// installed.
    pub async fn start(places: &Places, pace: Pace, folder: TempDir) -> anyhow::Result<Option<Self>> {
        let Some(program) = need::installed("Prometheus", &["prometheus"]) else { return Ok(None) };
        let [address] = free_addresses()?;
        let mut places = places.clone();
        places.add("localhost:9090", address);
        let config = folder.path().join("prometheus.json");
        fs::write(&config, configuration(&places, pace, folder.path())?.to_string())?;
        let mut command = Command::new(program);
        command.arg(format!("--config.file={}", config.display()));
        command.arg(format!("--storage.tsdb.path={}", folder.path().join("data").display()));
        command.arg(format!("--web.listen-address={address}"));
        command.args(["--enable-feature=expand-external-labels", "--storage.tsdb.retention.time=40d"]);
        // How long Alertmanager believes it after its last word is four times as long.
        command.arg(format!("--rules.alert.resend-delay={}", pace.every));
        command.env("GRAFANA_URL", "https://grafana.example").env("KIBANA_URL", "https://kibana.example");
        command.env("RUNBOOKS_URL", "https://runbooks.example");
        let mut server = Server::start(command, folder.path().join("log"))?;
        server.wait_until(address, "/-/ready", StatusCode::OK).await?;
        Ok(Some(Self { server, address, _folder: folder }))
    }

    /// Its process.
    pub fn server(&mut self) -> &mut Server {
        &mut self.server
    }

    /// The value of an expression at a time, in seconds since 1970; now, if there is none.
    ///
    /// # Errors
    /// It does not understand the expression, or the result is no vector and no number.
    pub async fn query(&self, expression: &str, at: Option<f64>) -> anyhow::Result<Vec<Series>> {
        let mut form = vec![("query", expression.to_owned())];
        form.extend(at.map(|at| ("time", at.to_string())));
        let answer = self.ask("/api/v1/query", &form).await.with_context(|| expression.to_owned())?;
        let data = &answer["data"];
        match data["resultType"].as_str() {
            Some("scalar") => Ok(vec![Series { labels: BTreeMap::new(), value: number(&data["result"][1])? }]),
            _ => data["result"].as_array().context("a result is a list")?.iter().map(series).collect(),
        }
    }

    /// The labels of all series that fit a selector and had a sample within the last hour.
    pub async fn series(&self, selector: &str) -> anyhow::Result<Vec<BTreeMap<String, String>>> {
        let form = [("match[]", selector.to_owned())];
        let answer = self.ask("/api/v1/series", &form).await.with_context(|| selector.to_owned())?;
        Ok(serde_json::from_value(answer["data"].clone())?)
    }

    /// All names of series, with their types as their exporters say.
    pub async fn metadata(&self) -> anyhow::Result<BTreeMap<String, String>> {
        let answer = self.ask("/api/v1/metadata", &[]).await?;
        let types = answer["data"].as_object().context("metadata has names")?.iter();
        Ok(types.map(|(name, said)| (name.clone(), said[0]["type"].as_str().unwrap_or_default().to_owned())).collect())
    }

    /// Waits until every target has been scraped some times and is up.
    pub async fn sees_everything(&self) -> anyhow::Result<()> {
        let what = "every target is up";
        let seen = until(what, PATIENCE, async || Ok(self.down().await?.is_empty())).await;
        if let Err(error) = seen {
            return Err(error.context(format!("{:?}", self.down().await?)));
        }
        let often = async || {
            let scrapes = self.query("min(count_over_time(up[1h]))", None).await?;
            Ok(scrapes.iter().any(|scrapes| scrapes.value > 4.0))
        };
        until("every target has been scraped some times", PATIENCE, often).await.map(drop)
    }

    /// Waits until every rule has been evaluated once more.
    pub async fn evaluates_all_rules(&self) -> anyhow::Result<()> {
        let begin = self.evaluated().await?;
        let what = "every rule is evaluated once more";
        let again = async || {
            let now = self.evaluated().await?;
            Ok(now.len() == begin.len() && now.iter().zip(&begin).all(|(now, begin)| now > begin))
        };
        until(what, PATIENCE, again).await.map(drop)
    }

    /// When each group of rules was evaluated last.
    async fn evaluated(&self) -> anyhow::Result<Vec<String>> {
        let answer = self.ask("/api/v1/rules", &[]).await?;
        let groups = answer["data"]["groups"].as_array().context("there are groups of rules")?;
        Ok(groups.iter().map(|group| group["lastEvaluation"].as_str().unwrap_or_default().to_owned()).collect())
    }

    async fn down(&self) -> anyhow::Result<Vec<String>> {
        let answer = self.ask("/api/v1/targets", &[]).await?;
        let targets = answer["data"]["activeTargets"].as_array().context("there are targets")?;
        if targets.is_empty() {
            return Ok(vec!["it has found no targets yet".to_owned()]);
        }
        let down = targets.iter().filter(|target| target["health"] != "up");
        Ok(down.map(|target| format!("{}: {}", target["scrapeUrl"], target["lastError"])).collect())
    }

    async fn ask(&self, path: &str, form: &[(&str, String)]) -> anyhow::Result<Value> {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        // What it does not offer by POST has no form.
        let method = if form.is_empty() { "GET" } else { "POST" };
        let ask = Request::builder().method(method).uri(path).header("host", self.address.to_string());
        let ask = ask.header("content-type", "application/x-www-form-urlencoded").body(body.into_bytes().into())?;
        let answer = fetch(self.address, ask).await?;
        let text = String::from_utf8_lossy(answer.body());
        ensure!(answer.status() == StatusCode::OK, "{}: {text}", answer.status());
        Ok(serde_json::from_str(&text)?)
    }
}

fn series(result: &Value) -> anyhow::Result<Series> {
    Ok(Series { labels: serde_json::from_value(result["metric"].clone())?, value: number(&result["value"][1])? })
}

fn number(value: &Value) -> anyhow::Result<f64> {
    Ok(value.as_str().context("a value is written as text")?.parse()?)
}

/// The product's configuration, with the addresses of `places`, in a folder beside the rules.
fn configuration(places: &Places, pace: Pace, folder: &Path) -> anyhow::Result<Value> {
    let source = fs::read_to_string(product("alerts/prometheus.yml"))?;
    let mut config: Value = serde_saphyr::from_str(&source)?;
    places.put_into(&mut config)?;
    for interval in ["scrape_interval", "scrape_timeout", "evaluation_interval"] {
        config["global"][interval] = json!(pace.every);
    }
    config["rule_files"] = json!([format!("{}/rules/*", folder.display())]);
    copy("alerts/rules", &folder.join("rules"), |rules| hasten(rules, pace.speed))?;
    copy("alerts/probes", &folder.join("probes"), |probes| places.put_into(probes))?;
    Ok(config)
}

/// Copies a folder of the product's YAML, with something changed.
fn copy(from: &str, to: &Path, change: impl Fn(&mut Value) -> anyhow::Result<()>) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(product(from))? {
        let path = entry?.path();
        let mut content: Value = serde_saphyr::from_str(&fs::read_to_string(&path)?)?;
        change(&mut content)?;
        fs::write(to.join(path.file_name().context("a file has a name")?), content.to_string())?;
    }
    Ok(())
}
