//! The image of the containers: a static busybox, and a program that prints numbered lines.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

/// Its name.
pub const IMAGE: &str = "counter:1";

/// What the counter and the tests call.
const APPLETS: [&str; 6] = ["head", "printf", "sh", "tail", "tr", "usleep"];

/// Packs all files of the image; returns the archive.
pub fn pack(busybox: &Path, folder: &Path) -> anyhow::Result<PathBuf> {
    let (root, archive) = (folder.join("image"), folder.join("image.tar"));
    let programs = root.join("bin");
    fs::create_dir_all(&programs)?;
    // What the counter tells about itself, if nobody lends it another folder.
    fs::create_dir(root.join("told"))?;
    fs::copy(busybox, programs.join("busybox"))?;
    for applet in APPLETS {
        symlink("busybox", programs.join(applet))?;
    }
    fs::write(programs.join("count"), include_str!("count.sh"))?;
    fs::set_permissions(programs.join("count"), fs::Permissions::from_mode(0o755))?;
    let packed = Command::new("tar").arg("-C").arg(&root).arg("-cf").arg(&archive).arg(".").output();
    let packed = packed.context("there is no tar")?;
    ensure!(packed.status.success(), "tar failed: {}", String::from_utf8_lossy(&packed.stderr));
    Ok(archive)
}
