//! Whoever runs a server that refuses root.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use anyhow::bail;

/// A user of the machine.
#[derive(Clone, Copy, Debug)]
pub struct Owner {
    user: u32,
    group: u32,
}

impl Owner {
    /// Whoever runs this, and for root the user called `instead`; None if there is no such user.
    pub fn or(instead: &str) -> anyhow::Result<Option<Self>> {
        let own = fs::metadata("/proc/self")?;
        if own.uid() != 0 {
            return Ok(Some(Self { user: own.uid(), group: own.gid() }));
        }
        let users = fs::read_to_string("/etc/passwd")?;
        let Some(line) = users.lines().find(|line| line.split(':').next() == Some(instead)) else { return Ok(None) };
        let mut numbers = line.split(':').skip(2).map(str::parse);
        let (Some(user), Some(group)) = (numbers.next(), numbers.next()) else { bail!("/etc/passwd is malformed") };
        Ok(Some(Self { user: user?, group: group? }))
    }

    /// Makes a file or a folder, with all that is in it, the property of this user.
    pub fn give(self, path: &Path) -> anyhow::Result<()> {
        chown(path, Some(self.user), Some(self.group))?;
        if path.is_dir() {
            for entry in fs::read_dir(path)? {
                self.give(&entry?.path())?;
            }
        }
        Ok(())
    }

    /// Lets a command run as this user.
    pub fn take(self, command: &mut Command) {
        command.uid(self.user).gid(self.group);
    }
}
