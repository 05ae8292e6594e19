//! Reads values of settings; an error names the form that is expected.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::time::Duration;

use ipnet::IpNet;

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

/// Reads an address, or `off`.
///
/// # Errors
/// A sentence that says what is expected.
pub fn listen(text: &str) -> Result<Listen, String> {
    match text {
        "off" => Ok(Listen::Off),
        _ => text.parse().map(Listen::At).map_err(|_| "expected an address such as 127.0.0.1:8000, or `off`".into()),
    }
}

/// `500ms`, `2s`, `30d`; a bare number would leave its unit to guess.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let error = || "expected a time with a unit, such as 500ms, 2s or 30d".to_owned();
    let digits = text.find(|c: char| !c.is_ascii_digit()).ok_or_else(error)?;
    let number: u64 = text[..digits].parse().map_err(|_| error())?;
    let milliseconds = match &text[digits..] {
        "ms" => Some(number),
        "s" => number.checked_mul(1_000),
        "m" => number.checked_mul(60_000),
        "h" => number.checked_mul(3_600_000),
        "d" => number.checked_mul(86_400_000),
        _ => None,
    };
    // A century fits into every clock that these are added to.
    milliseconds.filter(|ms| *ms <= 36_525 * 86_400_000).map(Duration::from_millis).ok_or_else(error)
}

/// How many of something, at least one.
pub(super) fn count(text: &str) -> Result<NonZeroUsize, String> {
    text.parse().map_err(|_| "expected a number from 1".into())
}

/// The number of a message or of a user.
pub(crate) fn id(text: &str) -> Result<i64, String> {
    text.parse().map_err(|_| "expected a number such as 42, as the list shows it".into())
}

/// How many rows of a list.
pub(crate) fn rows(text: &str) -> Result<i64, String> {
    let number = text.parse().ok().filter(|number| (1..=100_000).contains(number));
    number.ok_or_else(|| "expected a number from 1 to 100000".into())
}

/// How many connections to a database, which allows 100 by default and rarely many more.
pub(super) fn connections(text: &str) -> Result<u32, String> {
    let number = text.parse().ok().filter(|number| (1..=1_000).contains(number));
    number.ok_or_else(|| "expected a number from 1 to 1000".into())
}

/// A network, or one address.
pub(super) fn network(text: &str) -> Result<IpNet, String> {
    let single = || text.parse().map(|address: std::net::IpAddr| IpNet::from(address));
    text.parse().or_else(|_| single()).map_err(|_| "expected a network such as 10.0.0.0/8, or an address".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_a_unit() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("30d"), Ok(Duration::from_hours(720)));
        for wrong in ["", "5", "s", "-1s", "1.5s", "99999999999999999999s", "1w", "40000d"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_network_may_be_one_address() {
        assert_eq!(network("10.1.2.3"), Ok("10.1.2.3/32".parse().unwrap()));
        assert!(network("10.0.0.0/33").is_err());
    }
}
