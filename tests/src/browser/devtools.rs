//! Chromium's own commands, which only its own driver passes on: its developer tools and its logs.

use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use serde_json::{Value, json};
use url::{ParseError, Url};

use super::Browser;

#[derive(Debug)]
struct Vendor {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Vendor {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

impl Browser {
    /// Runs a command of the developer tools' protocol and returns its answer.
    pub async fn devtools(&self, command: &str, parameters: Value) -> anyhow::Result<Value> {
        self.vendor("goog/cdp/execute", json!({ "cmd": command, "params": parameters })).await
    }

    /// The entries of a log that came since it was last asked for.
    pub(super) async fn log(&self, kind: &str) -> anyhow::Result<Vec<Value>> {
        let entries = self.vendor("se/log", json!({ "type": kind })).await?;
        Ok(entries.as_array().cloned().unwrap_or_default())
    }

    async fn vendor(&self, path: &'static str, body: Value) -> anyhow::Result<Value> {
        Ok(self.client.issue_cmd(Vendor { path, body }).await?)
    }
}
