//! The tool's settings as a form, with the same checks as `PATCH /admin/tool`; all of them as JSON;
//! and as a file. Also the look of the tool's pages.

mod file;
mod guarded;
mod guards;
mod history;
pub(crate) mod look;
pub(crate) mod page;
mod shown;
pub(crate) mod slips;
mod table;
mod whole;
