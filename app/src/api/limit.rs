//! `no`: how many entries of a list are asked for.

/// Entries when nothing is asked for.
const DEFAULT: i64 = 100;
/// Entries at most, also for who asks for fewer than none.
const MAX: i64 = 1_000;

/// The limit in a query string: not an integer is as if not given, 0 is an empty list, negative or huge is the maximum.
pub(super) fn limit(query: Option<&str>) -> i64 {
    let given = form_urlencoded::parse(query.unwrap_or_default().as_bytes()).find(|(key, _)| key == "no");
    let Some(text) = given.map(|(_, value)| value.trim().to_owned()) else { return DEFAULT };
    match text.parse::<i64>() {
        Ok(no) if (0..=MAX).contains(&no) => no,
        Ok(_) => MAX,
        // An integer too large for 64 bits is still an integer.
        Err(_) if is_integer(&text) => MAX,
        Err(_) => DEFAULT,
    }
}

fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::limit;

    #[test]
    fn the_limit_is_bounded_whatever_is_asked() {
        let cases = [
            ("", 100),
            ("no=", 100),
            ("no=x", 100),
            ("no=1.5", 100),
            ("no=0", 0),
            ("no=7", 7),
            ("no=-1", 1_000),
            ("no=1001", 1_000),
            ("no=99999999999999999999", 1_000),
            ("latest=3&no=20", 20),
        ];
        for (query, expected) in cases {
            assert_eq!(limit(Some(query)), expected, "{query}");
        }
    }
}
