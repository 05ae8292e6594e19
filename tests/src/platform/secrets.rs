//! The secrets of a platform, as `compose/prepare` makes them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use tempfile::TempDir;

use super::HOST;
use crate::docker_engine::said;
use crate::monitoring::product;

/// Their folder, which goes with this.
pub struct Secrets(TempDir);

impl Secrets {
    /// Makes all of them.
    pub(super) async fn make() -> anyhow::Result<Self> {
        let secrets = Self(tempfile::tempdir()?);
        secrets.complete().await?;
        Ok(secrets)
    }

    /// Where they are.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// What one of them is.
    pub fn read(&self, name: &str) -> anyhow::Result<String> {
        fs::read_to_string(self.path().join(name)).with_context(|| format!("the secret {name}"))
    }

    /// Writes something else into one's file, which containers see at once; what was there.
    pub fn overwrite(&self, name: &str, text: &str) -> anyhow::Result<String> {
        let before = self.read(name)?;
        fs::write(self.path().join(name), text).with_context(|| format!("the secret {name}"))?;
        Ok(before)
    }

    /// Makes all anew but those.
    pub async fn lose(&self, kept: &[&str]) -> anyhow::Result<()> {
        for file in fs::read_dir(self.path())? {
            let file = file?;
            if !kept.iter().any(|name| *name == file.file_name()) {
                fs::remove_file(file.path())?;
            }
        }
        self.complete().await
    }

    /// Settings of curl for somebody with a password, in a file: an argument could be read by everybody.
    pub fn sign_in(&self, user: &str, password: &str) -> anyhow::Result<PathBuf> {
        let file = self.path().join("curl");
        fs::write(&file, format!("user = \"{user}:{}\"", self.read(password)?))?;
        Ok(file)
    }

    /// Makes those that are not there.
    async fn complete(&self) -> anyhow::Result<()> {
        let mut prepare = Command::new(product("compose/prepare"));
        said(prepare.args(["--host", HOST]).env("MINITWIT_SECRETS", self.path())).await.map(drop)
    }
}
