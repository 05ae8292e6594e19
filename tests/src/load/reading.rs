//! Reading: a page or a list of the site against a bare server that gives an answer of the same size.

use crate::database::System;
use crate::load::bench::Bench;
use crate::load::comparison::{Comparison, Measure, Side, Subject, Work};
use crate::load::visit::Visit;
use crate::load::workload::{Workload, newest_messages};
use crate::site::Site;

/// Compares requests per second.
pub async fn compare(bench: &mut Bench<'_>, workload: Workload, system: &System) -> anyhow::Result<Comparison> {
    let mut site = bench.usual_site(system).await?;
    let (work, visit) = visit(workload, &site).await?;
    let (address, mut bare) = bench.bare(&visit.answer).await?;
    let at_bare = visit.at(address);
    let sides = [
        Side { name: "site", work: Work::Visits(vec![visit], &mut site.server) },
        Side { name: "bare", work: Work::Visits(vec![at_bare], &mut bare) },
    ];
    let wanted = workload.wanted(system);
    bench.compare(Subject { work, database: system.name(), measure: Measure::Rate, wanted }, sides).await
}

async fn visit(workload: Workload, site: &Site) -> anyhow::Result<(String, Visit)> {
    let (work, address, ask) = match workload {
        Workload::Home => ("GET /", site.web, site.sign_in().await?.page(site, "/")?),
        Workload::Msgs => ("GET /msgs?no=100", site.api, newest_messages(site)?),
        _ => ("GET /public", site.web, site.page("/public")?),
    };
    Ok((work.to_owned(), Visit::probe(address, ask).await?))
}
