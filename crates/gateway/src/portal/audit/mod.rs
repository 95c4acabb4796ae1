//! Pages about who changed what: the log with its filter, a file of it, and whether it is intact.

mod asked;
mod changes;
pub(crate) mod export;
pub(crate) mod page;
