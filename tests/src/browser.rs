//! Chromium with a new, empty profile, driven through its own driver.

mod axe;
mod devtools;
mod log;
mod wish;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Context;
use fantoccini::{Client, ClientBuilder};
use http::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::need;
use crate::server::{Server, free_addresses};
use crate::wait::until;
pub use axe::{Axe, Violation};
pub use wish::{Scheme, Wish};

const PATIENCE: Duration = Duration::from_secs(20);

/// Where the two programs are.
#[derive(Clone, Debug)]
pub struct Programs {
    /// Chromium.
    pub chromium: PathBuf,
    /// `chromedriver`.
    pub driver: PathBuf,
}

impl Programs {
    /// Those of the machine, or `None` where one is missing.
    #[must_use]
    pub fn find() -> Option<Self> {
        let chromium = need::installed("Chromium", &["chromium", "chromium-browser"])?;
        Some(Self { chromium, driver: need::installed("chromedriver", &["chromedriver"])? })
    }
}

/// A running Chromium. Dropping it ends it and removes its profile.
pub struct Browser {
    /// The session with its driver.
    pub client: Client,
    process: Option<u64>,
    driver: Option<Server>,
    _profile: TempDir,
}

impl Browser {
    /// Starts Chromium as `wish` says.
    pub async fn open(programs: &Programs, wish: Wish) -> anyhow::Result<Self> {
        let profile = tempfile::Builder::new().prefix("minitwit-browser-").tempdir()?;
        let (driver, address) = start_driver(&programs.driver, profile.path()).await?;
        let capabilities = wish.capabilities(&programs.chromium, profile.path());
        let client = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://{address}"))
            .await
            .context("Chromium does not start")?;
        let process = client.capabilities().and_then(|all| all.get("goog:processID")).and_then(Value::as_u64);
        let browser = Self { client, process, driver: Some(driver), _profile: profile };
        browser.look(wish).await?;
        Ok(browser)
    }

    /// Changes width, height and colour scheme of the open page.
    pub async fn look(&self, wish: Wish) -> anyhow::Result<()> {
        let size = json!({ "width": wish.width, "height": wish.height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await?;
        let scheme = json!({ "features": [{ "name": "prefers-color-scheme", "value": wish.scheme.name() }] });
        self.devtools("Emulation.setEmulatedMedia", scheme).await?;
        Ok(())
    }

    /// Does what leads to another page, and waits until that one is there.
    pub async fn follow<T>(&self, action: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<()> {
        self.client.execute("window.minitwitLeft = true", Vec::new()).await?;
        action.await?;
        let arrived = "return !window.minitwitLeft && document.readyState === 'complete'";
        // While one page goes and the other comes there may be no place to run a script in.
        let here = async || Ok(matches!(self.client.execute(arrived, Vec::new()).await, Ok(Value::Bool(true))));
        until("another page is there", PATIENCE, here).await.map(drop)
    }

    /// What a script returns; it runs whatever the page's policy says of the page's own scripts.
    pub async fn script(&self, body: &str) -> anyhow::Result<Value> {
        Ok(self.client.execute(body, Vec::new()).await?)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Chromium ends when its driver does, because the pipe between them breaks; the profile is its until then.
        drop(self.driver.take());
        let Some(process) = self.process else { return };
        let deadline = Instant::now() + PATIENCE;
        while Path::new(&format!("/proc/{process}")).exists() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

async fn start_driver(program: &Path, folder: &Path) -> anyhow::Result<(Server, SocketAddr)> {
    let [address] = free_addresses()?;
    let mut command = Command::new(program);
    command.arg(format!("--port={}", address.port()));
    let mut server = Server::start(command, folder.join("chromedriver.log"))?;
    server.wait_until(address, "/status", StatusCode::OK).await.context("chromedriver does not start")?;
    Ok((server, address))
}
