//! Rules for a time that goes faster: whoever scrapes every second instead of every fifteen sees in four seconds what takes a
//! minute.

use anyhow::{Context, bail};
use serde_json::Value;

/// Divides how far all rules of a file look back, and how long alerts wait. The rhythm of groups is Prometheus' own.
pub fn hasten(rules: &mut Value, speed: u64) -> anyhow::Result<()> {
    for group in rules["groups"].as_array_mut().context("a file of rules has groups")? {
        group.as_object_mut().context("a group has members")?.remove("interval");
        for rule in group["rules"].as_array_mut().context("a group has rules")? {
            let expression = rule["expr"].as_str().context("a rule has an expression")?;
            rule["expr"] = expression_at(expression, speed)?.into();
            for wait in ["for", "keep_firing_for"] {
                if let Some(duration) = rule[wait].as_str() {
                    rule[wait] = shorter(duration, speed)?.into();
                }
            }
        }
    }
    Ok(())
}

/// What stands between brackets, and behind `offset`, are durations.
fn expression_at(expression: &str, speed: u64) -> anyhow::Result<String> {
    let mut faster = String::new();
    let mut rest = expression;
    while let Some((at, opening)) = ["[", "offset "].into_iter().filter_map(|sign| Some((rest.find(sign)?, sign))).min()
    {
        let (before, after) = rest.split_at(at + opening.len());
        faster.push_str(before);
        let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != ':').unwrap_or(after.len());
        // A character class of a regular expression has brackets too.
        let is_duration =
            after.starts_with(|c: char| c.is_ascii_digit()) && after[..end].ends_with(char::is_alphabetic);
        let (durations, others) = after.split_at(if is_duration { end } else { 0 });
        let parts: Vec<String> = match durations {
            "" => Vec::new(),
            durations => {
                durations.split(':').map(|duration| shorter(duration, speed)).collect::<anyhow::Result<_>>()?
            }
        };
        faster.push_str(&parts.join(":"));
        rest = others;
    }
    Ok(faster + rest)
}

fn shorter(duration: &str, speed: u64) -> anyhow::Result<String> {
    let (number, unit) = duration.split_at(duration.len().saturating_sub(1));
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 604_800,
        _ => bail!("{duration} is no duration"),
    };
    let number: u64 = number.parse().with_context(|| format!("{duration} is no duration"))?;
    Ok(format!("{}s", (number * seconds).div_ceil(speed)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_durations_and_nothing_else_are_divided() -> anyhow::Result<()> {
        let expression = r#"max(a{b=~"[45].."}[5m]) > 5 and rate(c[2m:15s] offset 1w) == 1h:d:rate5m"#;
        let faster = r#"max(a{b=~"[45].."}[20s]) > 5 and rate(c[8s:1s] offset 40320s) == 1h:d:rate5m"#;
        assert_eq!(expression_at(expression, 15)?, faster);
        assert_eq!(shorter("1m", 15)?, "4s");
        assert!(shorter("1y", 15).is_err());
        Ok(())
    }
}
