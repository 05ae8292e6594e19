//! What a Prometheus is to remember: series whose values are known, written as blocks of its database.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};

use crate::need;

/// Prometheus' blocks have two hours; a file that spans several is read once for each.
const BLOCK: u64 = 2 * 3_600;

/// How a value goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Course {
    /// It stays.
    Still(f64),
    /// It is the time, in seconds since 1970.
    Clock,
    /// It grows from nothing at the beginning of all time by so much each second.
    Grows(f64),
}

/// A stretch of time, in whole seconds since 1970, and how far samples are apart.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// The first sample.
    pub from: u64,
    /// The last one, at most.
    pub upto: u64,
    /// Seconds between two.
    pub step: u64,
}

/// Series by their labels, `__name__` included.
#[derive(Clone, Debug, Default)]
pub struct Past(BTreeMap<BTreeMap<String, String>, Course>);

impl Course {
    fn at(self, begin: u64, second: u64) -> f64 {
        match self {
            Self::Still(value) => value,
            Self::Clock => float(second),
            Self::Grows(rate) => rate * float(second - begin),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "times of this century are exact")]
fn float(second: u64) -> f64 {
    second as f64
}

impl Past {
    /// One more series; one with the same labels is replaced.
    pub fn add(&mut self, labels: BTreeMap<String, String>, course: Course) {
        self.0.insert(labels, course);
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&BTreeMap<String, String>, Course)> {
        self.0.iter().map(|(labels, course)| (labels, *course))
    }

    /// The sum of the growth per second of all series that fit.
    pub fn rate(&self, fits: impl Fn(&dyn Fn(&str) -> String) -> bool) -> f64 {
        let of = |labels: &BTreeMap<String, String>| {
            let labels = labels.clone();
            move |name: &str| labels.get(name).cloned().unwrap_or_default()
        };
        let fitting = self.iter().filter(|(labels, _)| fits(&of(labels)));
        fitting.map(|(_, course)| if let Course::Grows(rate) = course { rate } else { 0.0 }).sum()
    }

    /// Makes blocks in `data`. All values grow from `begin` on. `false` where promtool is not installed.
    pub fn write(&self, begin: u64, spans: &[Span], data: &Path) -> anyhow::Result<bool> {
        let Some(promtool) = need::installed("promtool", &["promtool"]) else { return Ok(false) };
        fs::create_dir_all(data)?;
        for span in spans {
            for block in span.from / BLOCK..=span.upto / BLOCK {
                let from = span.from.max(block * BLOCK).next_multiple_of(span.step);
                let upto = span.upto.min((block + 1) * BLOCK - 1);
                let file = data.join("samples");
                fs::write(&file, self.text(begin, Span { from, upto, ..*span })?)?;
                let mut command = Command::new(&promtool);
                command.args(["tsdb", "create-blocks-from", "openmetrics"]).args([&file, &data.to_owned()]);
                let done = command.output().context("promtool does not start")?;
                ensure!(done.status.success(), "promtool: {}", String::from_utf8_lossy(&done.stderr));
                fs::remove_file(&file)?;
            }
        }
        Ok(true)
    }

    fn text(&self, begin: u64, span: Span) -> anyhow::Result<String> {
        let mut text = String::new();
        for (labels, course) in &self.0 {
            let head = head(labels)?;
            let mut second = span.from;
            while second <= span.upto {
                writeln!(text, "{head} {} {second}", course.at(begin, second))?;
                second += span.step;
            }
        }
        text.push_str("# EOF\n");
        Ok(text)
    }
}

fn head(labels: &BTreeMap<String, String>) -> anyhow::Result<String> {
    let name = labels.get("__name__").context("a series has a name")?;
    let others = labels.iter().filter(|(label, _)| *label != "__name__");
    // JSON escapes what this format does, and of other characters there are none.
    let pairs: Result<Vec<String>, _> = others
        .map(|(label, value)| Ok::<_, serde_json::Error>(format!("{label}={}", serde_json::to_string(value)?)))
        .collect();
    Ok(format!("{name}{{{}}}", pairs?.join(",")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_past_is_written_as_openmetrics() -> anyhow::Result<()> {
        let labels = |pairs: &[(&str, &str)]| pairs.iter().map(|(l, v)| ((*l).to_owned(), (*v).to_owned())).collect();
        let mut past = Past::default();
        past.add(labels(&[("__name__", "up"), ("job", "a\"b")]), Course::Still(1.0));
        past.add(labels(&[("__name__", "n_total"), ("job", "a")]), Course::Grows(0.5));
        let text = past.text(1_000, Span { from: 1_020, upto: 1_040, step: 20 })?;
        let expected = "n_total{job=\"a\"} 10 1020\nn_total{job=\"a\"} 20 1040\n\
                        up{job=\"a\\\"b\"} 1 1020\nup{job=\"a\\\"b\"} 1 1040\n# EOF\n";
        assert_eq!(text, expected);
        assert!((past.rate(|label| label("job") == "a") - 0.5).abs() < 1e-9);
        Ok(())
    }
}
