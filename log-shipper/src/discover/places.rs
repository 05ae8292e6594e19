//! Where to look.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::Handles;
use super::containers::Containers;
use super::globs::Glob;
use crate::source::Hints;

/// Where to look.
#[derive(Clone, Debug)]
pub struct Inputs {
    /// Docker's folder of containers.
    pub docker_root: Option<PathBuf>,
    /// Patterns of plain files.
    pub files: Vec<String>,
    /// How the lines of plain files are treated.
    pub hints: Hints,
    /// For how long the lines of a container wait for its description.
    pub patience: Duration,
    /// How often everything is looked through where the kernel watches; ten times as often elsewhere.
    pub look: Duration,
}

/// Where to look, opened.
pub struct Places {
    pub(super) containers: Option<Containers>,
    pub(super) globs: Vec<Glob>,
    pub(super) look: Duration,
}

impl Places {
    /// Opens the folders. Errors name the one that cannot be opened.
    pub fn open(inputs: &Inputs) -> io::Result<Self> {
        let named = |name: &str, error: io::Error| io::Error::new(error.kind(), format!("{name}: {error}"));
        let containers = inputs.docker_root.as_deref().map(|root| {
            Containers::open(root, inputs.patience).map_err(|error| named(&root.display().to_string(), error))
        });
        let glob = |pattern: &String| Glob::open(pattern, &inputs.hints).map_err(|error| named(pattern, error));
        let globs = inputs.files.iter().map(glob).collect::<io::Result<_>>()?;
        Ok(Self { containers: containers.transpose()?, globs, look: inputs.look })
    }

    pub(super) fn share(&mut self, handles: &Handles) {
        self.containers.iter_mut().for_each(|containers| containers.share(handles));
        self.globs.iter_mut().for_each(|glob| glob.share(handles));
        handles.begin();
    }
}
