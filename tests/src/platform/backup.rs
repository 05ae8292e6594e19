//! Backups of the platform's database, and what it takes to lose everything else.

use std::fs::File;
use std::path::Path;
use std::process::Command;

use anyhow::ensure;

use super::Platform;
use crate::docker_engine::said;
use crate::monitoring::product;

impl Platform {
    /// A command of the backup service, in its container.
    pub async fn backup(&self, words: &[&str]) -> anyhow::Result<String> {
        self.compose(&[&["exec", "--no-TTY", "backup", "backup"], words].concat()).await
    }

    /// Brings the database back, as operators do; what it prints.
    pub async fn restore(&self, words: &[&str]) -> anyhow::Result<String> {
        let mut command = Command::new(product("compose/restore"));
        self.know(&mut command);
        Ok(said(command.args(words)).await?.0)
    }

    /// What a query of a superuser finds in the site's database.
    pub async fn query(&self, query: &str) -> anyhow::Result<String> {
        let psql = ["exec", "--no-TTY", "postgres", "psql", "--username=postgres", "--no-align", "--tuples-only"];
        let words = [&psql[..], &["--quiet", "--set=ON_ERROR_STOP=1", "--command", query, "minitwit"]].concat();
        Ok(self.compose(&words).await?.trim().to_owned())
    }

    /// Writes the repository to a file that is not on the platform's machine.
    pub async fn export(&self, file: &Path) -> anyhow::Result<()> {
        let mut export = self.composing(&["exec", "--no-TTY", "backup", "backup", "export"]);
        export.stdout(File::create(file)?);
        let status = tokio::process::Command::from(export).status();
        ensure!(status.await?.success(), "the repository could not be exported");
        Ok(())
    }

    /// Reads it from there, on a machine that has none.
    pub async fn import(&self, file: &Path) -> anyhow::Result<()> {
        let mut import = self.composing(&["run", "--rm", "--no-deps", "--no-TTY", "backup", "import"]);
        import.stdin(File::open(file)?);
        let status = tokio::process::Command::from(import).status();
        ensure!(status.await?.success(), "the repository could not be imported");
        Ok(())
    }
}
