//! A new site of its own, and a browser that visits it.

use std::time::Duration;

use anyhow::{Context, ensure};
use e2e::browser::{Browser, Programs, Wish};
use e2e::seed::PASSWORD;
use e2e::site::Site;
use e2e::testbed::Testbed;
use e2e::wait::until;
use fantoccini::Locator;
use serde_json::Value;

const PATIENCE: Duration = Duration::from_secs(20);

/// A site without people, and a browser.
pub struct Visit {
    pub site: Site,
    pub browser: Browser,
    _testbed: Testbed,
}

impl Visit {
    /// With avatars that the site draws, or `None` where something is missing.
    pub async fn begin(wish: Wish) -> anyhow::Result<Option<Self>> {
        Self::with(wish, &["--avatars", "local", "--allowed-hosts", "127.0.0.1"]).await
    }

    /// With options for the site.
    pub async fn with(wish: Wish, options: &[&str]) -> anyhow::Result<Option<Self>> {
        let Some(mut testbed) = Testbed::new()? else { return Ok(None) };
        let Some(programs) = Programs::find() else { return Ok(None) };
        let site = testbed.site_on_sqlite(options).await?;
        let browser = Browser::open(&programs, wish).await?;
        Ok(Some(Self { site, browser, _testbed: testbed }))
    }

    /// Opens a page of the site.
    pub async fn go(&self, path: &str) -> anyhow::Result<()> {
        let url = format!("http://{}{path}", self.site.web);
        self.browser.client.goto(&url).await.with_context(|| format!("cannot open {path}"))
    }

    /// Writes into fields of the page, by their names; what stood there goes.
    pub async fn fill(&self, fields: &[(&str, &str)]) -> anyhow::Result<()> {
        for (name, text) in fields {
            let field = self.browser.client.find(Locator::Css(&format!("input[name='{name}']"))).await?;
            field.clear().await?;
            field.send_keys(text).await?;
        }
        Ok(())
    }

    /// Presses the button, or follows the link, with a label, and waits for the page to which it leads.
    pub async fn press(&self, label: &str) -> anyhow::Result<()> {
        let path = format!("//main//button[.='{label}'] | //header//button[.='{label}'] | //a[.='{label}']");
        let target = self.browser.client.find(Locator::XPath(&path)).await;
        let target = target.with_context(|| format!("there is no button or link {label}"))?;
        self.browser.follow(async { Ok(target.click().await?) }).await
    }

    /// What a person reads in the elements that a selector finds.
    pub async fn texts(&self, selector: &str) -> anyhow::Result<Vec<String>> {
        let mut texts = Vec::new();
        for element in self.browser.client.find_all(Locator::Css(selector)).await? {
            texts.push(element.text().await?);
        }
        Ok(texts)
    }

    /// The page's heading, which is its title too.
    pub async fn heading(&self) -> anyhow::Result<String> {
        let heading = self.texts("main h2").await?.join(" ");
        let title = self.browser.client.title().await?;
        ensure!(title == format!("{heading} | MiniTwit"), "the title is {title}, the heading {heading}");
        Ok(heading)
    }

    /// The flashes of the page.
    pub async fn flashes(&self) -> anyhow::Result<Vec<String>> {
        self.texts("ul.flashes > li").await
    }

    /// The text of each message on the page, without its author and time.
    pub async fn messages(&self) -> anyhow::Result<Vec<String>> {
        let own = "return [...document.querySelectorAll('ul.messages > li > p')].map(p => \
                   [...p.childNodes].filter(node => node.nodeType === Node.TEXT_NODE).map(node => node.data).join('').trim())";
        Ok(serde_json::from_value(self.browser.script(own).await?)?)
    }

    /// The status of the page that is open.
    pub async fn status(&self) -> anyhow::Result<u64> {
        let status = self.browser.script("return performance.getEntriesByType('navigation')[0].responseStatus").await?;
        status.as_u64().context("the page has no status")
    }

    /// Waits until a script returns true, for what happens on a page after its arrival.
    pub async fn until(&self, condition: &str) -> anyhow::Result<()> {
        until(condition, PATIENCE, async || Ok(self.browser.script(condition).await? == Value::Bool(true)))
            .await
            .map(drop)
    }

    /// Signs up by the form, with [`PASSWORD`].
    pub async fn sign_up(&self, name: &str) -> anyhow::Result<()> {
        self.go("/register").await?;
        let email = format!("{name}@minitwit.example");
        self.fill(&[("username", name), ("email", &email), ("password", PASSWORD), ("password2", PASSWORD)]).await?;
        self.press("Sign Up").await
    }

    /// Signs in by the form, with [`PASSWORD`].
    pub async fn sign_in(&self, name: &str) -> anyhow::Result<()> {
        self.go("/login").await?;
        self.fill(&[("username", name), ("password", PASSWORD)]).await?;
        self.press("Sign In").await
    }

    /// Posts by the form of one's own timeline.
    pub async fn post(&self, text: &str) -> anyhow::Result<()> {
        self.go("/").await?;
        self.fill(&[("text", text)]).await?;
        self.press("Share").await
    }
}
