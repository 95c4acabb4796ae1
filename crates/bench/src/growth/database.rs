//! The database of a server that is down, of either kind.

use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Connection, Executor};

/// An open database.
pub(crate) enum Database {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Database {
    /// Opens it, beside a server or without.
    pub(crate) async fn open(url: &str) -> anyhow::Result<Self> {
        Ok(if url.starts_with("sqlite:") {
            let mut connection = SqliteConnection::connect(url).await?;
            // What is filled in need not survive a crash of the machine.
            connection.execute("PRAGMA synchronous = OFF").await?;
            Self::Sqlite(connection)
        } else {
            Self::Postgres(PgConnection::connect(url).await?)
        })
    }

    /// Chooses the words of this kind.
    pub(crate) fn words(&self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match self {
            Self::Sqlite(_) => sqlite,
            Self::Postgres(_) => postgres,
        }
    }

    pub(crate) async fn execute(&mut self, sql: String) -> anyhow::Result<()> {
        match self {
            Self::Sqlite(connection) => connection.execute(AssertSqlSafe(sql)).await.map(drop),
            Self::Postgres(connection) => connection.execute(AssertSqlSafe(sql)).await.map(drop),
        }?;
        Ok(())
    }

    /// Does what autovacuum does some minutes after so many rows were added: it must neither be
    /// missing while something is measured nor run beside it.
    pub(crate) async fn vacuum(&mut self) -> anyhow::Result<()> {
        let sql = self.words("ANALYZE", "VACUUM ANALYZE");
        self.execute(sql.to_owned()).await
    }

    pub(crate) async fn number(&mut self, sql: &str) -> anyhow::Result<i64> {
        let sql = AssertSqlSafe(sql.to_owned());
        Ok(match self {
            Self::Sqlite(connection) => sqlx::query_scalar(sql).fetch_one(connection).await?,
            Self::Postgres(connection) => sqlx::query_scalar(sql).fetch_one(connection).await?,
        })
    }

    pub(crate) async fn texts(&mut self, sql: String) -> anyhow::Result<Vec<String>> {
        let sql = AssertSqlSafe(sql);
        Ok(match self {
            Self::Sqlite(connection) => sqlx::query_scalar(sql).fetch_all(connection).await?,
            Self::Postgres(connection) => sqlx::query_scalar(sql).fetch_all(connection).await?,
        })
    }

    /// Lets a server remove what is over, as one does that has run for a day: the store was filled
    /// while it was down, which it would mistake for a date that was set. Earlier builds don't
    /// look.
    pub(crate) async fn explain_date(&mut self) -> anyhow::Result<()> {
        let columns = self.columns("installation").await?;
        if !columns.iter().any(|column| column == "clock_seen_at") {
            return Ok(());
        }
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
        let (now, two_days) = (now.as_millis(), 2 * 24 * 60 * 60 * 1000);
        let sql =
            format!("UPDATE installation SET clock_seen_at = {now}, clock_steady_ms = {two_days}");
        self.execute(sql).await
    }

    /// Bytes of everything in it.
    pub(super) async fn size(&mut self) -> anyhow::Result<f64> {
        let sql = self.words(
            "SELECT (page_count - freelist_count) * page_size \
             FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()",
            "SELECT CAST(SUM(pg_total_relation_size(oid)) AS BIGINT) FROM pg_class \
             WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
        );
        Ok(self.number(sql).await? as f64)
    }

    /// Adds copies of a row: number `from` to `to`, each with these columns changed; `{i}` is the
    /// number, `{id}` 19 digits of it, `{source}` the copied row.
    pub(crate) async fn copy(
        &mut self,
        table: &str,
        which: &str,
        changed: &[(&str, &str)],
        numbers: std::ops::Range<u32>,
    ) -> anyhow::Result<()> {
        let padded = self.words("printf('%019d', n.i)", "lpad(n.i::text, 19, '0')");
        let columns = self.columns(table).await?;
        let value = |column: &String| {
            let new = changed.iter().find(|(name, _)| name == column);
            match new {
                Some((_, value)) => value
                    .replace("{i}", "n.i")
                    .replace("{id}", padded)
                    .replace("{source}", "source"),
                None => format!("source.{column}"),
            }
        };
        let values: Vec<String> = columns.iter().map(value).collect();
        let (columns, values) = (columns.join(", "), values.join(", "));
        let mut from = numbers.start;
        while from < numbers.end {
            let to = numbers.end.min(from + 100_000);
            let rows = format!(
                "WITH RECURSIVE n(i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM n WHERE i < {to} - 1) \
                 INSERT INTO {table} ({columns}) SELECT {values} FROM {table} source, n WHERE {which}"
            );
            self.execute(rows).await?;
            from = to;
        }
        Ok(())
    }

    /// The columns that this build's table has.
    pub(super) async fn columns(&mut self, table: &str) -> anyhow::Result<Vec<String>> {
        let sql = self.words(
            "SELECT name FROM pragma_table_info('{table}')",
            "SELECT column_name::text FROM information_schema.columns WHERE table_schema = 'public' \
             AND table_name = '{table}'",
        );
        self.texts(sql.replace("{table}", table)).await
    }
}
