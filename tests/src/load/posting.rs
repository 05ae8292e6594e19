//! Posting: messages through the simulator API, each answered when durable, against the database's own limit.

use crate::database::System;
use crate::load::bench::Bench;
use crate::load::comparison::{Comparison, Measure, Side, Subject, Work};
use crate::load::grouped_insert::GroupedInsert;
use crate::load::visit::Visit;
use crate::load::workload::{Workload, new_message};

/// What is posted, as long as a usual message.
pub const TEXT: &str = "The evening ferry was late again, and nobody on the quay seemed to mind in the least.";

/// Compares messages per second. Each side has a database of its own with the same content.
pub async fn compare(bench: &mut Bench<'_>, system: &System) -> anyhow::Result<Comparison> {
    let (rows, plan) = (bench.settings.connections, bench.settings.plan());
    let raw = bench.database(system, "raw", plan).await?;
    let inserts = GroupedInsert::open(system, &raw, rows).await?;
    let url = bench.database(system, "posts", plan).await?;
    let mut site = bench.site(&url, &[]).await?;
    let mut visits = Vec::new();
    for author in 1..=u64::from(rows).min(plan.users) {
        let ask = new_message(&site, &format!("user{author}"), TEXT)?;
        visits.push(Visit::probe(site.api, ask).await?);
    }
    let sides = [
        Side { name: "site", work: Work::Visits(visits, &mut site.server) },
        Side { name: "raw inserts", work: Work::Inserts(inserts) },
    ];
    let work = "POST /msgs/NAME".to_owned();
    let wanted = Workload::Post.wanted(system);
    bench.compare(Subject { work, database: system.name(), measure: Measure::Rate, wanted }, sides).await
}
