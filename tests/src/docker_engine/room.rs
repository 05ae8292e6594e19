//! A room with processes, mounts, a network and a name of its own, as if it were another machine.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::PATIENCE;
use crate::server::Server;
use crate::wait::until;

const ROOM: &str = include_str!("room.sh");

/// It and all that happens in it are gone when it is dropped, or this process ends.
pub(super) struct Room {
    /// None only at the end.
    keeper: Option<Server>,
    /// The number of its first process.
    pub(super) door: String,
    folder: TempDir,
}

impl Room {
    /// Opens one whose machine has this name.
    pub(super) async fn open(host: &str) -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix("minitwit-docker-").tempdir()?;
        let mut command = Command::new("sh");
        command.args(["-c", ROOM, "sh"]).arg(folder.path()).arg(name(folder.path())).arg(host);
        let mut keeper = Server::start(command, folder.path().join("room.log"))?;
        let told = folder.path().join("room");
        until("the room is open", PATIENCE, async || {
            keeper.check()?;
            Ok(told.exists())
        })
        .await?;
        let door = fs::read_to_string(told)?.trim().to_owned();
        Ok(Self { keeper: Some(keeper), door, folder })
    }

    /// A folder of its own, which can be reached from outside too.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What nobody else is called.
    pub(super) fn name(&self) -> String {
        name(self.folder.path())
    }

    /// A program in it.
    pub(super) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new("nsenter");
        command.args(["--target", &self.door, "--mount", "--uts", "--pid", "--net"]).arg(program);
        command
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        if let Some(keeper) = self.keeper.take() {
            // It fails only when the process is gone already.
            drop(keeper.hang_up());
        }
    }
}

fn name(folder: &Path) -> String {
    folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
