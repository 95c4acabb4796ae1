//! Pages about failed attempts: by cause, individually, one with its remedy, a report on it, and the search to which
//! every reference on an error page leads (portal.md PO-7).

mod drawing;
pub(crate) mod find;
pub(crate) mod list;
pub(crate) mod one;
mod picture;
mod remedy;
pub(crate) mod report;
mod walk;
