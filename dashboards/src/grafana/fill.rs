//! What Grafana puts in the place of variables before it sends a query.

/// A value for each variable that a query can have, for those who only want to know whether it can be read.
///
/// With a scrape every 15 s, `$__rate_interval` is never below a minute.
pub const SAMPLES: [(&str, &str); 9] = [
    ("__rate_interval", "1m"),
    ("__interval", "1m"),
    ("__range", "3h"),
    ("__range_s", "10800"),
    ("job", ".+"),
    ("instance", ".+"),
    ("route", ".*"),
    ("__from", "1700000000000"),
    ("__to", "1700010800000"),
];

/// A text with each `$name`, `${name}` and `${name:format}` replaced by its value; what has none stays as it is, so that
/// the `${1}` of Prometheus does too.
#[must_use]
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let (before, variable) = rest.split_at(at);
        filled.push_str(before);
        let (name, length) = name(variable);
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => filled.push_str(value),
            None => filled.push_str(&variable[..length]),
        }
        rest = &variable[length..];
    }
    filled + rest
}

/// The name of a variable at the beginning of a text, and how long all of it is.
fn name(text: &str) -> (&str, usize) {
    let word = |text: &str| text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    let after = &text[1..];
    match after.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
        Some((inner, _)) => (inner.split(':').next().unwrap_or(inner), inner.len() + 3),
        None => (&after[..word(after)], 1 + word(after)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_replaced_in_each_of_its_forms() {
        let values = [("job", "web"), ("__range", "1h")];
        assert_eq!(fill("$job ${job} ${job:regex}[$__range]", &values), "web web web[1h]");
    }

    #[test]
    fn what_is_no_variable_stays() {
        assert_eq!(fill("${1}xx $jobs costs 5$ ${open $", &[("job", "web")]), "${1}xx $jobs costs 5$ ${open $");
    }
}
