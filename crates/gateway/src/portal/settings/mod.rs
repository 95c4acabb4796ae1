//! The tool's settings as a form, over the same checks as `PATCH /admin/tool`; all of them as JSON; and as a file. Also how
//! the tool's pages look.

mod file;
mod history;
pub(crate) mod look;
pub(crate) mod page;
mod table;
