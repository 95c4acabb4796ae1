//! The audit over the API: its entries by who, what and when, all of them as one document, and whether the chain holds
//! (`GET /admin/audit`). What is noted, and how, is `audit/`'s.

pub(crate) mod answer;
pub(crate) mod api;
pub(crate) mod pages;
pub(crate) mod query;
mod room;

pub(crate) use room::AuditLog;
