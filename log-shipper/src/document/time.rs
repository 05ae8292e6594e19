//! Times as Elasticsearch reads them.

/// Whether `text` is a time of RFC 3339 in the years 1970 to 9999 that Elasticsearch's `strict_date_optional_time` takes
/// as well: capital `T` and `Z`, at most nine digits of a second, no leap second, an offset of at most 18 hours.
pub(super) fn is_valid(text: &[u8]) -> bool {
    let Some((date, rest)) = text.split_first_chunk::<10>() else { return false };
    let Some((clock, rest)) = rest.split_first_chunk::<9>() else { return false };
    is_date(*date) && is_clock(*clock) && is_offset(without_fraction(rest))
}

fn is_date([y1, y2, y3, y4, dash, m1, m2, dash2, d1, d2]: [u8; 10]) -> bool {
    let (Some(century), Some(year), Some(month), Some(day)) = (pair(y1, y2), pair(y3, y4), pair(m1, m2), pair(d1, d2))
    else {
        return false;
    };
    let year = century * 100 + year;
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    [dash, dash2] == *b"--" && year >= 1970 && (1..=days).contains(&day)
}

/// `T09:00:00`
fn is_clock([t, h1, h2, colon, m1, m2, colon2, s1, s2]: [u8; 9]) -> bool {
    let below = |first, second, limit| pair(first, second).is_some_and(|number| number < limit);
    [t, colon, colon2] == *b"T::" && below(h1, h2, 24) && below(m1, m2, 60) && below(s1, s2, 60)
}

/// What comes behind `.123`; nothing, which is no offset, if that is not one to nine digits.
fn without_fraction(rest: &[u8]) -> &[u8] {
    let Some(fraction) = rest.strip_prefix(b".") else { return rest };
    let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if (1..=9).contains(&digits) { &fraction[digits..] } else { &[] }
}

/// `Z`, `+01:00`
fn is_offset(text: &[u8]) -> bool {
    match *text {
        [b'Z'] => true,
        [b'+' | b'-', h1, h2, b':', m1, m2] => match (pair(h1, h2), pair(m1, m2)) {
            (Some(hours), Some(minutes)) => minutes < 60 && hours * 60 + minutes <= 18 * 60,
            _ => false,
        },
        _ => false,
    }
}

fn pair(first: u8, second: u8) -> Option<u16> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| u16::from(byte - b'0'));
    Some(digit(first)? * 10 + digit(second)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("2026-11-25T09:00:00Z", true)]
    #[case("2026-11-25T09:00:00.1Z", true)]
    #[case("2026-11-25T09:00:00.123456789Z", true)]
    #[case("2026-11-25T09:00:00.123456789+05:30", true)]
    #[case("2026-11-25T09:00:00-18:00", true)]
    #[case("1970-01-01T00:00:00Z", true)]
    #[case("9999-12-31T23:59:59Z", true)]
    #[case("2024-02-29T00:00:00Z", true)]
    #[case("2000-02-29T00:00:00Z", true)]
    #[case("2100-02-29T00:00:00Z", false)]
    #[case("2026-02-29T09:00:00Z", false)]
    #[case("2026-04-31T09:00:00Z", false)]
    #[case("2026-13-01T09:00:00Z", false)]
    #[case("2026-00-01T09:00:00Z", false)]
    #[case("2026-01-00T09:00:00Z", false)]
    #[case("1969-12-31T23:59:59Z", false)]
    #[case("0001-01-01T00:00:00Z", false)]
    #[case("2026-11-25T24:00:00Z", false)]
    #[case("2026-11-25T23:60:00Z", false)]
    #[case("2026-11-25T23:59:60Z", false)]
    #[case("2026-11-25T09:00:00.Z", false)]
    #[case("2026-11-25T09:00:00.1234567890Z", false)]
    #[case("2026-11-25T09:00:00,5Z", false)]
    #[case("2026-11-25T09:00:00", false)]
    #[case("2026-11-25T09:00:00+18:01", false)]
    #[case("2026-11-25T09:00:00+01:60", false)]
    #[case("2026-11-25T09:00:00+0100", false)]
    #[case("2026-11-25t09:00:00z", false)]
    #[case("2026-11-25 09:00:00Z", false)]
    #[case("2026-11-25", false)]
    #[case("2026-11-25T09:00:00Z ", false)]
    #[case("+2026-11-25T09:00:00Z", false)]
    #[case("", false)]
    fn a_time_is_one_that_elasticsearch_takes(#[case] text: &str, #[case] valid: bool) {
        assert_eq!(is_valid(text.as_bytes()), valid, "{text}");
    }
}
