//! What Chromium noted of its pages: complaints on the console, and requests.

use anyhow::Context;
use serde_json::Value;

use super::Browser;

/// What Chromium finds within itself: the page with which a window opens, and what is written in the address.
const INSIDE: &[&str] = &["chrome:", "data:"];

impl Browser {
    /// The console's warnings and errors since it was last asked.
    pub async fn complaints(&self) -> anyhow::Result<Vec<String>> {
        let serious = |entry: &&Value| matches!(entry["level"].as_str(), Some("SEVERE" | "WARNING"));
        let entries = self.log("browser").await?;
        Ok(entries.iter().filter(serious).map(|entry| entry["message"].as_str().unwrap_or("").to_owned()).collect())
    }

    /// The addresses in the network that pages asked for since this was last asked, whether or not somebody answered.
    pub async fn requests(&self) -> anyhow::Result<Vec<String>> {
        let mut addresses = Vec::new();
        for entry in self.log("performance").await? {
            let text = entry["message"].as_str().context("an entry of the performance log has no message")?;
            let event: Value = serde_json::from_str(text)?;
            if event["message"]["method"] == "Network.requestWillBeSent" {
                let url = &event["message"]["params"]["request"]["url"];
                addresses.push(url.as_str().context("a request has no address")?.to_owned());
            }
        }
        addresses.retain(|address| !INSIDE.iter().any(|scheme| address.starts_with(scheme)));
        Ok(addresses)
    }
}
