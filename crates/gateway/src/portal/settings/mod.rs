//! The tool's settings as a form, over the same checks as `PATCH /admin/tool`; all of them as JSON; and as a file.

mod file;
pub(crate) mod page;
mod table;
