//! Secrets that all replicas of an installation share, made once.

use super::{Result, Store, StoreError, maybe, run};

const LOG_HASH: &str = "log_hash";

impl Store {
    /// Makes the keys that are missing; of two replicas that try at once, one wins and both read the same.
    pub(super) async fn make_keys(&self) -> Result<()> {
        let mut key = [0_u8; 32];
        getrandom::fill(&mut key).map_err(|_| StoreError::setting("the system gives no random bytes"))?;
        let sql = "INSERT INTO keys (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
        run!(self, sql, LOG_HASH, &key[..])?;
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
