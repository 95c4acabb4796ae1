//! The audit log in the API: its entries by who, what and when, all of them as one document, and a check of the chain
//! (`GET /admin/audit`). What is recorded, and how, is in `audit/`.

pub(crate) mod answer;
pub(crate) mod api;
pub(crate) mod pages;
pub(crate) mod query;
mod room;

pub(crate) use room::AuditLog;
