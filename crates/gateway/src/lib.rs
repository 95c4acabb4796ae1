//! The Hallpass service: what stands between learning platforms and an education application.
//!
//! A launch walks one way: [`launch::login`] sends the browser to the platform, [`launch::finish`] verifies what comes
//! back and stores it with one INSERT, [`launch::handoff`] sends the browser to the application with an `ltik`, and
//! [`launch::id_token`] tells the application who came. [`studyreel`] is the other way in; it ends in the same
//! [`launch::Launch`].

pub mod app;
pub mod auth;
pub mod background;
pub mod cache;
pub mod client;
pub mod clock;
pub mod config;
pub mod error;
pub mod frame_origins;
pub mod health;
pub mod id;
pub mod key_rotation;
pub mod launch;
pub mod limits;
pub mod network;
pub mod operator;
pub mod outbound;
pub mod pages;
pub mod paging;
pub mod platform_keys;
pub mod registration;
pub mod reseal;
pub mod routes;
pub mod seal;
pub mod server;
pub mod service_tokens;
pub mod setup;
pub mod signing_keys;
pub mod store;
pub mod studyreel;
pub mod tool;
pub mod tool_api;
pub mod traces;
