//! When platforms last launched, and what they call themselves.

use std::sync::LazyLock;

use crate::engine::{StoreError, Tx, fetch, statements};

statements! {
    // A deleted platform gets no row.
    NOTE = "INSERT INTO platform_visits (platform_id, last_launch_at, own_name) \
            SELECT id, CAST($2 AS BIGINT), CAST($3 AS TEXT) FROM platforms WHERE id = $1 \
            ON CONFLICT (platform_id) DO UPDATE SET last_launch_at = excluded.last_launch_at, \
            own_name = COALESCE(excluded.own_name, platform_visits.own_name) \
            WHERE excluded.last_launch_at > platform_visits.last_launch_at";
    OF_PLATFORM = "SELECT platform_id, last_launch_at, own_name FROM platform_visits WHERE platform_id = $1";
}

/// The last launch of a platform.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PlatformVisit {
    /// The platform; it has one row.
    pub platform_id: String,
    /// Milliseconds since 1970, to the minute.
    pub last_launch_at: i64,
    /// The platform's own name (`tool_platform.name`), if it ever sent one.
    pub own_name: Option<String>,
}

/// The most rows per statement.
const ROWS: usize = 64;

/// [`NOTE`] on SQLite for 1, 2, 3 … [`ROWS`] rows. It uses `?`, because SQLite looks up every `$1`
/// among all parameter names of the statement.
static NOTE_ROWS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let (head, tail) = around();
    let of = |rows| {
        let values = vec!["(?, ?, ?)"; rows].join(", ");
        format!(
            "{head} SELECT column1, column2, column3 FROM (VALUES {values}) AS noted \
             WHERE EXISTS (SELECT 1 FROM platforms WHERE id = column1) {tail}"
        )
    };
    (1..=ROWS).map(of).collect()
});

/// The same on PostgreSQL, for any number of rows, as one array per column. Sorted, so that two
/// servers can't deadlock.
static NOTE_COLUMNS: LazyLock<String> = LazyLock::new(|| {
    let (head, tail) = around();
    format!(
        "{head} SELECT platform, at, name FROM UNNEST($1::text[], $2::bigint[], $3::text[]) AS noted (platform, at, name) \
         WHERE EXISTS (SELECT 1 FROM platforms WHERE id = platform) ORDER BY platform {tail}"
    )
});

/// The beginning and the end of [`NOTE`].
fn around() -> (&'static str, &'static str) {
    let head = NOTE.split_once(" SELECT ").map_or(NOTE, |(head, _)| head);
    let tail = NOTE.find("ON CONFLICT").map_or("", |at| &NOTE[at..]);
    (head, tail)
}

/// Records the last launches of platforms; each platform may appear only once. A launch earlier
/// than the recorded one changes nothing.
///
/// # Errors
/// The store failed.
pub async fn note(tx: &mut Tx<'_>, visits: &[PlatformVisit]) -> Result<(), StoreError> {
    for rows in visits.chunks(ROWS) {
        note_rows(tx, rows).await?;
    }
    Ok(())
}

async fn note_rows(tx: &mut Tx<'_>, rows: &[PlatformVisit]) -> Result<(), StoreError> {
    match tx {
        Tx::Sqlite(connection) => {
            let Some(sql) = rows.len().checked_sub(1).and_then(|at| NOTE_ROWS.get(at)) else {
                return Err(StoreError::RowCount(rows.len() as u64));
            };
            let mut query = sqlx::query(sql.as_str());
            for row in rows {
                query = query
                    .bind(row.platform_id.as_str())
                    .bind(row.last_launch_at)
                    .bind(row.own_name.as_deref());
            }
            query.execute(&mut **connection).await?;
        }
        Tx::Postgres(connection) => {
            let ids: Vec<&str> = rows.iter().map(|row| row.platform_id.as_str()).collect();
            let times: Vec<i64> = rows.iter().map(|row| row.last_launch_at).collect();
            let names: Vec<Option<&str>> = rows.iter().map(|row| row.own_name.as_deref()).collect();
            let query = sqlx::query(NOTE_COLUMNS.as_str())
                .persistent(connection.keeps_statements())
                .bind(ids)
                .bind(times)
                .bind(names);
            let done = connection
                .ask()
                .with(query.execute(&mut **connection))
                .await;
            connection.answered(done)?;
        }
    }
    Ok(())
}

/// The last launch of a platform, if it ever launched.
///
/// # Errors
/// The store failed.
pub async fn of_platform(
    tx: &mut Tx<'_>,
    platform_id: String,
) -> Result<Option<PlatformVisit>, StoreError> {
    fetch!(optional, tx, PlatformVisit, OF_PLATFORM, platform_id)
}
