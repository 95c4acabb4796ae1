//! Pages about who changed what: the log with its filter, the log as a file, and the check that it
//! is intact.

mod asked;
mod changes;
pub(crate) mod export;
pub(crate) mod page;
