//! What can happen, and how likely that is.

use proptest::collection::vec;
use proptest::prelude::*;

/// A sequence, and the world in which it happens.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// What else the disk loses, or the server does, when the current is cut.
    pub fault: Fault,
    /// Documents of a batch at most.
    pub batch: usize,
    /// Files that are held open at most.
    pub handles: usize,
    /// Whether new plain files begin with the same line.
    pub banner: bool,
    pub steps: Vec<Step>,
}

/// What cannot happen together: whether an index has rolled over is told by what the disk may have lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A cut takes what was not brought to the disk for sure.
    Unsynced,
    /// The index rolls over.
    Rollover,
}

/// Whose files.
#[derive(Clone, Copy, Debug)]
pub(super) enum Whose {
    /// A container's.
    Container,
    /// A plain file's, with rotated ones that are read too.
    Plain,
    /// A plain file's, with rotated ones that nobody reads.
    Bare,
}

/// One thing that happens.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// So many lines are written.
    Write(Whose, u8),
    /// The beginning of a line is written.
    Half(Whose),
    /// A piece of a line of a container is written; the last one, or not.
    Piece(bool),
    /// A rotation by rename; compressed, or not.
    Rotate(Whose, bool),
    /// A copy is made, and the file truncated.
    CopyTruncate(Whose),
    /// The file that is written to is removed.
    Delete(Whose),
    /// The oldest rotated file is removed.
    Prune(Whose),
    /// The finder takes up what the kernel tells, of writes too, or not; it looks through everything, or not.
    Find(bool, bool),
    /// The reader has so many turns.
    Read(u8),
    /// What is undecided is looked at again.
    Judge,
    /// Files are closed so that others have a turn.
    Turns,
    /// Batches that are not full are handed over.
    HandOver,
    /// The server has something to say to the oldest batch of a lane.
    Answer(usize, Answer),
    /// The state is brought to the disk for sure.
    Sync,
    /// The data stream gets a new write index.
    RollOver,
    /// The process is killed, or the current is cut, and it starts anew; of what was not synced, so many 256ths are lost.
    Crash(u8),
    /// It ends as it should, and starts anew.
    Restart,
    /// The clock is set by so many hours.
    SetClock(i8),
    /// What has been gone for long is forgotten.
    Forget,
}

/// What a server does with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Everything is stored, and that is said.
    Acknowledged,
    /// Nothing is stored.
    Refused,
    /// Everything is stored, and nothing is heard of it.
    Lost,
}

impl Plan {
    pub(super) fn any() -> impl Strategy<Value = Self> {
        let fault = prop_oneof![Just(Fault::Unsynced), Just(Fault::Rollover)];
        let handles = prop_oneof![2 => Just(usize::MAX), 1 => 1_usize..5];
        (fault, 1_usize..8, handles, any::<bool>(), vec(step(), 1..60)).prop_map(
            |(fault, batch, handles, pieces, steps)| {
                let steps = steps.into_iter().map(|step| step.of_world(pieces)).collect();
                Self { fault, batch, handles, banner: false, steps }
            },
        )
    }
}

impl Step {
    /// A container's lines come in pieces, or its log is truncated. Docker never truncates one, and who does it between the
    /// pieces of a line can be noticed before the copy is, which has the one before.
    fn of_world(self, pieces: bool) -> Self {
        match self {
            Self::CopyTruncate(Whose::Container) if pieces => Self::Rotate(Whose::Container, false),
            Self::Piece(_) if !pieces => Self::Write(Whose::Container, 1),
            step => step,
        }
    }
}

fn whose() -> impl Strategy<Value = Whose> {
    prop_oneof![3 => Just(Whose::Container), 2 => Just(Whose::Plain), 1 => Just(Whose::Bare)]
}

fn answer() -> impl Strategy<Value = Answer> {
    prop_oneof![4 => Just(Answer::Acknowledged), 1 => Just(Answer::Refused), 2 => Just(Answer::Lost)]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        10 => (whose(), 1_u8..6).prop_map(|(whose, lines)| Step::Write(whose, lines)),
        2 => whose().prop_map(Step::Half),
        4 => any::<bool>().prop_map(Step::Piece),
        4 => (whose(), any::<bool>()).prop_map(|(whose, compress)| Step::Rotate(whose, compress)),
        2 => whose().prop_map(Step::CopyTruncate),
        1 => whose().prop_map(Step::Delete),
        1 => whose().prop_map(Step::Prune),
        8 => any::<(bool, bool)>().prop_map(|(gathered, looks)| Step::Find(gathered, looks)),
        10 => (1_u8..8).prop_map(Step::Read),
        3 => Just(Step::Judge),
        2 => Just(Step::Turns),
        5 => Just(Step::HandOver),
        10 => (0_usize..2, answer()).prop_map(|(lane, answer)| Step::Answer(lane, answer)),
        2 => Just(Step::Sync),
        1 => Just(Step::RollOver),
        4 => any::<u8>().prop_map(Step::Crash),
        1 => Just(Step::Restart),
        1 => any::<i8>().prop_map(Step::SetClock),
        1 => Just(Step::Forget),
    ]
}
