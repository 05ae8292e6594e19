//! `minitwit hash`: what on-call people search the log for when they suspect a name that no user has.

use anyhow::Result;
use clap::Args;

use super::open;
use crate::config::Database;
use crate::redact::HashKey;

#[derive(Args, Debug)]
pub(super) struct Hash {
    /// The name as it was typed
    name: String,
    #[command(flatten)]
    database: Database,
}

impl Hash {
    pub(super) async fn run(self) -> Result<()> {
        let store = open(&self.database).await?;
        let key = HashKey::new(&store.log_hash_key().await?);
        super::output::line(&format!("~{}", key.keyed_hash(self.name.as_bytes())))
    }
}
