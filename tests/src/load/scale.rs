//! Scale: pages of a large database against the same pages of a small one.

use anyhow::ensure;

use crate::database::System;
use crate::load::bench::Bench;
use crate::load::comparison::{Comparison, Measure, Side, Subject, Work};
use crate::load::settings::Settings;
use crate::load::visit::Visit;
use crate::load::workload::Workload;
use crate::seed::READER;
use crate::site::{Cookies, Site};

#[derive(Clone, Copy)]
enum Page {
    Public,
    Home,
    User,
    Depth,
}

struct Sized {
    site: Site,
    cookies: Cookies,
    messages: u64,
}

/// Compares the median latency, page by page, with both sites running.
pub async fn compare(bench: &mut Bench<'_>, system: &System) -> anyhow::Result<Vec<Comparison>> {
    let mut large = sized(bench, system, "large", bench.settings.large).await?;
    let mut small = sized(bench, system, "small", bench.settings.small).await?;
    let mut comparisons = Vec::new();
    for page in [Page::Public, Page::Home, Page::User, Page::Depth] {
        let (at_large, at_small) = (page.visit(&large).await?, page.visit(&small).await?);
        ensure_alike(page, &at_large, &at_small)?;
        let sides = [
            Side { name: "large", work: Work::Visits(vec![at_large], &mut large.site.server) },
            Side { name: "small", work: Work::Visits(vec![at_small], &mut small.site.server) },
        ];
        let work = format!("scale: {}", page.name());
        let wanted = Workload::Scale.wanted(system);
        let subject = Subject { work, database: system.name(), measure: Measure::Median, wanted };
        comparisons.push(bench.compare(subject, sides).await?);
    }
    Ok(comparisons)
}

async fn sized(bench: &mut Bench<'_>, system: &System, label: &'static str, messages: u64) -> anyhow::Result<Sized> {
    let url = bench.database(system, label, Settings::plan_with(messages)).await?;
    let site = bench.site(&url, &[]).await?;
    let cookies = site.sign_in().await?;
    Ok(Sized { site, cookies, messages })
}

impl Page {
    fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Home => "home",
            Self::User => "user page",
            Self::Depth => "in the depth",
        }
    }

    async fn visit(self, at: &Sized) -> anyhow::Result<Visit> {
        let ask = match self {
            Self::Public => at.site.page("/public")?,
            Self::Home => at.cookies.page(&at.site, "/")?,
            Self::User => at.site.page(&format!("/{READER}"))?,
            // Messages are numbered from 1 without gaps.
            Self::Depth => at.site.page(&format!("/public?before={}", at.messages / 2))?,
        };
        Visit::probe(at.site.web, ask).await
    }
}

/// Two pages of a different number of messages would measure that number.
fn ensure_alike(page: Page, large: &Visit, small: &Visit) -> anyhow::Result<()> {
    let (large, small) = (large.answer.bytes, small.answer.bytes);
    let alike = large.max(small) * 2 < large.min(small) * 3;
    ensure!(alike, "the page `{}` has {large} bytes in the large database and {small} in the small one", page.name());
    Ok(())
}
