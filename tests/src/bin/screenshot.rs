//! Takes the README's picture: the timeline of somebody who follows a few people, in Chromium.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Parser;
use e2e::browser::{Browser, Programs, Scheme, Wish};
use e2e::need;
use e2e::seed::PASSWORD;
use e2e::site::Site;
use fantoccini::Locator;
use sqlx::{Connection, SqliteConnection};

const READER: &str = "ada";
const OTHERS: &[&str] = &["grace", "alan", "hedy", "Katherine J."];
/// Oldest first.
const MESSAGES: &[(&str, &str)] = &[
    ("Katherine J.", "Checked the orbit by hand. The machine was right this time."),
    ("hedy", "Eighty-eight frequencies, as many as a piano has keys. Jam that."),
    ("grace", "Taped a moth into the logbook. First actual case of a bug being found."),
    ("alan", "The loop that ran since Tuesday has ended. Nobody could have known."),
    ("ada", "Note G is done: an engine can do whatever we know how to order it to perform."),
];

/// Takes a picture of a timeline.
#[derive(Parser)]
struct Arguments {
    /// The PNG file to write
    #[arg(default_value = "docs/screenshot.png")]
    file: PathBuf,

    /// Take it in dark colours
    #[arg(long)]
    dark: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Arguments { file, dark } = Arguments::parse();
    let program = need::program().context("minitwit is not built: cargo build")?;
    let programs = Programs::find().context("Chromium or its driver is not installed")?;
    let folder = tempfile::tempdir()?;
    let database = format!("sqlite://{}", folder.path().join("site.db").display());
    let site = Site::start(&program, &database, &["--avatars", "local"], folder.path().join("log")).await?;
    fill(&site, &database).await?;

    let scheme = if dark { Scheme::Dark } else { Scheme::Light };
    let wish = Wish { width: 880, scheme, ..Wish::default() };
    let browser = Browser::open(&programs, wish).await?;
    sign_in(&browser, &site).await?;
    let height = browser.script("return document.documentElement.scrollHeight").await?;
    let height = height.as_u64().and_then(|height| u32::try_from(height).ok()).context("the page has a height")?;
    browser.look(Wish { height, ..wish }).await?;
    write(&file, &browser.client.screenshot().await?)
}

async fn fill(site: &Site, database: &str) -> anyhow::Result<()> {
    site.welcome(&[READER]).await?;
    site.welcome(OTHERS).await?;
    for author in OTHERS {
        site.follow(READER, author).await?;
    }
    for (author, text) in MESSAGES {
        site.write(author, text).await?;
    }
    // The same times in every picture: 10 December 1815 is out of reach, its 200th anniversary is not.
    let mut connection = SqliteConnection::connect(database).await?;
    let times = "UPDATE messages SET posted_at = 1449756000000000 + id * 1374000000";
    sqlx::query(times).execute(&mut connection).await.context("the messages have no times to change")?;
    Ok(connection.close().await?)
}

async fn sign_in(browser: &Browser, site: &Site) -> anyhow::Result<()> {
    browser.client.goto(&format!("http://{}/login", site.web)).await?;
    for (field, text) in [("#username", READER), ("#password", PASSWORD)] {
        browser.client.find(Locator::Css(field)).await?.send_keys(text).await?;
    }
    let button = browser.client.find(Locator::Css("main button")).await?;
    browser.follow(async { Ok(button.click().await?) }).await?;
    // Once more, without the flash.
    Ok(browser.client.refresh().await?)
}

fn write(file: &Path, picture: &[u8]) -> anyhow::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, picture).with_context(|| format!("cannot write {}", file.display()))
}
