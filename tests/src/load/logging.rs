//! Logging: what the transaction log and the metrics cost.

use crate::database::System;
use crate::load::bench::Bench;
use crate::load::comparison::{Comparison, Measure, Side, Subject, Work};
use crate::load::visit::Visit;
use crate::load::workload::Workload;

const OFF: [&str; 4] = ["--transaction-log", "off", "--metrics", "off"];

/// Compares requests per second with both on against both off.
pub async fn compare(bench: &mut Bench<'_>, system: &System) -> anyhow::Result<Comparison> {
    let mut on = bench.usual_site(system).await?;
    let url = bench.database(system, "usual", bench.settings.plan()).await?;
    let mut off = bench.site(&url, &OFF).await?;
    let visit_on = Visit::probe(on.web, on.page("/public")?).await?;
    let visit_off = Visit::probe(off.web, off.page("/public")?).await?;
    let sides = [
        Side { name: "on", work: Work::Visits(vec![visit_on], &mut on.server) },
        Side { name: "off", work: Work::Visits(vec![visit_off], &mut off.server) },
    ];
    let work = "log and metrics".to_owned();
    let wanted = Workload::Logging.wanted(system);
    bench.compare(Subject { work, database: system.name(), measure: Measure::Rate, wanted }, sides).await
}
