//! Settings as data, with their checks: of an installation and of a tool. Nothing here acts on them.

pub mod installation;
pub mod keys;
pub mod launch;
pub mod limits;
pub mod log_format;
pub mod proxies;
pub mod public_url;
pub mod registration;
pub mod studyreel;
pub mod tool;

#[cfg(test)]
mod documentation;
