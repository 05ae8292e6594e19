//! The hosts: used in turn; one that fails is left alone for a while.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use url::Url;

use super::BuildError;
use super::backoff::Patience;
use super::request::{Failure, Reply, Request};
use super::settings::{Access, Credentials};
use super::wire::Wire;

/// All hosts, shared by the lanes.
pub struct Hosts {
    wires: Vec<Wire>,
    state: Mutex<State>,
    patience: Patience,
}

#[derive(Debug)]
struct State {
    next: usize,
    rests: Vec<Rest>,
}

/// How a host has done lately.
#[derive(Clone, Copy, Debug, Default)]
struct Rest {
    /// Failures since it last answered.
    failures: u32,
    until: Option<Instant>,
}

impl Hosts {
    /// Builds a client for each.
    ///
    /// # Errors
    /// There is none, or a certificate or a credential cannot be used.
    pub fn new(urls: &[Url], access: &Access, patience: Patience) -> Result<Self, BuildError> {
        if urls.is_empty() {
            return Err(BuildError::NoHost);
        }
        let wires = urls.iter().map(|url| Wire::new(url, access)).collect::<Result<_, _>>()?;
        let state = Mutex::new(State { next: 0, rests: vec![Rest::default(); urls.len()] });
        Ok(Self { wires, state, patience })
    }

    /// Says to all from now on who the shipper is.
    ///
    /// # Errors
    /// The credentials have characters that a header cannot have: all stays as it was.
    pub(super) fn log_in(&self, credentials: Option<&Credentials>) -> Result<(), BuildError> {
        self.wires.iter().try_for_each(|wire| wire.log_in(credentials))
    }

    /// Asks the host whose turn it is. One that failed is knocked at first, so that a large body is not sent in vain.
    ///
    /// # Errors
    /// It could not be reached, or did not answer.
    pub async fn ask(&self, request: &Request<'_>) -> Result<Reply, Failure> {
        let (host, failed) = self.choose(Instant::now());
        let wire = &self.wires[host];
        let answer = match if failed { wire.knock().await } else { Ok(()) } {
            Ok(()) => wire.ask(request).await,
            Err(failure) => Err(failure),
        };
        self.remember(Instant::now(), host, &answer);
        answer
    }

    /// Whether one of several hosts does not rest, so that nobody has to wait because of another one.
    pub(super) fn has_another(&self, now: Instant) -> bool {
        self.wires.len() > 1 && self.lock().rests.iter().any(|rest| rest.is_over(now))
    }

    /// The next one that does not rest; if all do, the one that is due first. And whether it failed the last time.
    fn choose(&self, now: Instant) -> (usize, bool) {
        let mut state = self.lock();
        let count = state.rests.len();
        let turns = (0..count).map(|turn| (state.next + turn) % count);
        let ready = turns.clone().find(|&host| state.rests[host].is_over(now));
        let host = ready.or_else(|| turns.min_by_key(|&host| state.rests[host].until)).unwrap_or(0);
        state.next = (host + 1) % count;
        (host, state.rests[host].failures > 0)
    }

    fn remember(&self, now: Instant, host: usize, answer: &Result<Reply, Failure>) {
        let mut state = self.lock();
        let rest = &mut state.rests[host];
        let asked = match answer {
            Ok(Reply { status: 502..=504, retry_after, .. }) => *retry_after,
            Ok(_) => return *rest = Rest::default(),
            Err(_) => None,
        };
        rest.until = Some(now + self.patience.next(rest.failures, asked));
        rest.failures = rest.failures.saturating_add(1);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rest {
    fn is_over(self, now: Instant) -> bool {
        self.until.is_none_or(|until| until <= now)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;

    use super::*;

    fn hosts(count: u16) -> Hosts {
        let urls: Vec<Url> = (0..count).map(|port| format!("http://127.0.0.1:{}", port + 1).parse().unwrap()).collect();
        Hosts::new(&urls, &Access::default(), Patience::default()).unwrap()
    }

    fn failed() -> Result<Reply, Failure> {
        Err(Failure::Unreached("nobody is there".to_owned()))
    }

    fn answered(status: u16, retry_after: Option<Duration>) -> Reply {
        Reply { status, retry_after, body: Bytes::new() }
    }

    #[test]
    fn a_host_rests_as_long_as_it_asked_for() {
        let (hosts, now) = (hosts(2), Instant::now());
        for (status, host) in [(502, 0), (503, 1)] {
            hosts.remember(now, host, &Ok(answered(status, Some(Duration::from_mins(2)))));
        }
        assert!(!hosts.has_another(now + Duration::from_secs(119)));
        assert!(hosts.has_another(now + Duration::from_secs(121)));
    }

    #[test]
    fn hosts_are_used_in_turn() {
        let (hosts, now) = (hosts(3), Instant::now());
        let turns: Vec<_> = (0..4).map(|_| hosts.choose(now)).collect();
        assert_eq!(turns, [(0, false), (1, false), (2, false), (0, false)]);
    }

    #[test]
    fn one_that_failed_rests_and_comes_back() {
        let (hosts, now) = (hosts(2), Instant::now());
        hosts.remember(now, 0, &failed());
        hosts.lock().rests[0].until = Some(now + Duration::from_secs(5));
        assert_eq!((hosts.choose(now), hosts.choose(now)), ((1, false), (1, false)));
        let later = now + Duration::from_secs(6);
        assert_eq!(hosts.choose(later), (0, true));
        hosts.remember(later, 0, &Ok(answered(200, None)));
        assert_eq!((hosts.choose(later).0, hosts.choose(later)), (1, (0, false)));
    }

    #[test]
    fn a_host_rests_longer_the_more_often_it_failed() {
        let (hosts, now) = (hosts(1), Instant::now());
        for failures in 1..20 {
            hosts.remember(now, 0, &failed());
            let rest = hosts.lock().rests[0];
            assert_eq!(rest.failures, failures);
            assert!(rest.until.unwrap() <= now + Patience::default().longest);
        }
    }

    #[test]
    fn if_all_rest_the_one_that_is_due_first_is_used() {
        let (hosts, now) = (hosts(3), Instant::now());
        for (host, seconds) in [(0, 30), (1, 10), (2, 20)] {
            hosts.lock().rests[host] = Rest { failures: 1, until: Some(now + Duration::from_secs(seconds)) };
        }
        assert!(!hosts.has_another(now));
        assert_eq!((hosts.choose(now).0, hosts.choose(now).0), (1, 1));
    }
}
