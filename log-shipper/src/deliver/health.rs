//! What is in the way, said once, and whether that makes the shipper unready.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::verdict::Obstacle;

/// Tries in vain after which a trouble that often passes by itself is one that people should know of.
const PASSING: u32 = 3;

/// Something that keeps a lane from delivering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// No answer, or not a whole one; with the cause.
    Unanswered(String),
    /// The server has too much to do.
    Busy,
    /// The server fails, with this status.
    Broken(u16),
    /// The shipper may not do this; with the type of the error, and what is missing if the server says so.
    Denied {
        /// 401 or 403
        status: u16,
        /// `error.type`
        kind: String,
        /// The privileges of which one is missing, as the server lists them.
        privileges: Option<String>,
    },
    /// The target cannot be written to, with the type of the error.
    Blocked(String),
    /// There is no such target, and nothing creates it.
    Missing,
    /// The address is not that of an Elasticsearch, or not the right one.
    Misled(u16),
    /// Dead letters cannot be kept; with the cause.
    DeadLetters(String),
    /// Ids cannot be looked up, so that documents may be stored twice if the index rolls over at a bad moment.
    NoLookUp(u16),
}

impl Trouble {
    pub(super) fn new(obstacle: Obstacle, status: u16, kind: &str, reason: &str) -> Self {
        match obstacle {
            Obstacle::Busy => Self::Busy,
            Obstacle::Broken => Self::Broken(status),
            Obstacle::Denied => Self::Denied { status, kind: kind.to_owned(), privileges: privileges(reason) },
            Obstacle::Blocked => Self::Blocked(kind.to_owned()),
            Obstacle::Missing => Self::Missing,
            Obstacle::Misled => Self::Misled(status),
        }
    }

    /// Somebody has to change something first, and each try may bring an account nearer to being locked.
    pub(super) fn takes_its_time(&self) -> bool {
        matches!(self, Self::Denied { .. })
    }

    fn often_passes(&self) -> bool {
        matches!(self, Self::Unanswered(_) | Self::Busy | Self::Broken(_))
    }
}

/// The last list of privileges in the reason of a `security_exception`: `… by the index privileges [a,b]`.
fn privileges(reason: &str) -> Option<String> {
    let (_, list) = reason.rsplit_once("privileges [")?;
    let (list, _) = list.split_once(']')?;
    let plain = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | ',' | ':' | '/' | '*');
    (list.len() <= 200 && list.chars().all(plain)).then(|| list.to_owned())
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unanswered(cause) => write!(f, "Elasticsearch does not answer: {cause}"),
            Self::Busy => write!(f, "Elasticsearch has too much to do (429)"),
            Self::Broken(status) => write!(f, "Elasticsearch fails with status {status}"),
            Self::Denied { status: 401, kind, .. } => {
                write!(f, "Elasticsearch does not accept the credentials (401 {kind}): check user, password or API key")
            }
            Self::Denied { status, kind, privileges: None } => {
                write!(f, "Elasticsearch denies writing ({status} {kind}): give the shipper's role `create_doc`")
            }
            Self::Denied { status, kind, privileges: Some(list) } => {
                write!(f, "Elasticsearch denies writing ({status} {kind}): the shipper's role needs one of {list}")
            }
            Self::Blocked(kind) => {
                write!(f, "the target cannot be written to ({kind}): is its disk full, is it read-only or closed?")
            }
            Self::Missing => {
                write!(f, "the target does not exist and is not created by itself: run `log-shipper setup`")
            }
            Self::Misled(status) => {
                write!(f, "what answers is not Elasticsearch, or refuses every request ({status}): check the URL")
            }
            Self::DeadLetters(cause) => {
                write!(f, "dead letters cannot be kept ({cause}): make room, or replay or purge those that are there")
            }
            Self::NoLookUp(status) => write!(
                f,
                "ids cannot be looked up ({status}): give the shipper's role `read`, so that nothing is stored twice \
                 when an index rolls over while an answer is lost"
            ),
        }
    }
}

/// The troubles of all lanes.
#[derive(Debug)]
pub struct Health(Mutex<Vec<Option<Trouble>>>);

impl Health {
    pub(super) fn new(lanes: usize) -> Self {
        Self(Mutex::new(vec![None; lanes]))
    }

    /// What is in the way of delivery; nothing if the shipper is ready.
    #[must_use]
    pub fn trouble(&self) -> Option<Trouble> {
        self.lock().iter().flatten().next().cloned()
    }

    /// A lane got on.
    pub(super) fn well(&self, lane: usize) {
        let mut lanes = self.lock();
        if lanes[lane].take().is_some() && lanes.iter().all(Option::is_none) {
            tracing::info!("documents arrive at Elasticsearch again");
        }
    }

    /// A lane waits. It is said when it is new to all lanes; what often passes by itself only after a few tries.
    pub(super) fn note(&self, lane: usize, trouble: &Trouble, tries: u32) {
        if trouble.often_passes() && tries < PASSING {
            return;
        }
        let mut lanes = self.lock();
        let known =
            lanes.iter().flatten().any(|other| std::mem::discriminant(other) == std::mem::discriminant(trouble));
        lanes[lane] = Some(trouble.clone());
        drop(lanes);
        if !known {
            tracing::warn!("{trouble}; documents are kept, and sent again until they arrive");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Option<Trouble>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_by_itself_is_no_trouble_at_first() {
        let health = Health::new(2);
        health.note(0, &Trouble::Busy, 1);
        assert_eq!(health.trouble(), None);
        health.note(0, &Trouble::Busy, PASSING);
        assert_eq!(health.trouble(), Some(Trouble::Busy));
    }

    #[test]
    fn it_is_well_when_every_lane_is() {
        let health = Health::new(2);
        health.note(0, &Trouble::Missing, 0);
        health.note(1, &Trouble::Missing, 0);
        health.well(0);
        assert_eq!(health.trouble(), Some(Trouble::Missing));
        health.well(1);
        assert_eq!(health.trouble(), None);
    }

    #[test]
    fn a_denial_names_the_privileges_that_the_server_lists() {
        let reason = "action [indices:admin/auto_create] is unauthorized for user [shipper] with effective roles [r] on \
                      indices [logs-x], this action is granted by the index privileges [auto_configure,create_index,manage,all]";
        let trouble = Trouble::new(Obstacle::Denied, 403, "security_exception", reason);
        assert_eq!(
            trouble.to_string(),
            "Elasticsearch denies writing (403 security_exception): the shipper's role needs one of \
             auto_configure,create_index,manage,all"
        );
        assert_eq!(privileges("privileges [<script>]"), None);
    }
}
