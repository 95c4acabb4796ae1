//! Opening either store.

use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};

use super::batches::Batches;
use super::checkpoints::Checkpoints;
use super::error::StoreError;
use super::grouped::Grouped;
use super::limits::Limits;
use super::store::Store;
use super::writer::Writer;

/// Tells a new connection to PostgreSQL its limits; what the operator set for the server, the database, the role or in
/// the URL stays. A replica that froze within a transaction lets go of what it locked. Rows are looked up by index
/// whatever the statistics say, which are those of an empty table until a minute after it grew; and compiling a
/// statement takes longer than running any of ours (decision 0090).
fn limiting(limits: Limits) -> String {
    let (lock, statement) = (limits.lock.as_millis(), limits.statement.as_millis());
    format!(
        "SELECT set_config(name, CASE name WHEN 'lock_timeout' THEN '{lock}' WHEN 'statement_timeout' THEN '{statement}' \
         WHEN 'idle_in_transaction_session_timeout' THEN '30s' ELSE 'off' END, FALSE) FROM pg_settings \
         WHERE source = 'default' AND name IN ('lock_timeout', 'statement_timeout', \
         'idle_in_transaction_session_timeout', 'enable_seqscan', 'enable_hashjoin', 'enable_mergejoin', 'jit')"
    )
}

/// Removes what ANALYZE wrote into a SQLite file: SQLite would read the whole of a table that had few rows then, however
/// many it has now (decision 0090).
async fn forget_statistics(connection: &mut SqliteConnection) -> sqlx::Result<()> {
    let analysed = "SELECT name FROM sqlite_schema WHERE name IN ('sqlite_stat1', 'sqlite_stat4')";
    let tables: Vec<(String,)> = sqlx::query_as(analysed).fetch_all(&mut *connection).await?;
    for (table,) in tables {
        let drop = AssertSqlSafe(format!("DROP TABLE {table}"));
        connection.execute(drop).await?;
    }
    Ok(())
}

/// Takes the limits off a connection again.
const UNLIMITED: &str =
    "RESET lock_timeout; RESET statement_timeout; RESET idle_in_transaction_session_timeout";

impl<R: Grouped> Store<R> {
    /// Opens the store and brings its tables up to date.
    ///
    /// # Errors
    /// The URL is wrong, the database can't be reached, or its tables can't be brought up to date.
    pub async fn open(url: &str, limits: Limits) -> Result<Self, StoreError> {
        Self::connect(url, limits, true).await
    }

    /// Opens a store that a server set up and perhaps uses at this moment; its tables stay as they are.
    ///
    /// # Errors
    /// The URL is wrong, or the database isn't there or can't be reached.
    pub async fn attach(url: &str, limits: Limits) -> Result<Self, StoreError> {
        Self::connect(url, limits, false).await
    }

    async fn connect(url: &str, limits: Limits, set_up: bool) -> Result<Self, StoreError> {
        if url.starts_with("sqlite:") {
            Self::connect_sqlite(url, limits, set_up).await
        } else {
            Self::connect_postgres(url, limits, set_up).await
        }
    }

    async fn connect_sqlite(url: &str, limits: Limits, set_up: bool) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(set_up)
            .journal_mode(SqliteJournalMode::Wal)
            // Of a new file: three launches fit into such a page, one into SQLite's usual.
            .page_size(8192)
            // Nobody is told 'done' before it is on disk.
            .synchronous(SqliteSynchronous::Full)
            // The log begins anew after 16 MB; most of it has been copied by then (checkpoints.rs).
            .pragma("wal_autocheckpoint", "2000")
            // One for each number of launches that may wait, and the others.
            .statement_cache_capacity(200)
            .busy_timeout(limits.lock)
            // What was erased or forgotten is not left in the file's free pages.
            .pragma("secure_delete", "ON")
            .foreign_keys(true);
        if set_up {
            let mut own = options.connect().await?;
            sqlx::migrate!("migrations/sqlite").run(&mut own).await?;
            forget_statistics(&mut own).await?;
            // Connections opened from here on never see statistics.
            own.close().await?;
        }
        let writer = options.connect().await?;
        let checkpoints = Checkpoints::start(options.connect().await?);
        let read = SqlitePoolOptions::new()
            .max_connections(4)
            .acquire_timeout(Duration::from_secs(5))
            .connect_lazy_with(options.read_only(true));
        Ok(Self::Sqlite {
            read,
            write: Writer::start(writer, checkpoints),
        })
    }

    async fn connect_postgres(url: &str, limits: Limits, set_up: bool) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(url)?.application_name("hallpass");
        let pool = PgPoolOptions::new()
            .max_connections(16)
            .acquire_timeout(Duration::from_secs(5))
            .after_connect(move |connection, _| {
                let limiting = AssertSqlSafe(limiting(limits));
                Box::pin(async move { connection.execute(limiting).await.map(drop) })
            })
            // A connection that was idle may be dead; one that was just used is not asked.
            .test_before_acquire(false)
            .before_acquire(|connection, meta| {
                Box::pin(async move {
                    if meta.idle_for > Duration::from_secs(1) {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_with(options)
            .await?;
        if set_up {
            // Takes its time, and waits for another replica that does the same.
            let mut own = pool.acquire().await?.detach();
            own.execute(UNLIMITED).await?;
            sqlx::migrate!("migrations/postgres").run(&mut own).await?;
            own.close().await?;
        }
        Ok(Self::Postgres {
            batches: Batches::start(pool.clone(), limits),
            pool,
        })
    }
}
