//! `minitwit migrate`

use anyhow::Result;

use super::output::line;
use crate::config::Database;
use crate::store::Store;

pub(super) async fn run(database: &Database) -> Result<()> {
    let store = Store::open(&database.options()?).await?;
    match store.migrate().await? {
        0 => line("The schema is up to date."),
        applied => line(&format!("Applied {applied} migration(s).")),
    }
}
