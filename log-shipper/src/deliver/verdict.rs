//! What an answer means: the table that says which document is done, which is sent again, and which never will be stored.

use crate::bulk::{FailureStore, Outcome, Problem};

/// What happens to an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is stored.
    Stored,
    /// The failure store has it.
    FailureStore,
    /// It was stored before.
    Repeated,
    /// It is kept and sent again.
    Again(Obstacle),
    /// It will never be stored.
    Refused,
}

/// Why something has to be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// The server has too much to do; it did nothing.
    Busy,
    /// The server failed; it may have stored something all the same.
    Broken,
    /// The shipper may not do that.
    Denied,
    /// The index is blocked.
    Blocked,
    /// The index is missing, and is not created by itself.
    Missing,
    /// The server, or what stands before it, does not understand requests like this one at all.
    Misled,
}

/// What happens to a request as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whole {
    /// The answer tells of each item.
    Itemised,
    /// It was too large.
    TooLarge,
    /// Something in it is malformed, or what is before the server makes it so.
    Malformed,
    /// It is sent again.
    Again(Obstacle),
}

const BLOCK: &str = "cluster_block_exception";
pub(super) const NO_INDEX: &str = "index_not_found_exception";
pub(super) const CLOSED: &str = "index_closed_exception";
/// The cluster has too many shards.
const FULL: &str = "validation_exception";

impl Verdict {
    pub(super) fn of(outcome: &Outcome) -> Self {
        match (outcome.status, outcome.kind()) {
            (200..=299, _) if outcome.failure_store == FailureStore::Used => Self::FailureStore,
            (200..=299, _) => Self::Stored,
            (409, _) => Self::Repeated,
            // A closed index and a cluster with too many shards say 400, but somebody will open the one and tidy the other.
            (403 | 429, BLOCK) | (400, CLOSED | FULL) => Self::Again(Obstacle::Blocked),
            (401 | 403, _) => Self::Again(Obstacle::Denied),
            (404, _) => Self::Again(Obstacle::Missing),
            (429, _) => Self::Again(Obstacle::Busy),
            (400..=499, _) => Self::Refused,
            _ => Self::Again(Obstacle::Broken),
        }
    }
}

impl Whole {
    /// `problem` is Elasticsearch's own error, if the answer has one.
    pub(super) fn of(status: u16, problem: Option<&Problem>) -> Self {
        let kind = problem.map_or("", |problem| problem.kind.as_str());
        match (status, kind) {
            (200..=299, _) => Self::Itemised,
            (413, _) => Self::TooLarge,
            (403 | 429, BLOCK) | (400, CLOSED | FULL) => Self::Again(Obstacle::Blocked),
            (401 | 403, _) => Self::Again(Obstacle::Denied),
            (404, NO_INDEX) => Self::Again(Obstacle::Missing),
            (429, _) => Self::Again(Obstacle::Busy),
            (400, "") => Self::Again(Obstacle::Misled),
            (400, _) => Self::Malformed,
            (408, _) => Self::Again(Obstacle::Broken),
            (300..=499, _) => Self::Again(Obstacle::Misled),
            _ => Self::Again(Obstacle::Broken),
        }
    }
}

impl Obstacle {
    /// Whether what was sent may have been stored.
    pub(super) fn leaves_doubt(self) -> bool {
        self == Self::Broken
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(200, "", Verdict::Stored)]
    #[case(201, "", Verdict::Stored)]
    #[case(409, "version_conflict_engine_exception", Verdict::Repeated)]
    #[case(429, "es_rejected_execution_exception", Verdict::Again(Obstacle::Busy))]
    #[case(429, "cluster_block_exception", Verdict::Again(Obstacle::Blocked))]
    #[case(403, "cluster_block_exception", Verdict::Again(Obstacle::Blocked))]
    #[case(403, "security_exception", Verdict::Again(Obstacle::Denied))]
    #[case(404, "index_not_found_exception", Verdict::Again(Obstacle::Missing))]
    #[case(400, "index_closed_exception", Verdict::Again(Obstacle::Blocked))]
    #[case(400, "validation_exception", Verdict::Again(Obstacle::Blocked))]
    #[case(500, "", Verdict::Again(Obstacle::Broken))]
    #[case(503, "unavailable_shards_exception", Verdict::Again(Obstacle::Broken))]
    #[case(999, "", Verdict::Again(Obstacle::Broken))]
    #[case(302, "", Verdict::Again(Obstacle::Broken))]
    #[case(400, "mapper_parsing_exception", Verdict::Refused)]
    #[case(400, "document_parsing_exception", Verdict::Refused)]
    #[case(400, "illegal_argument_exception", Verdict::Refused)]
    #[case(400, "", Verdict::Refused)]
    #[case(413, "", Verdict::Refused)]
    #[case(422, "", Verdict::Refused)]
    fn an_item(#[case] status: u16, #[case] kind: &str, #[case] verdict: Verdict) {
        let problem = Some(Box::new(Problem { kind: kind.to_owned(), reason: String::new() }));
        for failure_store in [FailureStore::No, FailureStore::Failed] {
            assert_eq!(Verdict::of(&Outcome { status, failure_store, problem: problem.clone() }), verdict);
        }
    }

    #[test]
    fn an_item_in_the_failure_store() {
        let outcome = Outcome { status: 201, failure_store: FailureStore::Used, problem: None };
        assert_eq!(Verdict::of(&outcome), Verdict::FailureStore);
    }

    #[rstest]
    #[case(200, "", Whole::Itemised)]
    #[case(413, "", Whole::TooLarge)]
    #[case(400, "illegal_argument_exception", Whole::Malformed)]
    #[case(400, "", Whole::Again(Obstacle::Misled))]
    #[case(400, "index_closed_exception", Whole::Again(Obstacle::Blocked))]
    #[case(400, "validation_exception", Whole::Again(Obstacle::Blocked))]
    #[case(401, "security_exception", Whole::Again(Obstacle::Denied))]
    #[case(403, "", Whole::Again(Obstacle::Denied))]
    #[case(403, "cluster_block_exception", Whole::Again(Obstacle::Blocked))]
    #[case(429, "cluster_block_exception", Whole::Again(Obstacle::Blocked))]
    #[case(429, "", Whole::Again(Obstacle::Busy))]
    #[case(404, "index_not_found_exception", Whole::Again(Obstacle::Missing))]
    #[case(404, "", Whole::Again(Obstacle::Misled))]
    #[case(406, "", Whole::Again(Obstacle::Misled))]
    #[case(408, "", Whole::Again(Obstacle::Broken))]
    #[case(302, "", Whole::Again(Obstacle::Misled))]
    #[case(502, "", Whole::Again(Obstacle::Broken))]
    #[case(503, "cluster_block_exception", Whole::Again(Obstacle::Broken))]
    fn a_request(#[case] status: u16, #[case] kind: &str, #[case] whole: Whole) {
        let problem = Problem { kind: kind.to_owned(), reason: String::new() };
        assert_eq!(Whole::of(status, Some(&problem)), whole);
    }
}
