//! Whether what is to be read is there.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Error, Result, bail};

use crate::config::Settings;
use crate::discover::census;

/// What was found at the start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sources {
    /// A sentence for each folder or pattern that has nothing now.
    pub(super) empty: Vec<String>,
    /// Whether there are patterns, and nothing at all for them or beside them.
    pub(super) nothing: bool,
}

impl Sources {
    /// Looks.
    ///
    /// # Errors
    /// As those of [`check`].
    pub(super) fn of(settings: &Settings) -> Result<Self> {
        check(settings)?;
        let (root, files) = (settings.input.docker_root(), &settings.input.files);
        let containerless = root.and_then(|root| containerless(settings, root));
        let unmatched: Vec<String> = files.iter().filter_map(|glob| unmatched(settings, glob.glob())).collect();
        let has_containers = root.is_some() && containerless.is_none();
        let nothing = !files.is_empty() && unmatched.len() == files.len() && !has_containers;
        Ok(Self { empty: containerless.into_iter().chain(unmatched).collect(), nothing })
    }
}

/// Whether all of it can be followed, which takes no longer however much there is.
///
/// # Errors
/// A folder is not there, or cannot be read; a pattern is a folder.
pub(super) fn check(settings: &Settings) -> Result<()> {
    if let Some(root) = settings.input.docker_root() {
        fs::read_dir(root).map_err(|error| no_root(settings, root, &error))?;
    }
    settings.input.files.iter().try_for_each(|pattern| check_pattern(settings, pattern.glob()))
}

fn check_pattern(settings: &Settings, pattern: &str) -> Result<()> {
    let subject = settings.effective.subject("files");
    if Path::new(pattern).is_dir() {
        let folder = pattern.trim_end_matches('/');
        bail!("{subject}: {pattern} is a folder; say which files in it, such as '{folder}/*.log'");
    }
    let no_folder = |error| Error::msg(format!("{subject}: the folder of {pattern} cannot be opened: {error}"));
    census::follows(pattern).map_err(no_folder)
}

fn containerless(settings: &Settings, root: &Path) -> Option<String> {
    let has_none = matches!(census::has_containers(root), Ok(false));
    has_none.then(|| format!("{}: no container is in {}", settings.effective.subject("docker-root"), root.display()))
}

fn unmatched(settings: &Settings, pattern: &str) -> Option<String> {
    let has_none = matches!(census::has_files(pattern), Ok(false));
    has_none.then(|| format!("{}: no file matches {pattern}", settings.effective.subject("files")))
}

fn no_root(settings: &Settings, root: &Path, error: &std::io::Error) -> Error {
    let (subject, folder) = (settings.effective.subject("docker-root"), root.display());
    let hint = match error.kind() {
        ErrorKind::NotFound if settings.effective.is_default("docker-root") => {
            "; say where Docker keeps its containers (--docker-root DIR), or which files to read (--files 'GLOB')"
        }
        ErrorKind::PermissionDenied => "; Docker's folder is root's alone: run as root, or let this user read it",
        _ => "",
    };
    Error::msg(format!("{subject}: {folder} cannot be read: {error}{hint}"))
}

#[cfg(test)]
mod tests {
    use std::io::{self, ErrorKind};

    use super::*;
    use crate::cli::parse_from;
    use crate::config::Environment;

    #[test]
    fn whoever_has_no_docker_is_told_what_else_there_is() {
        let said = |flags: &[&str], kind: ErrorKind| {
            let words = ["log-shipper", "run"].iter().chain(flags);
            let settings = Settings::load(&parse_from(words, Environment::default()).unwrap().given).unwrap();
            no_root(&settings, Path::new("/d"), &io::Error::from(kind)).to_string()
        };
        let usual = said(&[], ErrorKind::NotFound);
        assert!(usual.contains("--docker-root DIR") && usual.contains("--files 'GLOB'"), "{usual}");
        assert!(!said(&["--docker-root=/d"], ErrorKind::NotFound).contains("GLOB"));
        assert!(said(&[], ErrorKind::PermissionDenied).contains("run as root"));
    }
}
