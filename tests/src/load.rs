//! The load: the site's speed and memory as ratios, both sides of each measured in the same run and in turn.

pub mod bench;
pub mod comparison;
mod grouped_insert;
mod logging;
pub mod memory;
mod posting;
mod reading;
pub mod report;
pub mod round;
mod scale;
pub mod settings;
pub mod visit;
pub mod workload;

use crate::database::Databases;
use crate::load::bench::Bench;
use crate::load::report::Report;
use crate::load::settings::Settings;
use crate::load::workload::Workload;

/// Measures all that the settings ask for; the databases are left for the caller to remove, whatever happens.
pub async fn run(settings: &Settings, databases: &mut Databases) -> anyhow::Result<Report> {
    let systems = settings.systems();
    let mut bench = Bench::new(settings, databases)?;
    let mut report = Report::new(settings);
    for &workload in &settings.workloads() {
        for system in &systems {
            match workload {
                Workload::Public | Workload::Home | Workload::Msgs => {
                    report.comparisons.push(reading::compare(&mut bench, workload, system).await?);
                }
                Workload::Post => report.comparisons.push(posting::compare(&mut bench, system).await?),
                Workload::Scale => report.comparisons.extend(scale::compare(&mut bench, system).await?),
                Workload::Logging => report.comparisons.push(logging::compare(&mut bench, system).await?),
                Workload::Memory => report.memories.push(memory::measure(&mut bench, system).await?),
            }
        }
    }
    Ok(report)
}
