//! Secrets that all replicas of an installation share, made once; and the hashes under which the store looks things up.

use sha2::{Digest, Sha256};

use super::{Pools, Result, Store, StoreError, maybe, run};

const LOG_HASH: &str = "log_hash";
const NAME_HASH: &str = "name_hash";

impl Store {
    /// Makes the keys that are missing, inside the database, so that no statement carries them; of two replicas that try
    /// at once, one wins and both read the same.
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
        // The log's last: a replica that finds it there, finds both.
        for name in [NAME_HASH, LOG_HASH] {
            run!(self, sql, name)?;
        }
        Ok(())
    }

    /// The key of the hashes that stand on log lines in place of what must not.
    ///
    /// # Errors
    /// The database fails, or the key is missing or of another size, which only tampering can cause.
    pub async fn log_hash_key(&self) -> Result<[u8; 32]> {
        self.key(LOG_HASH).await
    }

    /// The hash by which the database is asked for what somebody typed: that may be a password, and PostgreSQL may be told
    /// to log the parameters of statements. See `key_name` in PostgreSQL's schema.
    ///
    /// # Errors
    /// The database fails, or the key is missing.
    pub async fn keyed_hash(&self, typed: &str) -> Result<[u8; 32]> {
        let key = self.name_key.get_or_try_init(|| self.key(NAME_HASH)).await?;
        let within = Sha256::new().chain_update(key).chain_update(typed).finalize();
        Ok(Sha256::new().chain_update(key).chain_update(within).finalize().into())
    }

    async fn key(&self, name: &str) -> Result<[u8; 32]> {
        let row = maybe!(self, (Vec<u8>,), "SELECT value FROM keys WHERE name = $1", name)?;
        row.and_then(|(key,)| key.try_into().ok())
            .ok_or_else(|| StoreError::setting(format!("the key `{name}` is missing from the table `keys`")))
    }
}
