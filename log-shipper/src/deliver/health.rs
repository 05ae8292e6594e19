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
        /// What it may not write to, if it is known that this is the matter.
        target: Option<String>,
    },
    /// A target cannot be written to.
    Blocked {
        /// `error.type`
        kind: String,
        /// Which, if that is known.
        target: Option<String>,
    },
    /// There is no such target, and nothing creates it; with its name, if that is known.
    Missing(Option<String>),
    /// The address is not that of an Elasticsearch, or not the right one.
    Misled(u16),
    /// Dead letters cannot be kept; with the cause.
    DeadLetters(String),
    /// Ids cannot be looked up, so that documents may be stored twice if the index rolls over at a bad moment.
    NoLookUp(u16),
}

impl Trouble {
    pub(super) fn new(obstacle: Obstacle, status: u16, kind: &str, reason: &str, target: Option<&str>) -> Self {
        // Who is not known may write nowhere.
        let target = target.filter(|_| status != 401).map(str::to_owned);
        match obstacle {
            Obstacle::Busy => Self::Busy,
            Obstacle::Broken => Self::Broken(status),
            Obstacle::Denied => Self::Denied { status, kind: kind.to_owned(), privileges: privileges(reason), target },
            Obstacle::Blocked => Self::Blocked { kind: kind.to_owned(), target },
            Obstacle::Missing => Self::Missing(target),
            Obstacle::Misled => Self::Misled(status),
        }
    }

    /// Somebody has to change something first, and each try may bring an account nearer to being locked.
    pub(super) fn takes_its_time(&self) -> bool {
        matches!(self, Self::Denied { .. })
    }

    /// What cannot be written to, if that is the matter and known.
    fn target(&self) -> Option<&str> {
        match self {
            Self::Denied { target, .. } | Self::Blocked { target, .. } | Self::Missing(target) => target.as_deref(),
            _ => None,
        }
    }

    /// Whether it would be no news beside `other`.
    fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other) && self.target() == other.target()
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
            Self::Denied { status, kind, privileges, target } => {
                let to = target.as_ref().map(|target| format!(" to {target}")).unwrap_or_default();
                write!(f, "Elasticsearch denies writing{to} ({status} {kind}): ")?;
                match privileges {
                    Some(list) => write!(f, "the shipper's role needs one of {list}"),
                    None => write!(f, "give the shipper's role `create_doc`"),
                }
            }
            Self::Blocked { kind, target } => {
                let target = target.as_deref().unwrap_or("the target");
                write!(f, "{target} cannot be written to ({kind}): is its disk full, is it read-only or closed?")
            }
            Self::Missing(None) => {
                write!(f, "the target does not exist and is not created by itself: run `log-shipper setup`")
            }
            Self::Missing(Some(target)) => write!(
                f,
                "{target} does not exist and is not created by itself: run `log-shipper setup --target {target}`"
            ),
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

    /// One thing that is in the way of delivery; none if the shipper is ready.
    #[must_use]
    pub fn trouble(&self) -> Option<Trouble> {
        self.lock().iter().flatten().next().cloned()
    }

    /// All that is in the way, each once; at most as many as there are lanes.
    #[must_use]
    pub fn troubles(&self) -> Vec<Trouble> {
        let mut troubles: Vec<Trouble> = Vec::new();
        for trouble in self.lock().iter().flatten() {
            if !troubles.iter().any(|known| known.is_like(trouble)) {
                troubles.push(trouble.clone());
            }
        }
        troubles
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
        let known = lanes.iter().flatten().any(|other| trouble.is_like(other));
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
        health.note(0, &Trouble::Missing(None), 0);
        health.note(1, &Trouble::Missing(None), 0);
        health.well(0);
        assert_eq!(health.trouble(), Some(Trouble::Missing(None)));
        health.well(1);
        assert_eq!(health.trouble(), None);
    }

    #[test]
    fn each_target_that_is_missing_is_told_of_once() {
        let health = Health::new(4);
        let missing = |target: &str| Trouble::Missing(Some(target.to_owned()));
        for (lane, trouble) in [missing("a"), missing("b"), missing("a"), Trouble::Misled(404)].iter().enumerate() {
            health.note(lane, trouble, 0);
        }
        assert_eq!(health.troubles(), [missing("a"), missing("b"), Trouble::Misled(404)]);
    }

    #[test]
    fn a_denial_names_the_privileges_that_the_server_lists() {
        let reason = "action [indices:admin/auto_create] is unauthorized for user [shipper] with effective roles [r] on \
                      indices [logs-x], this action is granted by the index privileges [auto_configure,create_index,manage,all]";
        let trouble = Trouble::new(Obstacle::Denied, 403, "security_exception", reason, Some("logs-x"));
        assert_eq!(
            trouble.to_string(),
            "Elasticsearch denies writing to logs-x (403 security_exception): the shipper's role needs one of \
             auto_configure,create_index,manage,all"
        );
        assert_eq!(privileges("privileges [<script>]"), None);
    }
}
