//! Whatever is asked of Prometheus is told by a real program: each name, and each label.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::ensure;

use crate::platform::Platform;
use crate::queries::Asked;
use crate::selectors::{Wanted, wanted};

/// The labels of each name that is told.
struct Told(BTreeMap<String, BTreeSet<String>>);

impl Told {
    async fn by(platform: &Platform) -> anyhow::Result<Self> {
        let mut told = BTreeMap::<String, BTreeSet<String>>::new();
        for series in platform.prometheus.series(r#"{__name__=~".+"}"#).await? {
            told.entry(series["__name__"].clone()).or_default().extend(series.into_keys());
        }
        Ok(Self(told))
    }

    /// What nobody tells of all that an expression wants.
    fn missing(&self, Wanted { metrics, labels }: &Wanted) -> Vec<String> {
        let unknown = metrics.iter().filter(|metric| !self.0.contains_key(*metric));
        let names = unknown.map(|metric| format!("no program tells {metric}"));
        let known: BTreeSet<&String> = metrics.iter().filter_map(|metric| self.0.get(metric)).flatten().collect();
        let absent = labels.iter().filter(|label| !known.is_empty() && !known.contains(label));
        names.chain(absent.map(|label| format!("no series of {metrics:?} has the label {label}"))).collect()
    }
}

fn problems(told: &Told, asked: &Asked) -> anyhow::Result<Vec<String>> {
    let missing = wanted(&asked.expression)?.iter().flat_map(|wanted| told.missing(wanted)).collect::<BTreeSet<_>>();
    Ok(missing.into_iter().map(|problem| format!("{}: {problem}", asked.place)).collect())
}

/// What is asked for and told by nobody.
pub async fn unknown(platform: &Platform, asked: &[Asked]) -> anyhow::Result<Vec<String>> {
    ensure!(asked.len() > 150, "only {} expressions were found", asked.len());
    let told = Told::by(platform).await?;
    let problems: Vec<Vec<String>> = asked.iter().map(|asked| problems(&told, asked)).collect::<anyhow::Result<_>>()?;
    Ok(problems.concat())
}
