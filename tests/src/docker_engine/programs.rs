//! What an engine is made of.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use crate::need;

pub struct Programs {
    pub daemon: PathBuf,
    pub client: PathBuf,
    pub busybox: PathBuf,
}

impl Programs {
    /// `None` where one of them is missing, or the right to use them.
    pub fn find() -> Option<Self> {
        let root = fs::metadata("/proc/self").ok().filter(|own| own.uid() == 0);
        need::found("root, for a Docker engine of its own", root)?;
        let installed = |name: &str| need::installed(&format!("{name}, which `tests/run install` installs"), &[name]);
        installed("iptables")?;
        Some(Self { daemon: installed("dockerd")?, client: installed("docker")?, busybox: installed("busybox")? })
    }
}
