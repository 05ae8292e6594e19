//! Brings the schema up to date, or says how it differs.

use sqlx::migrate::Migrator;

use super::{Pools, Result, Store, StoreError, all, maybe, one};

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// How the database's schema differs from the program's.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SchemaError {
    /// Migrations are missing.
    #[error("the database's schema is at version {found}, this program needs {needed}: run `minitwit migrate`")]
    Older {
        /// The newest migration in the database, 0 for none.
        found: i64,
        /// The newest that the program brings.
        needed: i64,
    },
    /// A newer program was here, and what this one needs is no longer there.
    #[error(
        "the database's schema serves programs from version {least} on, and this is version {known}: use a newer program"
    )]
    Newer {
        /// The oldest version that the schema serves.
        least: i64,
        /// The newest migration that the program brings.
        known: i64,
    },
    /// A migration failed half way in an earlier run, or another one of the same number was applied.
    #[error("migration {0} is in the database in another form than this program has it")]
    Different(i64),
    /// The database could not be asked.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A schema that the program can use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// The one that it brings.
    Own,
    /// A newer one of this version: a newer program is coming, or was taken back.
    Newer(i64),
}

impl Store {
    fn migrator(&self) -> &'static Migrator {
        match self.pools {
            Pools::Sqlite { .. } => &SQLITE,
            Pools::Postgres(_) => &POSTGRES,
        }
    }

    /// Applies the migrations that are missing and returns their number. With nothing missing it only reads, so that a
    /// role without the right to change the schema can call it.
    ///
    /// # Errors
    /// The schema is too new or different, or the database refuses.
    pub async fn migrate(&self) -> Result<usize, SchemaError> {
        let found = match self.check_schema().await {
            Ok(_) => return Ok(0),
            Err(SchemaError::Older { found, .. }) => found,
            Err(other) => return Err(other),
        };
        let done = match &self.pools {
            Pools::Sqlite { write, .. } => SQLITE.run(write).await,
            Pools::Postgres(pool) => POSTGRES.run(pool).await,
        };
        done.map_err(|error| migration_failed(&error))?;
        self.make_keys().await?;
        Ok(self.migrator().iter().filter(|m| m.version > found).count())
    }

    /// Whether every migration of this program is there, and nothing that it needs was taken away by newer ones: during an
    /// update the old program runs beside the new schema.
    ///
    /// # Errors
    /// [`SchemaError`] says how it differs.
    pub async fn check_schema(&self) -> Result<Schema, SchemaError> {
        let applied = self.applied().await?;
        let found = applied.iter().map(|(version, _, _)| *version).max().unwrap_or(0);
        let known = self.migrator().iter().map(|m| m.version).max().unwrap_or(0);
        for migration in self.migrator().iter() {
            match applied.iter().find(|(version, _, _)| *version == migration.version) {
                None => return Err(SchemaError::Older { found, needed: known }),
                Some((version, checksum, success)) if !success || *checksum != *migration.checksum => {
                    return Err(SchemaError::Different(*version));
                }
                Some(_) => {}
            }
        }
        let (least,) = one!(self, (i64,), "SELECT least FROM schema_floor WHERE id = 1")?;
        if known < least {
            return Err(SchemaError::Newer { least, known });
        }
        Ok(if found > known { Schema::Newer(found) } else { Schema::Own })
    }

    async fn applied(&self) -> Result<Vec<(i64, Vec<u8>, bool)>> {
        let table = match self.pools {
            Pools::Sqlite { .. } => "SELECT name FROM sqlite_schema WHERE type = 'table' AND name = '_sqlx_migrations'",
            Pools::Postgres(_) => {
                "SELECT to_regclass('_sqlx_migrations')::text WHERE to_regclass('_sqlx_migrations') IS NOT NULL"
            }
        };
        if maybe!(self, (String,), table)?.is_none() {
            return Ok(Vec::new());
        }
        all!(self, (i64, Vec<u8>, bool), "SELECT version, checksum, success FROM _sqlx_migrations ORDER BY version")
    }
}

fn migration_failed(error: &sqlx::migrate::MigrateError) -> SchemaError {
    use sqlx::migrate::MigrateError;
    match error {
        MigrateError::VersionMismatch(version) | MigrateError::Dirty(version) => SchemaError::Different(*version),
        MigrateError::ExecuteMigration(_, version) => {
            StoreError::setting(format!("migration {version} failed; nothing of it was kept")).into()
        }
        _ => StoreError::setting("the migrations could not be applied: may this user change the schema?").into(),
    }
}

#[cfg(test)]
mod tests;
