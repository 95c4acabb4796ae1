//! All SQL of Hallpass, on SQLite and PostgreSQL: the only crate that knows the database driver.
//!
//! [`Db`] is the store of one installation. Its engine handles connections, transactions, SQLite's
//! single writer and PostgreSQL's batches, and knows no tables. Every other module covers one kind
//! of thing: its statements, its rows, and one function per statement.
//!
//! Each statement is one `const` text that runs on both stores. Functions take a [`Tx`]: the open
//! transaction of [`Store::write`], or the connection of [`Store::read`]. Rows are plain: text,
//! numbers, and enums declared here.
//!
//! ```no_run
//! # async fn example() -> Result<(), store::StoreError> {
//! let db = store::Db::open("sqlite:hallpass.db", store::Limits::default()).await?;
//! let tools = store::tools::all(&mut db.read().await?.tx()).await?;
//! println!("{} tools", tools.len());
//! db.close().await;
//! # Ok(())
//! # }
//! ```
//!
//! The tables are created by the files in `migrations/`, which run in order of their numbers when a
//! server starts.

mod db;
mod engine;
mod key_method;

pub mod api_keys;
pub mod audit;
pub mod audit_begun;
pub mod backup;
pub mod blocked_people;
pub mod changes;
pub mod deliveries;
pub mod delivery_paces;
pub mod deployments;
pub mod enrolments;
pub mod events;
pub mod first_answers;
pub mod installation;
pub mod invites;
pub mod job_workers;
pub mod jobs;
pub mod last_day;
pub mod launches;
pub mod learning_paths;
pub mod line_item_handles;
pub mod line_items;
pub mod login_links;
pub mod platform_children;
pub mod platform_list;
pub mod platform_visits;
pub mod platforms;
pub mod portal_links;
pub mod portal_sessions;
pub mod portal_states;
pub mod portal_users;
pub mod registrations;
pub mod removed_tools;
pub mod reservations;
pub mod rosters;
pub mod sealed;
pub mod service_places;
pub mod signing_keys;
pub mod students;
pub mod studyreel_registrations;
pub mod studyreel_seen;
pub mod tools;
pub mod trace_causes;
pub mod traces;
pub mod usage;
pub mod waiting;
pub mod webhooks;

pub use db::Db;
pub use engine::{
    Address, BatchProgress, Batches, Grouped, Haste, LentConnection, Limits, Pooler, Reader,
    Statement, Store, StoreError, Terms, Tx, Writer, behind_another, is_address, sqlite_file,
    within_budget,
};

/// All statements of the service, by file.
pub const STATEMENTS: &[&[Statement]] = &[
    api_keys::STATEMENTS,
    audit::STATEMENTS,
    audit_begun::STATEMENTS,
    blocked_people::STATEMENTS,
    changes::STATEMENTS,
    deliveries::STATEMENTS,
    deliveries::OTHERS[0],
    deliveries::OTHERS[1],
    deliveries::OTHERS[2],
    deliveries::OTHERS[3],
    deliveries::OTHERS[4],
    deliveries::OTHERS[5],
    deliveries::OTHERS[6],
    deliveries::OTHERS[7],
    deliveries::OTHERS[8],
    delivery_paces::STATEMENTS,
    deployments::STATEMENTS,
    enrolments::STATEMENTS,
    events::STATEMENTS,
    first_answers::STATEMENTS,
    installation::STATEMENTS,
    invites::STATEMENTS,
    job_workers::STATEMENTS,
    jobs::STATEMENTS,
    jobs::OTHERS[0],
    jobs::OTHERS[1],
    jobs::OTHERS[2],
    last_day::STATEMENTS,
    launches::STATEMENTS,
    launches::NEW,
    learning_paths::STATEMENTS,
    line_item_handles::STATEMENTS,
    line_items::STATEMENTS,
    login_links::STATEMENTS,
    platform_list::STATEMENTS,
    platform_children::STATEMENTS,
    platform_visits::STATEMENTS,
    platforms::STATEMENTS,
    portal_links::STATEMENTS,
    portal_sessions::STATEMENTS,
    portal_states::STATEMENTS,
    portal_users::STATEMENTS,
    registrations::STATEMENTS,
    removed_tools::STATEMENTS,
    reservations::STATEMENTS,
    rosters::STATEMENTS,
    sealed::STATEMENTS,
    service_places::STATEMENTS,
    signing_keys::STATEMENTS,
    students::STATEMENTS,
    studyreel_registrations::STATEMENTS,
    studyreel_seen::STATEMENTS,
    tools::STATEMENTS,
    trace_causes::STATEMENTS,
    traces::STATEMENTS,
    usage::STATEMENTS,
    waiting::STATEMENTS,
    webhooks::STATEMENTS,
];
