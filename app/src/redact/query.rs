//! The query string, rebuilt from the few keys that hold an integer.

/// The keys that our pages and our API read; all are integers.
const KEYS: [&str; 5] = ["before", "after", "p", "no", "latest"];

/// Ten digits are enough for every number of ours, and fewer than a card's, an account's or a token's.
const DIGITS_MAX: usize = 10;

/// Whether a number has at most ten digits, so that a line may have it.
#[must_use]
pub fn is_small(number: u64) -> bool {
    number < 10_u64.pow(10)
}

/// What is shown of a query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// `key=integer` pairs joined by `&`; empty if nothing may be shown.
    pub shown: String,
    /// How many pairs were left out.
    pub dropped: u32,
}

impl Query {
    /// Reads a query as the routes do (`application/x-www-form-urlencoded`). A key's second value is left out.
    #[must_use]
    pub fn parse(raw: &str) -> Self {
        let mut query = Self::default();
        let mut seen = [false; KEYS.len()];
        for (key, value) in form_urlencoded::parse(raw.as_bytes()) {
            let at = KEYS.iter().position(|known| *known == key).filter(|at| !seen[*at]);
            match at.zip(small_integer(&value)) {
                Some((at, number)) => {
                    seen[at] = true;
                    query.show(KEYS[at], number);
                }
                None => query.dropped += 1,
            }
        }
        query
    }

    fn show(&mut self, key: &str, number: i64) {
        for part in [if self.shown.is_empty() { "" } else { "&" }, key, "=", itoa::Buffer::new().format(number)] {
            self.shown.push_str(part);
        }
    }
}

/// The integer that `text` is, if it has at most ten digits and perhaps a minus, and nothing else.
#[must_use]
pub fn small_integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let fits = (1..=DIGITS_MAX).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_allowed_integers_remain() {
        for (raw, shown, dropped) in [
            ("latest=7&no=20", "latest=7&no=20", 0),
            ("p=1&password=hunter2", "p=1", 1),
            ("%70=01", "p=1", 0),
            ("p=1&p=2", "p=1", 1),
            ("no=-1", "no=-1", 0),
            ("no=1e3&latest=+5&p=%31%00&before=&after=9876543210123", "", 5),
            ("{\"pwd\":\"x\"}", "", 1),
            ("P=1&latest[]=2;no=3", "", 2),
            ("&&", "", 0),
        ] {
            assert_eq!(Query::parse(raw), Query { shown: shown.into(), dropped }, "{raw}");
        }
    }
}
