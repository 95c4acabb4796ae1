//! An installation's configuration as a file: `hallpass export` and `apply`, `GET /admin/export`
//! and `POST /admin/apply` (PO-9, docs/as-code.md).
//!
//! [`document`] is the file, and [`export`] writes it from the store. [`planner`] compares it with
//! the store, using the API's checks, and [`apply`] carries the steps out in one transaction with
//! the functions behind the API, provided that the tools are still as in their [`snapshot`].

pub(crate) mod api;
mod apply;
mod document;
mod error;
mod export;
mod nulls;
mod plan;
mod planner;
mod room;
mod secret;
mod snapshot;
mod step;
pub mod text;
mod turns;

pub use self::document::InstallationCode;
pub use self::error::{CodeError, Mistake};
pub use self::export::export;
pub(crate) use self::plan::differences;
pub use self::plan::{ApplyOptions, ChangeKind, MemberChange, Plan, PlannedChange, UnnamedThing};
pub use self::room::AsCode;
pub(crate) use self::turns::ApplyTurns;
