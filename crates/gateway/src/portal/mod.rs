//! The portal: pages on top of the API, for people who never read the LTI specification
//! (docs/spec/portal.md).
//!
//! A handler takes [`signed_in::SignedIn`] to show something and [`signed_in::PortalForm`] to
//! change something. Each names the area it is about, which determines who may
//! ([`people::rights`]). The handler gets a [`frame::PortalFrame`], fills a template that extends
//! `portal/base.html`, and sends it with [`page`]. docs/how-to/add-a-page.md walks through it.

pub(crate) mod access;
pub(crate) mod account;
mod again;
mod ask;
pub(crate) mod assets;
pub(crate) mod astray;
pub(crate) mod audit;
pub(crate) mod backup;
mod chart;
mod checks;
pub(crate) mod confirm;
pub(crate) mod connect;
mod cookies;
mod csv;
pub(crate) mod deliveries;
mod entrance;
mod fact;
pub(crate) mod failures;
mod flash;
mod form;
pub(crate) mod frame;
pub(crate) mod home;
mod icons;
mod job_attempts;
mod kept;
pub(crate) mod links;
mod look;
pub(crate) mod memory;
mod outside;
pub(crate) mod page;
pub(crate) mod people;
pub(crate) mod platforms;
pub(crate) mod provider;
mod qr_code;
mod query;
pub(crate) mod room;
pub(crate) mod second_step;
mod sessions;
pub(crate) mod settings;
mod short;
pub(crate) mod sign_in;
pub(crate) mod signed_in;
pub(crate) mod students;
pub(crate) mod tools;
mod trace_lines;
pub(crate) mod trial;
pub(crate) mod usage;
pub(crate) mod users;
mod waiting;
pub(crate) mod welcome;
