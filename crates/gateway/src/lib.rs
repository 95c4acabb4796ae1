//! The Hallpass service, which connects learning platforms with an education application.
//!
//! The path of a launch: [`lti13::login`] sends the browser to the platform, [`lti13::receive`]
//! verifies the answer and stores it with one INSERT, [`launch::handoff`] sends the browser to the
//! application with an `ltik`, and [`launch::id_token`] tells the application who launched.
//! [`studyreel`] is the other way in; it produces the same [`launch::Launch`].

mod advice;
mod api_audit;
pub mod app;
pub mod ascode;
pub(crate) mod audit;
pub(crate) mod audit_log;
pub mod background;
pub(crate) mod backup;
pub mod directory;
pub mod doctor;
pub(crate) mod events;
pub(crate) mod health;
mod idempotency;
pub mod jobs;
pub mod keys;
pub mod kit;
pub(crate) mod launch;
pub(crate) mod lti13;
pub(crate) mod oidc;
pub mod openapi;
pub mod operator;
pub(crate) mod portal;
pub(crate) mod registration;
mod render;
pub mod routes;
pub mod server;
pub(crate) mod services;
pub mod settings;
pub mod studyreel;
#[cfg(test)]
mod testing;
pub(crate) mod traces;
pub(crate) mod usage;
pub(crate) mod web;
pub(crate) mod webhooks;

// The portal's appearance, for the demo's home page.
pub use portal::assets::{ICON as PORTAL_ICON, SCRIPT as PORTAL_SCRIPT, STYLE as PORTAL_STYLE};
