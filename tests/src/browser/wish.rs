//! How a browser shall be: its size, its colours, and whether pages may run scripts.

use std::path::Path;

use fantoccini::wd::Capabilities;
use serde_json::{Map, Value, json};

/// What `prefers-color-scheme` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Dark text on light ground.
    Light,
    /// Light text on dark ground.
    Dark,
}

impl Scheme {
    /// Its name in CSS.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// How a browser shall be.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// Width of the viewport in CSS pixels.
    pub width: u32,
    /// Height of the viewport in CSS pixels.
    pub height: u32,
    /// The reader's colours.
    pub scheme: Scheme,
    /// Whether pages may run scripts.
    pub scripts: bool,
}

impl Default for Wish {
    fn default() -> Self {
        Self { width: 1440, height: 900, scheme: Scheme::Light, scripts: true }
    }
}

/// Nothing is asked of anybody but the machine itself, not even by Chromium for its own sake.
const ARGUMENTS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--force-prefers-reduced-motion",
    "--lang=en",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
    // A pipe, not a port: Chromium ends when its driver is gone.
    "--remote-debugging-pipe",
];
const BLOCKED: u8 = 2;

impl Wish {
    /// What the driver is told, to get it.
    pub(super) fn capabilities(self, chromium: &Path, profile: &Path) -> Capabilities {
        let mut arguments: Vec<String> = ARGUMENTS.iter().map(ToString::to_string).collect();
        arguments.push(format!("--user-data-dir={}", profile.join("profile").display()));
        let mut preferences = Map::new();
        if !self.scripts {
            preferences.insert("profile.managed_default_content_settings.javascript".to_owned(), BLOCKED.into());
        }
        let wanted = json!({
            "goog:chromeOptions": { "binary": chromium, "args": arguments, "prefs": preferences },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        });
        let Value::Object(wanted) = wanted else { unreachable!("an object is written above") };
        wanted
    }
}
