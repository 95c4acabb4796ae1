//! Stores launches: alone, or together with all other waiting ones.

use std::cmp::Ordering;
use std::sync::LazyLock;

use crate::engine::{Grouped, StoreError, Tx, fetch, statements};

statements! {
    INSERT = "INSERT INTO launches (id, tool_id, dialect, platform_id, deployment_id, nonce_hash, document_sealed, \
              created_at, expires_at, delete_at, parked, trace) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (nonce_hash) DO NOTHING";
    IS_STORED = "SELECT COUNT(*) FROM launches WHERE id = $1";
}

/// A launch to store, or the nonce of a refused one.
#[derive(Clone)]
pub struct NewLaunch {
    /// Our id, created before the row: later launches sort higher.
    pub id: String,
    /// The tool it is for.
    pub tool_id: String,
    /// The adapter that verified it.
    pub dialect: &'static str,
    /// The platform it came from, if that has a row.
    pub platform_id: Option<String>,
    /// The deployment it came from.
    pub deployment_id: Option<String>,
    /// The hash that makes a second use fail.
    pub nonce_hash: Vec<u8>,
    /// The verified content, sealed; `None` for a refused launch.
    pub document_sealed: Option<Vec<u8>>,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// When to erase the document, in milliseconds since 1970.
    pub expires_at: i64,
    /// Until when the nonce could be replayed, in milliseconds since 1970; the row is kept at least
    /// that long.
    pub nonce_until: i64,
    /// Whether it is unreadable until the browser is recognised.
    pub parked: bool,
    /// How the launch went.
    pub trace: Option<LaunchTrace>,
}

/// A launch's trace, as stored in its row.
#[derive(Clone, Debug)]
pub struct LaunchTrace {
    /// The recorded steps.
    pub text: String,
    /// How long to keep it, in milliseconds since 1970; the row is kept at least that long.
    pub until: i64,
}

impl NewLaunch {
    /// When the row expires.
    fn delete_at(&self) -> i64 {
        let trace_until = self.trace.as_ref().map_or(0, |trace| trace.until);
        self.expires_at.max(self.nonce_until).max(trace_until)
    }

    fn trace(&self) -> Option<&str> {
        self.trace.as_ref().map(|trace| trace.text.as_str())
    }
}

/// Stores a launch, which spends its nonce. Returns false if the nonce was already spent.
///
/// # Errors
/// The store failed.
pub async fn insert(tx: &mut Tx<'_>, launch: NewLaunch) -> Result<bool, StoreError> {
    Ok(insert_rows(tx, &[launch]).await? == 1)
}

/// The most rows per statement.
const ROWS: usize = 64;

/// [`INSERT`] on SQLite for 1, 2, 3 … [`ROWS`] rows: all waiting rows form one statement, which
/// needs no transaction around it. It uses `?`, because SQLite looks up every `$1` among all
/// parameter names of the statement.
static INSERT_ROWS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let (head, tail) = INSERT.split_once("($1").unwrap_or((INSERT, ""));
    let (placeholders, tail) = tail.split_once(')').unwrap_or((tail, ""));
    let row = vec!["?"; placeholders.split(',').count()].join(", ");
    let of = |rows| format!("{head}{}{tail}", vec![format!("({row})"); rows].join(", "));
    (1..=ROWS).map(of).collect()
});

/// The same on PostgreSQL, for any number of rows, as one array per column.
static INSERT_COLUMNS: LazyLock<String> = LazyLock::new(|| {
    let (head, tail) = INSERT.split_once("VALUES (").unwrap_or((INSERT, ""));
    let (_, tail) = tail.split_once(')').unwrap_or((tail, ""));
    let columns = [
        "text", "text", "text", "text", "text", "bytea", "bytea", "bigint", "bigint", "bigint",
        "boolean", "text",
    ];
    let columns = (1..).zip(columns);
    let columns: Vec<_> = columns.map(|(at, of)| format!("${at}::{of}[]")).collect();
    format!("{head}SELECT * FROM UNNEST({}){tail}", columns.join(", "))
});

impl Grouped for NewLaunch {
    const ROWS: usize = ROWS;

    fn order(&self, other: &Self) -> Ordering {
        self.nonce_hash.cmp(&other.nonce_hash)
    }

