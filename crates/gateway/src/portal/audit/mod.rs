//! Pages about who changed what: the log with its filter, one file of it, and whether it is as it was written.

mod asked;
mod changes;
pub(crate) mod export;
pub(crate) mod page;
