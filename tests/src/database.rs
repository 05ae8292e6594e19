//! Scratch databases: seeded when first asked for, gone at the end.

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

use anyhow::{Context, ensure};
use sqlx::{AssertSqlSafe, Connection, PgConnection, query};
use tempfile::TempDir;

use crate::seed::{Plan, seed};

/// Which database system is measured.
#[derive(Clone, Debug)]
pub enum System {
    /// A file in the temporary folder.
    Sqlite,
    /// A database of its own on a server.
    Postgres(Postgres),
}

impl System {
    /// Its name in the tables.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }
}

/// A PostgreSQL server, by the URL of a database on it that is only connected to and never changed.
#[derive(Clone)]
pub struct Postgres {
    before_name: String,
    name: String,
    after_name: String,
}

impl FromStr for Postgres {
    type Err = anyhow::Error;

    fn from_str(url: &str) -> anyhow::Result<Self> {
        let rest = url.split_once("://").filter(|(scheme, _)| ["postgres", "postgresql"].contains(scheme));
        let (scheme, rest) = rest.context("it must begin with postgres://")?;
        let (path, query) = rest.find('?').map_or((rest, ""), |at| rest.split_at(at));
        let (authority, name) = path.split_once('/').unwrap_or((path, ""));
        ensure!(!name.contains('/'), "its path is not the name of a database");
        let before_name = format!("{scheme}://{authority}/");
        Ok(Self { before_name, name: name.to_owned(), after_name: query.to_owned() })
    }
}

impl std::fmt::Debug for Postgres {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Postgres(its URL may hold a password)")
    }
}

impl Postgres {
    fn url_of(&self, name: &str) -> String {
        format!("{}{name}{}", self.before_name, self.after_name)
    }

    async fn run(&self, statement: String) -> anyhow::Result<()> {
        let connected = PgConnection::connect(&self.url_of(&self.name)).await;
        let mut connection = connected.context("cannot connect to PostgreSQL")?;
        query(AssertSqlSafe(statement)).execute(&mut connection).await?;
        Ok(connection.close().await?)
    }
}

/// The scratch databases of one run, and the folder in which its files lie.
pub struct Databases {
    folder: TempDir,
    urls: BTreeMap<(&'static str, &'static str), String>,
    on_server: Vec<(Postgres, String)>,
}

impl Databases {
    /// None yet; files go into a new folder within `parent`, or within the system's folder for temporary files.
    pub fn new(parent: Option<&Path>) -> anyhow::Result<Self> {
        let folder =
            tempfile::Builder::new().prefix("minitwit-load-").tempdir_in(parent.unwrap_or(&std::env::temp_dir()))?;
        Ok(Self { folder, urls: BTreeMap::new(), on_server: Vec::new() })
    }

    /// The folder for files that go at the end.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The URL of the database called `label`, which is made and seeded when it is asked for the first time.
    pub async fn seeded(&mut self, system: &System, label: &'static str, plan: Plan) -> anyhow::Result<String> {
        let key = (system.name(), label);
        if let Some(url) = self.urls.get(&key) {
            return Ok(url.clone());
        }
        let url = self.create(system, label).await?;
        seed(&url, plan).await.with_context(|| format!("cannot seed the {} database", system.name()))?;
        self.urls.insert(key, url.clone());
        Ok(url)
    }

    /// The URL of a new database called `label`, with nothing in it.
    pub async fn create(&mut self, system: &System, label: &str) -> anyhow::Result<String> {
        match system {
            System::Sqlite => Ok(format!("sqlite://{}", self.folder().join(format!("{label}.db")).display())),
            System::Postgres(server) => {
                let name = format!("minitwit_load_{}_{label}", std::process::id());
                // Noted before it is made, so that an interruption in between leaves nothing behind.
                self.on_server.push((server.clone(), name.clone()));
                server.run(format!("CREATE DATABASE {name}")).await.context("cannot create a scratch database")?;
                Ok(server.url_of(&name))
            }
        }
    }

    /// Removes them all: the files, and the databases on the server even while somebody is connected.
    pub async fn remove(self) -> anyhow::Result<()> {
        for (server, name) in &self.on_server {
            let dropped = server.run(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
            dropped.with_context(|| format!("the scratch database {name} is left behind"))?;
        }
        self.folder.close().context("the temporary folder is left behind")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_name_in_a_url_is_replaced() {
        for (url, scratch) in [
            ("postgres://a:b@h:5/db?host=/run", "postgres://a:b@h:5/x?host=/run"),
            ("postgresql://h", "postgresql://h/x"),
            ("postgres:///db", "postgres:///x"),
            ("postgres://h?user=a/b", "postgres://h/x?user=a/b"),
        ] {
            assert_eq!(url.parse::<Postgres>().expect("the URL is good").url_of("x"), scratch);
        }
    }

    #[test]
    fn what_is_not_a_url_of_postgresql_is_refused() {
        for url in ["sqlite://a", "localhost/db", "postgres://h/a/b"] {
            assert!(url.parse::<Postgres>().is_err(), "{url}");
        }
    }
}
