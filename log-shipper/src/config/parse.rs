//! Reads values of settings; an error says what is accepted, and never what was given.

use std::net::SocketAddr;
use std::time::Duration;

use globset::{Glob, GlobBuilder};
use regex::bytes::{Regex, RegexBuilder};
use url::Url;

/// A pattern that becomes a larger automaton than this is refused.
const PATTERN_BYTES: usize = 1 << 20;

/// Where a listener listens, if at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listen {
    /// Nowhere.
    Off,
    /// Here; port 0 takes a free one.
    At(SocketAddr),
}

impl Listen {
    /// The address, if there is one.
    #[must_use]
    pub fn address(self) -> Option<SocketAddr> {
        match self {
            Self::Off => None,
            Self::At(address) => Some(address),
        }
    }
}

/// The SHA-256 of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint(pub [u8; 32]);

pub(super) fn listen(text: &str) -> Result<Listen, String> {
    match text {
        "off" => Ok(Listen::Off),
        _ => text.parse().map(Listen::At).map_err(|_| "expected an address such as 127.0.0.1:9001, or `off`".into()),
    }
}

/// `200ms`, `5s`, `7d`; a bare number would leave its unit to guess.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let factor = |unit: &str| match unit {
        "ms" => Some(1),
        "s" => Some(1_000),
        "m" => Some(60_000),
        "h" => Some(3_600_000),
        "d" => Some(86_400_000),
        _ => None,
    };
    // A century fits into every clock that these are added to.
    let milliseconds = number_with_unit(text, factor).filter(|ms| *ms <= 36_525 * 86_400_000);
    let error = || "expected a time with a unit, such as 200ms, 5s or 7d".to_owned();
    milliseconds.map(Duration::from_millis).ok_or_else(error)
}

/// A time that is waited for, so that a loop around it does not spin.
pub(crate) fn wait(text: &str) -> Result<Duration, String> {
    let duration = duration(text)?;
    if duration.is_zero() { Err("expected more than no time, such as 200ms or 5s".into()) } else { Ok(duration) }
}

/// `64KiB`, `2MiB`, `1MB`: at least one byte, at most a pebibyte.
pub(super) fn bytes(text: &str) -> Result<u64, String> {
    let factor = |unit: &str| match unit {
        "B" => Some(1),
        "KiB" => Some(1 << 10),
        "MiB" => Some(1 << 20),
        "GiB" => Some(1 << 30),
        "kB" | "KB" => Some(1_000),
        "MB" => Some(1_000_000),
        "GB" => Some(1_000_000_000),
        _ => None,
    };
    let bytes = number_with_unit(text, factor).filter(|bytes| (1..=1 << 50).contains(bytes));
    bytes.ok_or_else(|| "expected a size with a unit, such as 64KiB, 2MiB or 1MB".into())
}

/// Bytes that are held in memory: from a kibibyte to 64 GiB.
pub(super) fn memory(text: &str) -> Result<usize, String> {
    let bytes = Some(bytes(text)?).filter(|bytes| (1 << 10..=64 << 30).contains(bytes));
    bytes.and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| "expected a size from 1KiB to 64GiB".into())
}

fn number_with_unit(text: &str, factor: impl Fn(&str) -> Option<u64>) -> Option<u64> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    number.parse::<u64>().ok()?.checked_mul(factor(unit.trim_start_matches(' '))?)
}

/// How many of something.
pub(super) fn count<const MOST: usize>(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (1..=MOST).contains(number));
    number.ok_or_else(|| format!("expected a number from 1 to {MOST}"))
}

/// A regular expression over bytes. What is wrong is said in words; the pattern itself is not repeated.
pub(super) fn pattern(text: &str) -> Result<Regex, String> {
    let built = RegexBuilder::new(text).size_limit(PATTERN_BYTES).build();
    let pattern = built.map_err(|error| format!("expected a regular expression{}", reason(&error)))?;
    if pattern.is_match(b"") { Err("expected a pattern that does not match an empty text".into()) } else { Ok(pattern) }
}

/// A regular expression that says where a line begins; this one may match an empty text.
pub(super) fn start_pattern(text: &str) -> Result<Regex, String> {
    let built = RegexBuilder::new(text).size_limit(PATTERN_BYTES).build();
    built.map_err(|error| format!("expected a regular expression{}", reason(&error)))
}

fn reason(error: &regex::Error) -> String {
    match error {
        regex::Error::CompiledTooBig(_) => " that is smaller when compiled".into(),
        // The last line of several; those before it repeat the pattern.
        other => other.to_string().rsplit_once("\nerror: ").map_or_else(String::new, |(_, said)| format!(": {said}")),
    }
}

/// A pattern of paths, in which `*` stays within a folder and `**` does not.
pub(super) fn path_glob(text: &str) -> Result<Glob, String> {
    let built = GlobBuilder::new(text).literal_separator(true).build();
    built
        .ok()
        .filter(|_| !text.is_empty())
        .ok_or_else(|| "expected a path, with *, ?, [a-z] or {a,b} where needed".into())
}

