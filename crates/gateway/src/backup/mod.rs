//! Copies of an embedded store, each with a manifest that says what it must contain. They are made
//! while servers are running, for `hallpass backup` and as an archive to download (docs/backup.md).
//! `operator::backup` restores them.

pub(crate) mod api;
mod archive;
pub(crate) mod copied;
mod error;
pub(crate) mod files;
mod manifest;
mod refusal;
mod room;

pub use error::BackupError;
pub use manifest::Manifest;
pub(crate) use refusal::refusal;
pub(crate) use room::Backups;
