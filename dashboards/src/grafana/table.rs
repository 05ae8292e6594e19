//! What the README says of the dashboards.

use super::source::{Dashboard, Row};

/// A Markdown table: each dashboard, the question it answers, and its panels.
#[must_use]
pub fn table(dashboards: &[Dashboard]) -> String {
    let head = "| Dashboard | It answers | With |\n|---|---|---|\n".to_owned();
    head + &dashboards.iter().map(line).collect::<String>()
}

fn line(dashboard: &Dashboard) -> String {
    let rows: Vec<_> = dashboard.rows.iter().map(panels).collect();
    let Dashboard { title, uid, question, .. } = dashboard;
    format!("| {title} (`{uid}`) | {question} | {} |\n", rows.join("<br>"))
}

fn panels(row: &Row) -> String {
    let titles: Vec<_> = row.panels.iter().map(|panel| panel.title.as_str()).collect();
    format!("**{}**: {}", row.title, titles.join(" · "))
}
