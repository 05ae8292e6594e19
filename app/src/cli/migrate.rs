//! `minitwit migrate`

use anyhow::Result;

use super::output::line;
use crate::config::Database;
use crate::store::{Schema, Store};

pub(super) async fn run(database: &Database) -> Result<()> {
    let store = Store::open(&database.options()?).await?;
    match (store.migrate().await?, store.check_schema().await?) {
        (0, Schema::Own) => line("The schema is up to date."),
        (0, Schema::Newer(version)) => {
            line(&format!("The schema is at version {version}, newer than this program, and serves it: nothing to do."))
        }
        (applied, _) => line(&format!("Applied {applied} migration(s).")),
    }
}
