//! What Grafana's PostgreSQL plug-in puts in the place of macros before it sends a query.

use anyhow::{Result, bail};

use super::fill::fill;

/// A query as PostgreSQL gets it. `from` and `to` are RFC 3339 times; `interval`, in seconds, is the distance of two points.
///
/// # Errors
/// A macro that our panels do not use.
pub fn expand(sql: &str, from: &str, to: &str, interval: u32) -> Result<String> {
    let text = fill(sql, &[("__interval", &format!("{interval}s"))]);
    let mut expanded = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("$__") {
        expanded.push_str(&rest[..at]);
        let (name, arguments, after) = call(&rest[at..])?;
        expanded.push_str(&replacement(name, arguments, from, to)?);
        rest = after;
    }
    Ok(expanded + rest)
}

/// A macro's name, what stands between its parentheses, and what follows.
fn call(text: &str) -> Result<(&str, &str, &str)> {
    let parts = text.split_once('(').and_then(|(name, rest)| Some((name, rest.split_once(')')?)));
    let Some((name, (arguments, after))) = parts else { bail!("a macro without parentheses: {text}") };
    Ok((name, arguments, after))
}

fn replacement(name: &str, arguments: &str, from: &str, to: &str) -> Result<String> {
    Ok(match name {
        "$__timeFilter" => format!("{arguments} BETWEEN '{from}' AND '{to}'"),
        "$__timeFrom" => format!("'{from}'"),
        "$__timeTo" => format!("'{to}'"),
        "$__timeGroup" => group(arguments)?,
        _ => bail!("the macro {name} is none of ours"),
    })
}

fn group(arguments: &str) -> Result<String> {
    let Some((column, interval)) = arguments.split_once(',') else {
        bail!("$__timeGroup has a column and an interval")
    };
    let seconds = seconds(interval.trim().trim_matches('\''))?;
    Ok(format!("floor(extract(epoch from {})/{seconds})*{seconds}", column.trim()))
}

fn seconds(interval: &str) -> Result<u32> {
    let (number, unit) = interval.split_at(interval.len().saturating_sub(1));
    let unit = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        "w" => 604_800,
        _ => bail!("{interval} is no interval: its unit is s, m, h, d or w"),
    };
    Ok(number.parse::<u32>()? * unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_macro_becomes_sql() {
        let sql = "SELECT $__timeGroup(hour, '1d') AS time WHERE $__timeFilter(hour) AND hour > $__timeFrom() AND hour < $__timeTo()";
        let expected = "SELECT floor(extract(epoch from hour)/86400)*86400 AS time WHERE hour BETWEEN 'F' AND 'T' AND hour > 'F' AND hour < 'T'";
        assert_eq!(expand(sql, "F", "T", 60).unwrap(), expected);
        assert_eq!(
            expand("$__timeGroup(hour, $__interval)", "F", "T", 60).unwrap(),
            "floor(extract(epoch from hour)/60)*60"
        );
    }

    #[test]
    fn an_unknown_macro_is_named() {
        assert_eq!(
            expand("$__unixEpochFrom()", "", "", 60).unwrap_err().to_string(),
            "the macro $__unixEpochFrom is none of ours"
        );
        assert!(expand("$__timeGroup(hour, '1 fortnight')", "", "", 60).is_err());
    }
}
