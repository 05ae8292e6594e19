//! A real Alertmanager with the product's routes and templates, which tells a receiver of ours.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};
use http::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Receiver, product};
use crate::http_client::{fetch, get};
use crate::need;
use crate::server::{Server, free_addresses};

/// An alert that it knows.
#[derive(Clone, Debug)]
pub struct Heard {
    /// Its name.
    pub name: String,
    /// All its labels.
    pub labels: Value,
    /// Whether somebody is told.
    pub is_told: bool,
    /// Who would be.
    pub receivers: Vec<String>,
}

/// A server with its data in a folder of its own; killed when it is dropped.
pub struct Alertmanager {
    /// Where it answers.
    pub address: SocketAddr,
    _server: Server,
    _folder: TempDir,
}

impl Alertmanager {
    /// Starts one whose webhooks are all at `receiver`, each under the name of its secret, and its mail too. It waits for
    /// nobody, and holds nothing back for the night. `None` where it is not installed.
    pub async fn start(receiver: &Receiver) -> anyhow::Result<Option<Self>> {
        let what = "Alertmanager";
        let Some(program) = need::installed(what, &["prometheus-alertmanager", "alertmanager"]) else {
            return Ok(None);
        };
        let folder = tempfile::tempdir()?;
        let [address] = free_addresses()?;
        let config = folder.path().join("alertmanager.json");
        fs::write(&config, configuration(folder.path(), receiver)?.to_string())?;
        let mut command = Command::new(program);
        command.arg(format!("--config.file={}", config.display()));
        command.arg(format!("--storage.path={}", folder.path().join("data").display()));
        command.args([&format!("--web.listen-address={address}"), "--cluster.listen-address="]);
        command.arg("--web.external-url=https://alertmanager.example");
        let mut server = Server::start(command, folder.path().join("log"))?;
        server.wait_until(address, "/-/ready", StatusCode::OK).await?;
        Ok(Some(Self { address, _server: server, _folder: folder }))
    }

    /// All alerts that it knows of.
    pub async fn heard(&self) -> anyhow::Result<Vec<Heard>> {
        let answer = fetch(self.address, get(self.address, "/api/v2/alerts")?).await?;
        ensure!(answer.status() == StatusCode::OK, "{}", answer.status());
        let alerts: Vec<Value> = serde_json::from_slice(answer.body())?;
        alerts.iter().map(heard).collect()
    }
}

fn heard(alert: &Value) -> anyhow::Result<Heard> {
    let receivers = alert["receivers"].as_array().context("an alert has receivers")?.iter();
    Ok(Heard {
        name: alert["labels"]["alertname"].as_str().context("an alert has a name")?.to_owned(),
        is_told: alert["status"]["state"] == "active",
        receivers: receivers.filter_map(|receiver| Some(receiver["name"].as_str()?.to_owned())).collect(),
        labels: alert["labels"].clone(),
    })
}

fn configuration(folder: &Path, receiver: &Receiver) -> anyhow::Result<Value> {
    let mut config: Value = serde_saphyr::from_str(&fs::read_to_string(product("alerts/alertmanager.yml"))?)?;
    fs::create_dir(folder.join("secrets"))?;
    adapt(&mut config, folder, receiver.address)?;
    config["global"]["smtp_smarthost"] = json!(receiver.mail.to_string());
    config["global"]["smtp_require_tls"] = json!(false);
    config["templates"] = json!([product("alerts/templates/*.tmpl").display().to_string()]);
    Ok(config)
}

/// What is said again each minute says that it is still there.
fn is_minute(key: &str, value: &Value) -> bool {
    key == "repeat_interval" && value == "1m"
}

/// Secrets are files here too: each URL is the receiver's, and anything else a word.
fn adapt(config: &mut Value, folder: &Path, receiver: SocketAddr) -> anyhow::Result<()> {
    match config {
        Value::Object(members) => {
            members.remove("mute_time_intervals");
            members.remove("active_time_intervals");
            for (key, value) in members {
                if let (true, Some(path)) = (key.ends_with("_file"), value.as_str()) {
                    let name = path.rsplit('/').next().context("a path has a name")?;
                    let secret =
                        if key.ends_with("url_file") { format!("http://{receiver}/{name}") } else { "word".into() };
                    let file = folder.join("secrets").join(name);
                    fs::write(&file, secret)?;
                    *value = json!(file);
                } else if ["group_wait", "group_interval"].contains(&key.as_str()) || is_minute(key, value) {
                    *value = json!("1s");
                } else {
                    adapt(value, folder, receiver)?;
                }
            }
            Ok(())
        }
        Value::Array(values) => values.iter_mut().try_for_each(|value| adapt(value, folder, receiver)),
        _ => Ok(()),
    }
}
