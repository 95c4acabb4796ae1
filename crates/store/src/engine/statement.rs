//! Statements: declared once a file, run on whichever store is open.

/// Declares the statements of a file, and the list of them that a test prepares on both stores.
macro_rules! statements {
    ($($name:ident = $sql:expr;)+) => {
        $(const $name: &str = $sql;)+
        pub(super) const STATEMENTS: &[&str] = &[$($name),+];
    };
}

/// Runs one statement on whichever store is open. The first word says how many rows it is to change:
///
/// - `execute!(one, tx, SQL, args…)`: exactly one, or it is an error;
/// - `execute!(optional, tx, SQL, args…)`: one, which gives `true`, or none; more is an error;
/// - `execute!(any, tx, SQL, args…)`: any number, which it gives.
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
                .execute(&mut **connection).await.map(|done| done.rows_affected()),
            $crate::engine::Tx::Postgres(connection) => sqlx::query($sql)$(.bind($arg))*
                .execute(&mut **connection).await.map(|done| done.rows_affected()),
        }.map_err($crate::engine::StoreError::from)
    };
}

/// `fetch!(optional | one | all, tx, Row, SQL, args…)` gives rows of a type that derives `FromRow`.
macro_rules! fetch {
    (optional, $($rest:tt)+) => { fetch!(@ fetch_optional, $($rest)+) };
    (one, $($rest:tt)+) => { fetch!(@ fetch_one, $($rest)+) };
    (all, $($rest:tt)+) => { fetch!(@ fetch_all, $($rest)+) };
    (@ $how:ident, $tx:expr, $row:ty, $sql:expr $(, $arg:expr)* $(,)?) => {
        match $tx {
            $crate::engine::Tx::Sqlite(connection) => sqlx::query_as::<_, $row>($sql)$(.bind($arg))*
                .$how(&mut **connection).await,
            $crate::engine::Tx::Postgres(connection) => sqlx::query_as::<_, $row>($sql)$(.bind($arg))*
                .$how(&mut **connection).await,
        }.map_err($crate::engine::StoreError::from)
    };
}

pub(crate) use {execute, fetch, statements};
