//! Secrets that all replicas of an installation share, made once.

use super::{Pools, Result, Store, StoreError, maybe, run};

const LOG_HASH: &str = "log_hash";

impl Store {
    /// Makes the keys that are missing, inside the database, so that no statement carries them; of two replicas that try at once, one wins and both read the same.
    pub(super) async fn make_keys(&self) -> Result<()> {
        let sql = match self.pools {
            Pools::Sqlite { .. } => {
                "INSERT INTO keys (name, value) VALUES ($1, randomblob(32)) ON CONFLICT (name) DO NOTHING"
            }
            // Two random UUIDs have 244 random bits.
            Pools::Postgres(_) => {
                "INSERT INTO keys (name, value) VALUES
                 ($1, decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'))
                 ON CONFLICT (name) DO NOTHING"
            }
        };
        run!(self, sql, LOG_HASH)?;
        Ok(())
    }

    /// The key of the hashes that stand on log lines in place of what must not.
    ///
    /// # Errors
    /// The database fails, or the key is missing or of another size, which only tampering can cause.
    pub async fn log_hash_key(&self) -> Result<[u8; 32]> {
        let row = maybe!(self, (Vec<u8>,), "SELECT value FROM keys WHERE name = $1", LOG_HASH)?;
        row.and_then(|(key,)| key.try_into().ok())
            .ok_or_else(|| StoreError::setting("the key of the log's hashes is missing from the table `keys`"))
    }
}
