//! Users: registration, look-up, password hashes.

use sqlx::FromRow;

use super::{Pools, Result, Store, all, maybe, run};
use crate::domain::{Email, User, UserId, Username};

/// What a sign-in needs to know.
#[derive(Clone, Debug, FromRow)]
pub struct Credentials {
    /// Whose they are.
    pub id: UserId,
    /// The stored hash, of whatever form.
    pub password_hash: String,
}

/// A user in a list for operators.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct UserInfo {
    /// Their number.
    pub id: i64,
    /// Their name.
    pub username: String,
    /// Their e-mail address.
    pub email: String,
    /// Microseconds since 1970, UTC.
    pub created_at: i64,
}

const REGISTER: &str = "INSERT INTO users (username, email, password_hash, created_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (username) DO NOTHING RETURNING id, username";

impl Store {
    /// Adds a user; `None` when the name is taken, whoever else asks at the same moment.
    ///
    /// # Errors
    /// The database fails.
    pub async fn register(
        &self,
        name: &Username,
        email: &Email,
        password_hash: &str,
        now: i64,
    ) -> Result<Option<User>> {
        let (name, email) = (name.as_str(), email.as_str());
        let insert = Box::pin(async {
            match &self.pools {
                Pools::Sqlite { write, turn, .. } => {
                    let _turn = turn.lock().await;
                    let query = sqlx::query_as(REGISTER).bind(name).bind(email).bind(password_hash).bind(now);
                    query.fetch_optional(&mut *self.patience.connection(write).await?).await
                }
                Pools::Postgres(pool) => {
                    let query = sqlx::query_as(REGISTER).bind(name).bind(email).bind(password_hash).bind(now);
                    query.fetch_optional(&mut *self.patience.connection(pool).await?).await
                }
            }
        });
        self.patience.within(insert).await
    }

    /// The user of that name, byte by byte.
    ///
    /// # Errors
    /// The database fails.
    pub async fn user(&self, name: &str) -> Result<Option<User>> {
        if let Some(user) = self.known.get(name) {
            return Ok(Some(user));
        }
        let user = match self.pools {
            Pools::Sqlite { .. } => maybe!(self, User, "SELECT id, username FROM users WHERE username = $1", name),
            Pools::Postgres(_) => {
                let key = self.keyed_hash(name).await?;
                let sql = "SELECT id, username FROM users WHERE name_key = $1";
                maybe!(self, User, sql, &key[..])
            }
        }?;
        if let Some(user) = &user {
            self.known.insert(name.to_owned(), user.clone());
        }
        Ok(user)
    }

    /// The credentials of the user of that name.
    ///
    /// # Errors
    /// The database fails.
    pub async fn credentials(&self, name: &str) -> Result<Option<Credentials>> {
        match self.pools {
            Pools::Sqlite { .. } => {
                maybe!(self, Credentials, "SELECT id, password_hash FROM users WHERE username = $1", name)
            }
            Pools::Postgres(_) => {
                let key = self.keyed_hash(name).await?;
                let sql = "SELECT id, password_hash FROM users WHERE name_key = $1";
                maybe!(self, Credentials, sql, &key[..])
            }
        }
    }

    /// Replaces a password hash, if it is still `old`: a password that was changed meanwhile stays changed.
    ///
    /// # Errors
    /// The database fails.
    pub async fn rehash(&self, user: UserId, old: &str, new: &str) -> Result<()> {
        run!(self, "UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2", user, old, new)?;
        Ok(())
    }

    /// Sets a password hash, whatever it was.
    ///
    /// # Errors
    /// The database fails.
    pub async fn set_password(&self, user: UserId, hash: &str) -> Result<()> {
        run!(self, "UPDATE users SET password_hash = $2 WHERE id = $1", user, hash)?;
        Ok(())
    }

    /// Users in the order of their numbers, above `after`.
    ///
    /// # Errors
    /// The database fails.
    pub async fn users(&self, after: UserId, limit: i64) -> Result<Vec<UserInfo>> {
        all!(
            self,
            UserInfo,
            "SELECT id, username, email, created_at FROM users WHERE id > $1 ORDER BY id LIMIT $2",
            after,
            limit
        )
    }
}
