//! Where lines come from: a container, a plain file, or standard input; who that is, and how its lines are treated.

use std::collections::BTreeMap;

use regex::bytes::Regex;

/// A container, a plain file with what it was renamed to, or standard input.
#[derive(Clone, Debug)]
pub struct Source {
    /// A name that stays: `container/ID`, `file/PATH` (the path at which it was first seen) or `stdin`.
    pub name: String,
    /// What is known of the container, if it is one.
    pub container: Option<Container>,
    /// How its lines are treated.
    pub hints: Hints,
}

/// A container as Docker's `config.v2.json` describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Container {
    /// 64 hexadecimal digits.
    pub id: String,
    /// The name, without the slash that Docker puts before it; empty while not known.
    pub name: String,
    /// The image as it was asked for (`minitwit:1.2`, without a digest that a swarm added).
    pub image: String,
    /// All labels.
    pub labels: BTreeMap<String, String>,
    /// What a swarm's labels say.
    pub swarm: Option<Swarm>,
    /// Whether this was read; otherwise only the id is known.
    pub known: bool,
}

/// A task of a swarm, or of what it is a part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Swarm {
    /// `com.docker.swarm.service.name`
    pub service: String,
    /// `com.docker.stack.namespace`; empty if the service is part of none.
    pub stack: String,
    /// `com.docker.swarm.task.id`
    pub task: String,
    /// The number in the task's name (`web.3.ID`); 0 where the task has a node in that place (mode global).
    pub slot: u32,
    /// `com.docker.swarm.node.id`
    pub node: String,
}

/// How the lines of a source are treated, by labels of the container or by settings.
#[derive(Clone, Debug)]
pub struct Hints {
    /// Label `log-shipper.dataset`: lines go to the data stream `logs-DATASET-default`.
    pub dataset: Option<String>,
    /// Label `log-shipper.multiline`: a line that does not match it belongs to the one before.
    pub multiline: Option<Regex>,
    /// Label `log-shipper.mask`: `off` if nothing has to be hidden, because the program takes care of that.
    pub mask: bool,
}

impl Default for Hints {
    fn default() -> Self {
        Self { dataset: None, multiline: None, mask: true }
    }
}
