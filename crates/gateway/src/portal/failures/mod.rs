//! Pages about failed attempts: by cause, one by one, a single one with its remedy, a report about
//! it, and the search that finds every reference on an error page (portal.md PO-7).

pub(crate) mod advice;
mod clock;
mod drawing;
pub(crate) mod find;
pub(crate) mod list;
mod meant;
mod mended;
mod near;
pub(crate) mod one;
pub(crate) mod order;
mod picture;
mod remedy;
pub(crate) mod report;
pub(crate) mod since;
mod walk;
