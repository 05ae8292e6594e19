//! What a test has to itself: the program, databases, a folder, and the sites that it starts.

use std::path::PathBuf;

use crate::database::{Databases, System};
use crate::need;
use crate::site::Site;

/// One test's own things. Sites are dropped by who started them, before [`Testbed::clear`].
pub struct Testbed {
    /// The program `minitwit`.
    pub program: PathBuf,
    /// The databases, and the folder with everything that goes at the end.
    pub databases: Databases,
    sites: usize,
}

impl Testbed {
    /// `None` where the program is not built.
    pub fn new() -> anyhow::Result<Option<Self>> {
        let Some(program) = need::program() else { return Ok(None) };
        Ok(Some(Self { program, databases: Databases::new(None)?, sites: 0 }))
    }

    /// Starts a site on a database, with further options.
    pub async fn site(&mut self, database_url: &str, options: &[&str]) -> anyhow::Result<Site> {
        self.sites += 1;
        let log = self.databases.folder().join(format!("site-{}.log", self.sites));
        Site::start(&self.program, database_url, options, log).await
    }

    /// Starts a site on a new SQLite database, with further options.
    pub async fn site_on_sqlite(&mut self, options: &[&str]) -> anyhow::Result<Site> {
        let url = self.databases.create(&System::Sqlite, "site").await?;
        self.site(&url, options).await
    }

    /// Removes everything.
    pub async fn clear(self) -> anyhow::Result<()> {
        self.databases.remove().await
    }
}
