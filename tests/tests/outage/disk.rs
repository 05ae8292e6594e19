//! A small disk of a test's own, which can be filled up.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use e2e::need;
use tempfile::TempDir;

/// A mounted tmpfs. It is unmounted when dropped, which must be after everything that uses it has ended.
pub struct Disk {
    folder: TempDir,
}

impl Disk {
    /// A disk of so many MiB; `None` for who may not mount one.
    pub fn of(mebibytes: u32) -> anyhow::Result<Option<Self>> {
        let root = fs::metadata("/proc/self")?.uid() == 0;
        let folder = tempfile::Builder::new().prefix("minitwit-disk-").tempdir()?;
        let mounted = root && mount(folder.path(), mebibytes)?;
        Ok(need::found("root, who may mount a small tmpfs", mounted.then(|| Self { folder })))
    }

    /// Where it is mounted.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Leaves no room but for so many KiB. The space is free again when the file that is named is removed.
    pub fn fill_up_to(&self, kibibytes: u64) -> anyhow::Result<PathBuf> {
        let ballast = self.path().join("ballast");
        let free = self.free_kibibytes()?;
        ensure!(free > kibibytes, "the disk is too full already: {free} KiB are free");
        fs::write(&ballast, vec![b'x'; usize::try_from(free - kibibytes)? * 1024])?;
        Ok(ballast)
    }

    fn free_kibibytes(&self) -> anyhow::Result<u64> {
        let df =
            Command::new("df").args(["-k", "--output=avail"]).arg(self.path()).output().context("there is no df")?;
        let text = String::from_utf8(df.stdout)?;
        text.lines().nth(1).and_then(|line| line.trim().parse().ok()).context("df prints a number")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily: a process that is still ending must not keep the folder from being removed.
        drop(Command::new("umount").arg("--lazy").arg(self.path()).status());
    }
}

fn mount(folder: &Path, mebibytes: u32) -> anyhow::Result<bool> {
    let mut mount = Command::new("mount");
    mount.args(["-t", "tmpfs", "-o", &format!("size={mebibytes}m,mode=777"), "tmpfs"]).arg(folder);
    Ok(mount.output().context("there is no mount")?.status.success())
}