    async fn insert_all(
        tx: &mut Tx<'_>,
        launches: &[Self],
    ) -> Result<Vec<Result<bool, StoreError>>, StoreError> {
        let mut answers = Vec::with_capacity(launches.len());
        for rows in launches.chunks(ROWS) {
            match insert_rows(tx, rows).await {
                Ok(stored) if stored == rows.len() as u64 => {
                    answers.extend(rows.iter().map(|_| Ok(true)));
                }
                Ok(0) => answers.extend(rows.iter().map(|_| Ok(false))),
                Ok(_) => {
                    for row in rows {
                        answers.push(is_stored(tx, row).await);
                    }
                }
                Err(error) if !error.is_of_the_row() || tx.fails_as_one() => return Err(error),
                // One bad row must not cost the others theirs.
                Err(_) => answers.extend(Self::insert_each(tx, rows).await),
            }
        }
        Ok(answers)
    }

    /// Stops when the store itself fails, instead of waiting for it once per row.
    async fn insert_each(tx: &mut Tx<'_>, launches: &[Self]) -> Vec<Result<bool, StoreError>> {
        let mut answers = Vec::with_capacity(launches.len());
        for row in launches {
            let stored = match insert_rows(tx, std::slice::from_ref(row)).await {
                Ok(1) => Ok(true),
                Ok(_) => is_stored(tx, row).await,
                Err(error) => Err(error),
            };
            match stored {
                Err(error) if !error.is_of_the_row() => {
                    answers.extend(error.for_each(launches.len() - answers.len()));
                    break;
                }
                stored => answers.push(stored),
            }
        }
        answers
    }
}

/// Ids are unique, so a row with this id is this launch.
async fn is_stored(tx: &mut Tx<'_>, launch: &NewLaunch) -> Result<bool, StoreError> {
    let (count,) = fetch!(one, tx, (i64,), IS_STORED, launch.id.as_str())?;
    Ok(count == 1)
}

/// Runs one statement. Returns how many of the rows it stored.
async fn insert_rows(tx: &mut Tx<'_>, rows: &[NewLaunch]) -> Result<u64, StoreError> {
    Ok(match tx {
        Tx::Sqlite(connection) => {
            let Some(sql) = rows.len().checked_sub(1).and_then(|at| INSERT_ROWS.get(at)) else {
                return Err(StoreError::RowCount(rows.len() as u64));
            };
            let mut query = sqlx::query(sql.as_str());
            for row in rows {
                query = query
                    .bind(row.id.as_str())
                    .bind(row.tool_id.as_str())
                    .bind(row.dialect)
                    .bind(row.platform_id.as_deref())
                    .bind(row.deployment_id.as_deref())
                    .bind(row.nonce_hash.as_slice())
                    .bind(row.document_sealed.as_deref())
                    .bind(row.created_at)
                    .bind(row.expires_at)
                    .bind(row.delete_at())
                    .bind(row.parked)
                    .bind(row.trace());
            }
            query.execute(&mut **connection).await?.rows_affected()
        }
        Tx::Postgres(connection) => {
            fn column<'r, T>(rows: &'r [NewLaunch], of: impl Fn(&'r NewLaunch) -> T) -> Vec<T> {
                rows.iter().map(of).collect()
            }
            let query = sqlx::query(INSERT_COLUMNS.as_str())
                .persistent(connection.keeps_statements())
                .bind(column(rows, |row| row.id.as_str()))
                .bind(column(rows, |row| row.tool_id.as_str()))
                .bind(column(rows, |row| row.dialect))
                .bind(column(rows, |row| row.platform_id.as_deref()))
                .bind(column(rows, |row| row.deployment_id.as_deref()))
                .bind(column(rows, |row| row.nonce_hash.as_slice()))
                .bind(column(rows, |row| row.document_sealed.as_deref()))
                .bind(column(rows, |row| row.created_at))
                .bind(column(rows, |row| row.expires_at))
                .bind(column(rows, NewLaunch::delete_at))
                .bind(column(rows, |row| row.parked))
                .bind(column(rows, NewLaunch::trace));
            let done = connection
                .ask()
                .with(query.execute(&mut **connection))
                .await;
            connection.answered(done)?.rows_affected()
        }
    })
}
