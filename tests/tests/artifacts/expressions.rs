//! Every expression of `PromQL` on a real Prometheus: it is understood, and of what goes as it should it has something to show.

use std::collections::BTreeSet;

use anyhow::{Context, ensure};
use e2e::monitoring::Series;

use crate::names::unknown;
use crate::platform::{FAST, Platform};
use crate::queries::{self, Answer, Asked};
use crate::selectors::{Wanted, wanted};
use crate::world::{World, is_recorded};

fn names(asked: &[Asked]) -> anyhow::Result<BTreeSet<String>> {
    let wanted: Vec<Vec<Wanted>> =
        asked.iter().map(|asked| wanted(&asked.expression)).collect::<anyhow::Result<_>>()?;
    let names = wanted.into_iter().flatten().flat_map(|wanted| wanted.metrics);
    // What Prometheus says of its own alerts, it says here too.
    Ok(names.filter(|name| !name.starts_with("ALERTS")).collect())
}

/// What is wrong with an answer, if anything.
fn problem(asked: &Asked, found: &[Series]) -> Option<String> {
    if found.is_empty() {
        return Some(format!("{asked}: it shows nothing"));
    }
    if let Some(series) = found.iter().find(|series| !series.value.is_finite()) {
        return Some(format!("{asked}: {} of {:?}", series.value, series.labels));
    }
    // A label may be empty, which is the same as having none.
    let lacks = |label: &&String| found.iter().all(|series| !series.labels.contains_key(*label));
    let lacking = asked.legend_labels.iter().find(lacks)?;
    Some(format!("{asked}: its legend has the label {lacking}, which no series has"))
}

impl World {
    /// At the end of the past; what rules record, they have only recorded since.
    pub async fn answer(&self, asked: &Asked) -> anyhow::Result<Vec<Series>> {
        let names = wanted(&asked.expression)?.into_iter().flat_map(|wanted| wanted.metrics).collect::<Vec<_>>();
        let is_new = names.iter().any(|name| is_recorded(name) || name.starts_with("ALERTS"));
        let at = (!is_new).then_some(self.end);
        self.prometheus.query(&asked.expression, at).await.with_context(|| asked.place.clone())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_expression_asks_for_what_programs_tell_and_shows_something_when_all_is_well() -> anyhow::Result<()> {
    let asked = queries::all()?;
    let Some(platform) = Platform::start(FAST).await? else { return Ok(()) };
    let unknown = unknown(&platform, &asked).await?;
    ensure!(unknown.is_empty(), "{} problems:\n{}", unknown.len(), unknown.join("\n"));
    let Some(world) = World::like(&platform, &names(&asked)?).await? else { return Ok(()) };
    let mut problems = world.shows_right_values(&asked).await?;
    for asked in &asked {
        let found = world.answer(asked).await?;
        problems.extend(match asked.answer {
            Answer::Course => problem(asked, &found),
            Answer::Alarm => alarm(asked, &found),
            Answer::Trouble => None,
        });
    }
    ensure!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
    Ok(())
}

/// What would wake somebody though all is well.
fn alarm(asked: &Asked, found: &[Series]) -> Option<String> {
    let is_constant = asked.place.ends_with(", Watchdog");
    (found.is_empty() == is_constant).then(|| format!("{asked}: it has {found:?}"))
}
