//! Opening either store.

use std::io::ErrorKind;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};
use tokio::time::timeout;

use super::address::{Address, Pooler};
use super::batches::Batches;
use super::checkpoints::Checkpoints;
use super::cure::OpeningStep;
use super::error::StoreError;
use super::grouped::Grouped;
use super::haste::Haste;
use super::held::Terms;
use super::limits::Limits;
use super::migrations;
use super::same_place;
use super::store::Store;
use super::writer::Writer;

/// How long migrations wait for SQLite's lock.
const MIGRATION: Duration = Duration::from_secs(60);
/// How long a PostgreSQL server may take to let us in. A firewall that drops packets never refuses
/// (decision 0425).
const REACH: Duration = Duration::from_secs(20);

/// The statement that gives a new PostgreSQL connection its limits. What the operator set for the
/// server, the database, the role or in the URL stays. A replica that froze inside a transaction
/// loses its locks. Rows are looked up by index whatever the statistics say, because for a minute
/// after a table grew they still describe an empty one. JIT is off, because compiling a statement
/// takes longer than running any of ours (decision 0090).
fn limiting(limits: Limits) -> String {
    let (lock, statement) = (limits.lock.as_millis(), limits.statement.as_millis());
    format!(
        "SELECT set_config(name, CASE name WHEN 'lock_timeout' THEN '{lock}' WHEN 'statement_timeout' THEN '{statement}' \
         WHEN 'idle_in_transaction_session_timeout' THEN '30s' ELSE 'off' END, FALSE) FROM pg_settings \
         WHERE source = 'default' AND name IN ('lock_timeout', 'statement_timeout', \
         'idle_in_transaction_session_timeout', 'enable_seqscan', 'enable_hashjoin', 'enable_mergejoin', 'jit')"
    )
}

/// Removes ANALYZE's statistics from a SQLite file. With them, SQLite would scan any table that had
/// few rows at the time, however many it has now (decision 0090).
async fn forget_statistics(connection: &mut SqliteConnection) -> sqlx::Result<()> {
    let analysed = "SELECT name FROM sqlite_schema WHERE name IN ('sqlite_stat1', 'sqlite_stat4')";
    let tables: Vec<(String,)> = sqlx::query_as(analysed).fetch_all(&mut *connection).await?;
    for (table,) in tables {
        let drop = AssertSqlSafe(format!("DROP TABLE {table}"));
        connection.execute(drop).await?;
    }
    Ok(())
}

/// The same for one transaction, because a pooler gives the next one to another connection. Here,
/// what the operator set for the database or the role is overridden.
fn beginning(limits: Limits) -> String {
    let (lock, statement) = (limits.lock.as_millis(), limits.statement.as_millis());
    let off = "OFF; SET LOCAL enable_hashjoin = OFF; SET LOCAL enable_mergejoin = OFF; SET LOCAL jit = OFF";
    format!(
        "BEGIN; SET LOCAL lock_timeout = {lock}; SET LOCAL statement_timeout = {statement}; \
         SET LOCAL idle_in_transaction_session_timeout = 30000; SET LOCAL enable_seqscan = {off}"
    )
}

/// Connects to PostgreSQL, or reports which address doesn't answer.
async fn reached(options: &PgConnectOptions) -> Result<PgConnection, StoreError> {
    let at = || format!("{}:{}", options.get_host(), options.get_port());
    let Ok(connected) = timeout(REACH, options.connect()).await else {
        let why = format!("no answer for {} seconds", REACH.as_secs());
        return Err(StoreError::Unreachable(why, at()));
    };
    connected.map_err(|error| match error {
        sqlx::Error::Io(error) => {
            let why = match error.kind() {
                ErrorKind::ConnectionRefused => "connection refused".to_owned(),
                _ => error.to_string(),
            };
            StoreError::Unreachable(why, at())
        }
        other => other.into(),
    })
}

impl<R: Grouped> Store<R> {
    /// Opens the store and brings its tables up to date.
    ///
    /// # Errors
    /// The address is wrong, the database can't be reached, or its tables can't be brought up to
    /// date.
    pub async fn open(address: impl Into<Address>, limits: Limits) -> Result<Self, StoreError> {
        Self::connect(&address.into(), limits, true).await
    }

    /// Opens a store that a server has set up and may be using; its tables are left alone.
    ///
    /// # Errors
    /// The address is wrong, or the database doesn't exist or can't be reached.
    pub async fn attach(address: impl Into<Address>, limits: Limits) -> Result<Self, StoreError> {
        Self::connect(&address.into(), limits, false).await
    }

    async fn connect(address: &Address, limits: Limits, set_up: bool) -> Result<Self, StoreError> {
        let connected = if address.url.starts_with("sqlite:") {
            Self::connect_sqlite(&address.url, limits, set_up).await
        } else {
            Self::connect_postgres(address, limits, set_up).await
        };
        connected.map_err(|error| error.explained(migrations::newest()))
    }

