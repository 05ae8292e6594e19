//! A folder below which files are opened for reading, and never outside of it, whatever links say.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, Mode, OFlags, ResolveFlags, fstat, openat, openat2};
use rustix::io::Errno;

/// Such a folder.
#[derive(Debug)]
pub struct Root {
    path: PathBuf,
    folder: OwnedFd,
}

impl Root {
    /// Opens the folder; it may itself be reached through links.
    pub fn open(path: &Path) -> io::Result<Self> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Self { path: path.to_owned(), folder: openat(CWD, path, flags, Mode::empty())? })
    }

    /// Opens it again if another folder lies there now, such as one that was made anew or mounted.
    pub fn renew(&mut self) -> io::Result<()> {
        let (own, there) = (fstat(&self.folder)?, std::fs::metadata(&self.path)?);
        if (own.st_dev, own.st_ino) != (there.dev(), there.ino()) {
            *self = Self::open(&self.path)?;
        }
        Ok(())
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Opens a regular file, read-only. A pipe or a device is an error, and does not block.
    pub fn file(&self, name: &Path) -> io::Result<File> {
        let file =
            File::from(self.beneath(name, OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC)?);
        if file.metadata()?.is_file() { Ok(file) } else { Err(io::Error::other("is no regular file")) }
    }

    /// The text of a small file.
    pub fn text(&self, name: &Path, limit: u64) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        self.file(name)?.take(limit + 1).read_to_end(&mut text)?;
        if text.len() as u64 > limit { Err(io::Error::other("is too large")) } else { Ok(text) }
    }

    fn beneath(&self, name: &Path, flags: OFlags) -> io::Result<OwnedFd> {
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS;
        loop {
            match openat2(&self.folder, name, flags, Mode::empty(), resolve) {
                // A rename elsewhere in the system got in the way of the look at `..`.
                Err(Errno::AGAIN) => {}
                // Kernels before 5.6, and sandboxes: no link at all is followed there.
                Err(Errno::NOSYS | Errno::PERM) => {
                    return Ok(openat(&self.folder, name, flags | OFlags::NOFOLLOW, Mode::empty())?);
                }
                opened => return Ok(opened?),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_folder_that_was_made_anew_is_opened_again() {
        let folder = tempfile::tempdir().unwrap();
        let (path, aside) = (folder.path().join("logs"), folder.path().join("aside"));
        std::fs::create_dir(&path).unwrap();
        let mut root = Root::open(&path).unwrap();
        std::fs::rename(&path, aside).unwrap();
        assert!(root.renew().is_err(), "there is none");
        std::fs::create_dir(&path).unwrap();
        std::fs::write(path.join("site.log"), "new").unwrap();
        assert!(root.file(Path::new("site.log")).is_err());
        root.renew().unwrap();
        assert!(root.file(Path::new("site.log")).is_ok());
    }

    #[test]
    fn a_link_out_of_the_root_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let (inside, outside) = (folder.path().join("inside"), folder.path().join("secret"));
        std::fs::create_dir(&inside).unwrap();
        std::fs::write(&outside, "secret").unwrap();
        std::fs::write(inside.join("plain"), "plain").unwrap();
        symlink(&outside, inside.join("away")).unwrap();
        symlink("../secret", inside.join("up")).unwrap();
        symlink("plain", inside.join("here")).unwrap();
        let root = Root::open(&inside).unwrap();
        assert_eq!(root.text(Path::new("plain"), 10).unwrap(), b"plain");
        assert_eq!(root.text(Path::new("here"), 10).unwrap(), b"plain");
        for name in ["away", "up", "../secret"] {
            assert!(root.file(Path::new(name)).is_err(), "{name}");
        }
    }

    #[test]
    fn a_pipe_and_a_folder_are_errors() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        rustix::fs::mknodat(CWD, &pipe, rustix::fs::FileType::Fifo, Mode::RUSR, 0).unwrap();
        std::fs::create_dir(folder.path().join("folder")).unwrap();
        let root = Root::open(folder.path()).unwrap();
        assert!(root.file(Path::new("pipe")).is_err());
        assert!(root.file(Path::new("folder")).is_err());
    }

    #[test]
    fn a_file_larger_than_the_limit_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("file"), "12345").unwrap();
        let root = Root::open(folder.path()).unwrap();
        assert!(root.text(Path::new("file"), 4).is_err());
        assert_eq!(root.text(Path::new("file"), 5).unwrap(), b"12345");
    }
}
