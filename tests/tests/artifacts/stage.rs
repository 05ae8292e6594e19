//! A PostgreSQL with the site's schema and the role with which Grafana reads.

use std::fs;

use anyhow::Context;
use e2e::cluster::Cluster;
use e2e::monitoring::product;
use minitwit::store::{Instruments, Options, Store};
use sqlx::{Connection, PgConnection};

const DATABASE: &str = "minitwit";
const PATIENCE: std::time::Duration = std::time::Duration::from_mins(2);

/// Both.
pub struct Stage {
    pub cluster: Cluster,
    pub store: Store,
}

impl Stage {
    /// Starts it; `None` where PostgreSQL is not installed.
    pub async fn set() -> anyhow::Result<Option<Self>> {
        let Some(cluster) = Cluster::start(&["jit=off", "shared_buffers=256MB", "fsync=off"]).await? else {
            return Ok(None);
        };
        cluster.run("postgres", &format!("CREATE DATABASE {DATABASE}")).await?;
        let (url, instruments) = (cluster.url(DATABASE).into(), Instruments::default());
        let store = Store::open(&Options { url, connections: 4, timeout: PATIENCE, instruments }).await?;
        store.migrate().await?;
        let stage = Self { cluster, store };
        stage.admit_reader().await?;
        Ok(Some(stage))
    }

    /// The URL of the database, for a superuser.
    pub fn url(&self) -> String {
        self.cluster.url(DATABASE)
    }

    /// Runs the product's file.
    pub async fn admit_reader(&self) -> anyhow::Result<()> {
        self.run(&fs::read_to_string(product("dashboards/grafana/reader.sql"))?).await
    }

    /// Runs statements as a superuser.
    pub async fn run(&self, statements: &str) -> anyhow::Result<()> {
        self.cluster.run(DATABASE, statements).await
    }

    /// A connection of the role.
    pub async fn reader(&self) -> anyhow::Result<PgConnection> {
        let url = self.url().replacen("postgres@", "grafana@", 1);
        PgConnection::connect(&url).await.context("Grafana's role cannot connect")
    }

    /// A connection of a superuser.
    pub async fn superuser(&self) -> anyhow::Result<PgConnection> {
        Ok(PgConnection::connect(&self.url()).await?)
    }
}