    async fn connect_sqlite(url: &str, limits: Limits, set_up: bool) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(set_up)
            .journal_mode(SqliteJournalMode::Wal)
            // For a new file: three launches fit into a page this size, but only one into SQLite's
            // default.
            .page_size(8192)
            // A write counts as done only once it is on disk.
            .synchronous(SqliteSynchronous::Full)
            // The log restarts at 16 MB; by then most of it has been copied (checkpoints.rs).
            .pragma("wal_autocheckpoint", "2000")
            // One for each possible number of waiting launches, plus the others.
            .statement_cache_capacity(200)
            .busy_timeout(limits.lock)
            // Erased data must not linger in the file's free pages.
            .pragma("secure_delete", "ON")
            .foreign_keys(true);
        let unopened = |error: sqlx::Error| match StoreError::from(error) {
            StoreError::Database(error) => {
                let file = options.get_filename();
                let file = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
                StoreError::File(file.display().to_string(), error)
            }
            // Its message already says what is wrong, such as a full disk.
            other => other,
        };
        let patience = if set_up { MIGRATION } else { limits.lock };
        let first = options.clone().busy_timeout(patience);
        let mut first = first.connect().await.map_err(unopened)?;
        if set_up {
            forget_statistics(&mut first).await?;
            let beating = async { Ok(options.connect().await?) };
            migrations::bring_up_to_date(&mut first, beating).await?;
        }
        // Connections opened from here on never see statistics. The first stays, as the one that
        // copies the log: if it were closed now, it would take the log with it.
        let writer = options.connect().await.map_err(unopened)?;
        let checkpoints = Checkpoints::start(first);
        let read = SqlitePoolOptions::new()
            .max_connections(4)
            .acquire_timeout(limits.request)
            // A file doesn't hang up, and to ask takes as long as to read a row.
            .test_before_acquire(false)
            .connect_lazy_with(options.read_only(true));
        Ok(Self::Sqlite {
            read,
            patience: limits.request,
            write: Writer::start(writer, checkpoints, limits.request),
            haste: Haste::default(),
        })
    }

    /// Brings PostgreSQL's tables up to date, over the direct address if there is one, once it is
    /// known to lead to the same database.
    async fn migrate(address: &Address, options: &PgConnectOptions) -> Result<(), StoreError> {
        // Has no time limit, and waits for another replica that is migrating.
        let direct = match &address.direct_url {
            Some(url) => PgConnectOptions::from_str(url)?.application_name("hallpass"),
            None => options.clone(),
        };
        let migrating = |error: StoreError| error.at(address, OpeningStep::Migrating);
        let mut own = reached(&direct).await.map_err(migrating)?;
        if address.direct_url.is_some() {
            let serving = reached(options).await;
            let mut serving = serving.map_err(|error| error.at(address, OpeningStep::Serving))?;
            same_place::compare(&mut serving, &mut own).await?;
            serving.close().await?;
        }
        // Otherwise each start would log that the tables exist already.
        own.execute("SET client_min_messages = warning").await?;
        let migrated = migrations::bring_up_to_date(&mut own, reached(&direct)).await;
        migrated.map_err(migrating)?;
        own.close().await?;
        Ok(())
    }

    async fn connect_postgres(
        address: &Address,
        limits: Limits,
        set_up: bool,
    ) -> Result<Self, StoreError> {
        let mut options = PgConnectOptions::from_str(&address.url)?.application_name("hallpass");
        if address.pooler != Pooler::None {
            // Poolers refuse settings they don't know, and we read no floats.
            options = options.extra_float_digits(None);
        }
        if set_up {
            Self::migrate(address, &options).await?;
        } else {
            // Connect once first: the pool would retry for seconds, and then only report a timeout.
            let reached = reached(&options).await;
            let reached = reached.map_err(|error| error.at(address, OpeningStep::Serving))?;
            reached.close().await?;
        }
        let is_ours = address.pooler != Pooler::Transaction;
        let terms = Terms {
            patience: limits.request,
            begin: (!is_ours).then(|| beginning(limits).into()),
        };
        let pool = PgPoolOptions::new()
            .max_connections(16)
            .acquire_timeout(limits.request)
            .after_connect(move |connection, _| {
                let limiting = AssertSqlSafe(limiting(limits));
                Box::pin(async move {
                    if is_ours {
                        connection.execute(limiting).await?;
                    }
                    Ok(())
                })
            })
            // An idle connection may be dead; one that was just used is not checked.
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
            .await
            .map_err(|error| StoreError::from(error).at(address, OpeningStep::Serving))?;
        Ok(Self::Postgres {
            batches: Batches::start(pool.clone(), terms.clone()),
            pool,
            terms,
            haste: Haste::default(),
        })
    }
}
