//! The audit in the API (`GET /admin/audit`): entries filtered by who, what and when, all of them
//! as one document, and a check of the chain. `audit/` decides what is recorded, and how.

pub(crate) mod answer;
pub(crate) mod api;
pub(crate) mod pages;
pub(crate) mod query;
mod room;

pub(crate) use room::AuditLog;
