//! Settings as data, with their checks: of an installation and of a tool. Nothing here acts on
//! them.

pub(crate) mod addresses;
pub(crate) mod blocked_page;
pub mod grades;
pub mod installation;
pub(crate) mod keys;
pub(crate) mod launch;
pub(crate) mod limits;
pub mod log_format;
pub(crate) mod logo;
pub(crate) mod messages;
pub(crate) mod oidc;
pub(crate) mod problem;
pub mod proxies;
pub(crate) mod public_url;
pub(crate) mod registration;
pub(crate) mod studyreel;
pub(crate) mod theme;
pub mod tool;
pub mod webhooks;

#[cfg(test)]
mod documentation;
