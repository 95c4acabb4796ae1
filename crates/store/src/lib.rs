//! All SQL of the service. One `const` text a statement runs on both stores; a file here is a noun.
//!
//! Functions take a [`Tx`]: the open transaction of [`Db::write`], or the connection of [`Db::read`].

mod batches;
mod checkpoints;
mod db;
mod writer;

pub mod api_keys;
pub mod blocked_people;
pub mod deployments;
pub mod enrolments;
pub mod installation;
pub mod invites;
pub mod launches;
pub mod learning_paths;
pub mod login_links;
pub mod people;
pub mod platforms;
pub mod registrations;
pub mod sealed;
pub mod signing_keys;
pub mod students;
pub mod studyreel_registrations;
pub mod studyreel_seen;
pub mod tools;
pub mod traces;

pub use db::{Db, Limits, StoreError, Tx};

/// Declares the statements of a file, and the list of them that a test prepares on both stores.
macro_rules! statements {
    ($($name:ident = $sql:expr;)+) => {
        $(const $name: &str = $sql;)+
        pub(super) const STATEMENTS: &[&str] = &[$($name),+];
    };
}

/// Runs one statement on whichever store is open.
///
/// `execute!(tx, SQL, args…)` gives the number of rows it changed.
macro_rules! execute {
    ($tx:expr, $sql:expr $(, $arg:expr)* $(,)?) => {
        match $tx {
            $crate::Tx::Sqlite(connection) => sqlx::query($sql)$(.bind($arg))*
                .execute(&mut **connection).await.map(|done| done.rows_affected()),
            $crate::Tx::Postgres(connection) => sqlx::query($sql)$(.bind($arg))*
                .execute(&mut **connection).await.map(|done| done.rows_affected()),
        }.map_err($crate::StoreError::from)
    };
}

/// `fetch!(optional | one | all, tx, Row, SQL, args…)` gives rows of a type that derives `FromRow`.
macro_rules! fetch {
    (optional, $($rest:tt)+) => { fetch!(@ fetch_optional, $($rest)+) };
    (one, $($rest:tt)+) => { fetch!(@ fetch_one, $($rest)+) };
    (all, $($rest:tt)+) => { fetch!(@ fetch_all, $($rest)+) };
    (@ $how:ident, $tx:expr, $row:ty, $sql:expr $(, $arg:expr)* $(,)?) => {
        match $tx {
            $crate::Tx::Sqlite(connection) => sqlx::query_as::<_, $row>($sql)$(.bind($arg))*
                .$how(&mut **connection).await,
            $crate::Tx::Postgres(connection) => sqlx::query_as::<_, $row>($sql)$(.bind($arg))*
                .$how(&mut **connection).await,
        }.map_err($crate::StoreError::from)
    };
}

use {execute, fetch, statements};

/// Every statement of the service, by file.
pub const STATEMENTS: &[&[&str]] = &[
    api_keys::STATEMENTS,
    blocked_people::STATEMENTS,
    deployments::STATEMENTS,
    enrolments::STATEMENTS,
    installation::STATEMENTS,
    invites::STATEMENTS,
    launches::STATEMENTS,
    learning_paths::STATEMENTS,
    login_links::STATEMENTS,
    people::STATEMENTS,
    platforms::STATEMENTS,
    registrations::STATEMENTS,
    sealed::STATEMENTS,
    signing_keys::STATEMENTS,
    students::STATEMENTS,
    studyreel_registrations::STATEMENTS,
    studyreel_seen::STATEMENTS,
    tools::STATEMENTS,
    traces::STATEMENTS,
];
