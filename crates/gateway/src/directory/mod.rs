//! Whom we know: tools, platforms, their deployments and blocked people, and the holders of API
//! keys.

pub(crate) mod acceptance;
pub(crate) mod admission;
pub(crate) mod alike;
pub mod api_keys;
pub(crate) mod auth;
pub(crate) mod blocked;
pub(crate) mod credentials;
pub(crate) mod deployments;
pub(crate) mod doorstep;
pub(crate) mod entering;
pub(crate) mod families;
pub(crate) mod frame_origins;
pub mod key_rotation;
pub(crate) mod key_sets;
pub(crate) mod late_checks;
pub(crate) mod logo;
pub(crate) mod nearest;
mod own_words;
pub(crate) mod platforms;
pub(crate) mod platforms_api;
pub(crate) mod product;
pub(crate) mod removal;
pub(crate) mod removed_tools;
pub(crate) mod room;
pub(crate) mod settings_diff;
pub(crate) mod standing;
pub(crate) mod switching;
pub(crate) mod tool_api;
pub mod tools;
pub(crate) mod tools_api;
pub(crate) mod undelivered;
pub(crate) mod unknown_deployments;
pub(crate) mod visits;

#[cfg(test)]
mod tests;
