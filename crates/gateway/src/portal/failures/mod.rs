//! Pages about attempts that failed: by cause, one by one, one with its remedy, a report of it, and the search that every
//! reference of an error page leads through (portal.md PO-7).

mod drawing;
pub(crate) mod find;
pub(crate) mod list;
pub(crate) mod one;
mod picture;
mod remedy;
pub(crate) mod report;
mod walk;