/// The address of an Elasticsearch host. User and password do not belong into it: it is logged.
pub(super) fn host(text: &str) -> Result<Url, String> {
    let error = "expected a URL such as http://127.0.0.1:9200 or https://search.example:9200";
    if !text.contains("://") {
        return Err(format!("{error}, with http:// or https:// before the host"));
    }
    let url = Url::parse(text).map_err(|_| error)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("expected a URL without user and password: give these by --user and --password-file".into());
    }
    let usable = matches!(url.scheme(), "http" | "https") && url.has_host();
    if usable && url.query().is_none() && url.fragment().is_none() { Ok(url) } else { Err(error.into()) }
}

/// The name of a data stream, an index or an alias, as Elasticsearch allows it.
pub(super) fn target(text: &str) -> Result<String, String> {
    let forbidden = |c: char| c.is_control() || c.is_uppercase() || "\\/*?\"<>| ,#:".contains(c);
    let fits = (1..=255).contains(&text.len()) && !text.starts_with(['-', '_', '+', '.']) && !text.contains(forbidden);
    if fits { Ok(text.to_owned()) } else { Err("expected a data stream's name such as logs-minitwit-default".into()) }
}

/// 64 hexadecimal digits, with or without colons between the bytes.
pub(super) fn fingerprint(text: &str) -> Result<Fingerprint, String> {
    let digits: Vec<u32> = text.chars().filter(|c| *c != ':').map_while(|c| c.to_digit(16)).collect();
    let pairs: Vec<u8> = digits.chunks_exact(2).filter_map(|pair| (pair[0] << 4 | pair[1]).try_into().ok()).collect();
    let whole = digits.len() == 64 && text.chars().all(|c| c == ':' || c.is_ascii_hexdigit());
    let bytes = pairs.try_into().ok().filter(|_| whole);
    bytes.map(Fingerprint).ok_or_else(|| "expected the SHA-256 of a certificate: 64 hexadecimal digits".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_and_a_size_have_a_unit() {
        assert_eq!(duration("200ms"), Ok(Duration::from_millis(200)));
        assert_eq!(duration("7d"), Ok(Duration::from_hours(168)));
        assert_eq!(bytes("2MiB"), Ok(2 << 20));
        assert_eq!(bytes("64 KiB"), Ok(64 << 10));
        assert_eq!(bytes("1MB"), Ok(1_000_000));
        for wrong in ["", "5", "s", "-1s", "1.5s", "99999999999999999999s", "1w", "40000d"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
        for wrong in ["", "5", "0B", "MiB", "-1MiB", "1.5MiB", "1mib", "99999999999GiB"] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
        assert!(wait("0s").is_err() && memory("1B").is_err());
    }

    #[test]
    fn a_url_with_a_password_is_refused_and_not_repeated() {
        for wrong in [
            "http://ada:hunter2@db:9200",
            "http://ada@db:9200",
            "ftp://db",
            "db:9200",
            "hunter2",
            "http://db/?x=hunter2",
        ] {
            let said = host(wrong).unwrap_err();
            assert!(!said.contains("hunter2") && said.starts_with("expected"), "{said}");
        }
        assert!(host("http://ada:hunter2@db:9200").unwrap_err().contains("--password-file"));
        for without in ["db:9200", "127.0.0.1", "localhost:9200", "http:/db:9200"] {
            assert!(host(without).unwrap_err().contains("with http:// or https://"), "{without}");
        }
        assert!(host("https://[::1]:9200/elastic").is_ok());
    }

    #[test]
    fn what_is_wrong_with_a_pattern_is_said_without_the_pattern() {
        let said = pattern("hunter2(").unwrap_err();
        assert_eq!(said, "expected a regular expression: unclosed group");
        assert!(pattern("(?:a{999}){999}").unwrap_err().contains("smaller"));
        assert!(pattern("x*").is_err() && start_pattern("^").is_ok());
    }

    #[test]
    fn a_fingerprint_is_read_with_and_without_colons() {
        let (plain, colons) = ("0A".repeat(32), ["0a"; 32].join(":"));
        assert_eq!(fingerprint(&plain), Ok(Fingerprint([10; 32])));
        assert_eq!(fingerprint(&colons), Ok(Fingerprint([10; 32])));
        for wrong in [&plain[1..], &format!("{plain}0"), &format!("{}x", &plain[1..]), ""] {
            assert!(fingerprint(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_target_is_a_name_that_elasticsearch_allows() {
        assert!(target("logs-minitwit-default").is_ok());
        for wrong in ["", "Logs", "logs-*", "-logs", ".logs", "a,b", "a b", "a/b"] {
            assert!(target(wrong).is_err(), "{wrong}");
        }
    }
}
