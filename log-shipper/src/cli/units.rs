//! Numbers with units, as people read them.

const UNITS: [&str; 5] = ["KiB", "MiB", "GiB", "TiB", "PiB"];

/// `512 B`, `1.5 KiB`, `20 MiB`: two digits, or three where there is no fraction.
pub(super) fn bytes(bytes: u64) -> String {
    let (mut tenths, mut unit) = (bytes.saturating_mul(10), "B");
    for next in UNITS {
        if tenths < 10_240 {
            break;
        }
        (tenths, unit) = (tenths / 1_024, next);
    }
    match (unit, tenths) {
        ("B", _) | (_, 100..) => format!("{} {unit}", tenths / 10),
        _ => format!("{}.{} {unit}", tenths / 10, tenths % 10),
    }
}

/// `1 file`, `2 files`.
pub(super) fn counted(number: u64, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// `5 s ago`, `3 min ago`, `2 h ago`, `4 d ago`.
pub(super) fn ago(seconds: u64) -> String {
    let (number, unit) = match seconds {
        0..60 => (seconds, "s"),
        60..3_600 => (seconds / 60, "min"),
        3_600..86_400 => (seconds / 3_600, "h"),
        _ => (seconds / 86_400, "d"),
    };
    format!("{number} {unit} ago")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_told_in_the_largest_unit_that_fits() {
        for (number, text) in [
            (0, "0 B"),
            (1_023, "1023 B"),
            (1_024, "1.0 KiB"),
            (1_536, "1.5 KiB"),
            (20 << 20, "20 MiB"),
            (3 << 30, "3.0 GiB"),
            (u64::MAX, "1638 PiB"),
        ] {
            assert_eq!(bytes(number), text);
        }
    }

    #[test]
    fn one_thing_is_no_plural() {
        assert_eq!((counted(1, "file"), counted(0, "file")), ("1 file".to_owned(), "0 files".to_owned()));
    }

    #[test]
    fn ages_are_told_in_one_unit() {
        for (seconds, text) in [(0, "0 s ago"), (119, "1 min ago"), (7_200, "2 h ago"), (864_000, "10 d ago")] {
            assert_eq!(ago(seconds), text);
        }
    }
}
