//! Statements: declared once per file, run on whichever store is open.

/// A statement, for tests that examine all of them.
#[derive(Clone, Copy, Debug)]
pub struct Statement {
    /// Module and name.
    pub name: &'static str,
    /// Its text.
    pub sql: &'static str,
}

/// Declares the statements of a file, and a list of them: tests prepare each one on both stores and
/// check its plan.
macro_rules! statements {
    ($($name:ident = $sql:expr;)+) => {
        $(const $name: &str = $sql;)+
        pub(super) const STATEMENTS: &[$crate::Statement] = &[$($crate::Statement {
            name: concat!(module_path!(), "::", stringify!($name)),
            sql: $name,
        }),+];
    };
}

/// Runs one statement on whichever store is open. The first word says how many rows it must change:
///
/// - `execute!(one, tx, SQL, args…)`: exactly one; anything else is an error;
/// - `execute!(optional, tx, SQL, args…)`: one (returns `true`) or none; more is an error;
/// - `execute!(any, tx, SQL, args…)`: any number, which is returned.
macro_rules! execute {
    (one, $($rest:tt)+) => {
        execute!(any, $($rest)+).and_then(|changed| match changed {
            1 => Ok(()),
            other => Err($crate::engine::StoreError::RowCount(other)),
        })
    };
    (optional, $($rest:tt)+) => {
        execute!(any, $($rest)+).and_then(|changed| match changed {
            0 => Ok(false),
            1 => Ok(true),
            other => Err($crate::engine::StoreError::RowCount(other)),
        })
    };
    (any, $tx:expr, $sql:expr $(, $arg:expr)* $(,)?) => {
        match $tx {
            $crate::engine::Tx::Sqlite(connection) => sqlx::query($sql)$(.bind($arg))*
                .execute(&mut **connection).await.map(|done| done.rows_affected())
                .map_err($crate::engine::StoreError::from),
            $crate::engine::Tx::Postgres(connection) => {
                let query = sqlx::query($sql).persistent(connection.keeps_statements())$(.bind($arg))*;
                let done = connection.ask().with(query.execute(&mut **connection)).await;
                connection.answered(done).map(|done| done.rows_affected())
            }
        }
    };
}

/// `fetch!(optional | one | all, tx, Row, SQL, args…)` returns rows of a type that derives
/// `FromRow`.
macro_rules! fetch {
    (optional, $($rest:tt)+) => { fetch!(@ fetch_optional, $($rest)+) };
    (one, $($rest:tt)+) => { fetch!(@ fetch_one, $($rest)+) };
    (all, $($rest:tt)+) => { fetch!(@ fetch_all, $($rest)+) };
    (@ $how:ident, $tx:expr, $row:ty, $sql:expr $(, $arg:expr)* $(,)?) => {
        match $tx {
            $crate::engine::Tx::Sqlite(connection) => sqlx::query_as::<_, $row>($sql)$(.bind($arg))*
                .$how(&mut **connection).await.map_err($crate::engine::StoreError::from),
            $crate::engine::Tx::Postgres(connection) => {
                let query = sqlx::query_as::<_, $row>($sql).persistent(connection.keeps_statements())$(.bind($arg))*;
                let done = connection.ask().with(query.$how(&mut **connection)).await;
                connection.answered(done)
            }
        }
    };
}

pub(crate) use {execute, fetch, statements};
