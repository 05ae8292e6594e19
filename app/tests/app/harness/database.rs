//! A database for each test, gone at its end.

use std::env;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use tempfile::TempDir;

/// Where the server is: `postgres://superuser@host:port/`, without the name of a database.
const SERVER: &str = "MINITWIT_TEST_POSTGRES";
const SKIPPED: &str = "skipped: needs PostgreSQL (MINITWIT_TEST_POSTGRES)";

/// Which database a test runs on.
#[derive(Clone, Copy, Debug)]
pub enum Database {
    Sqlite,
    Postgres,
}

/// An empty database.
pub(super) enum Scratch {
    File(TempDir),
    OnServer { server: String, name: String },
}

impl Scratch {
    /// None where there is no server: then the test says so and passes, unless it must not.
    pub(super) async fn new(database: Database) -> Option<Self> {
        match (database, env::var(SERVER)) {
            (Database::Sqlite, _) => {
                Some(Self::File(tempfile::tempdir().expect("there is a folder for temporary files")))
            }
            (Database::Postgres, Ok(server)) => Some(Self::on_server(server.trim_end_matches('/')).await),
            (Database::Postgres, Err(_)) => {
                skip();
                None
            }
        }
    }

    async fn on_server(server: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("minitwit_test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let scratch = Self::OnServer { server: server.to_owned(), name };
        scratch.drop_from_server().await;
        let Self::OnServer { server, name } = &scratch else { unreachable!("made above") };
        on_server(server, format!("CREATE DATABASE {name}")).await;
        scratch
    }

    pub(super) fn url(&self) -> String {
        match self {
            Self::File(folder) => format!("sqlite:{}", folder.path().join("minitwit.db").display()),
            Self::OnServer { server, name } => format!("{server}/{name}"),
        }
    }

    async fn drop_from_server(&self) {
        if let Self::OnServer { server, name } = self {
            on_server(server, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        }
    }
}

impl Drop for Scratch {
    /// Also after a failed test; the test's own runtime cannot be waited for here.
    fn drop(&mut self) {
        let clean = || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime can be made").block_on(self.drop_from_server());
        };
        std::thread::scope(|scope| drop(scope.spawn(clean).join()));
    }
}

async fn on_server(server: &str, statement: String) {
    let url = format!("{server}/postgres");
    let mut connection = PgConnection::connect(&url).await.expect("MINITWIT_TEST_POSTGRES answers");
    sqlx::query(AssertSqlSafe(statement)).execute(&mut connection).await.expect("it is a superuser's URL");
    connection.close().await.expect("it goes on answering");
}

/// Says why a test does nothing: in its own output, and once where `cargo test` shows it.
fn skip() {
    static SAID: Once = Once::new();
    assert!(env::var("REQUIRE_SERVICES").as_deref() != Ok("1"), "needs PostgreSQL ({SERVER})");
    println!("{SKIPPED}");
    SAID.call_once(|| {
        use std::io::Write;
        drop(writeln!(std::io::stderr(), "{SKIPPED}: all tests on PostgreSQL"));
    });
}

/// A connection past the site, to see what it stored and to be in its way.
pub enum Backdoor {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Backdoor {
    /// Opens the database at `url`.
    pub async fn open(url: &str) -> Self {
        if url.starts_with("sqlite:") {
            Self::Sqlite(SqliteConnection::connect(url).await.expect("the database opens"))
        } else {
            Self::Postgres(PgConnection::connect(url).await.expect("the database opens"))
        }
    }

    /// Runs statements.
    pub async fn run(&mut self, statements: &'static str) {
        match self {
            Self::Sqlite(connection) => drop(sqlx::raw_sql(statements).execute(connection).await.expect(statements)),
            Self::Postgres(connection) => drop(sqlx::raw_sql(statements).execute(connection).await.expect(statements)),
        }
    }

    /// The one column of a query's rows.
    pub async fn numbers(&mut self, query: &'static str) -> Vec<i64> {
        let found = match self {
            Self::Sqlite(connection) => sqlx::query_scalar(query).fetch_all(connection).await,
            Self::Postgres(connection) => sqlx::query_scalar(query).fetch_all(connection).await,
        };
        found.expect(query)
    }

    /// Keeps every table from being written until [`Backdoor::give_back`], so that whoever needs one waits.
    pub async fn seize(&mut self) {
        match self {
            Self::Sqlite(_) => self.run("BEGIN EXCLUSIVE").await,
            Self::Postgres(_) => {
                self.run("BEGIN; LOCK TABLE users, messages, simulator, totals IN ACCESS EXCLUSIVE MODE").await;
            }
        }
    }

    /// Ends what [`Backdoor::seize`] began.
    pub async fn give_back(&mut self) {
        self.run("ROLLBACK").await;
    }
}
