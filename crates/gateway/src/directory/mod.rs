//! Who is known: tools, platforms, their deployments and blocked people, and who may ask.

pub mod admission;
pub mod api_keys;
pub mod auth;
pub mod blocked;
pub mod credentials;
pub mod deployments;
pub mod frame_origins;
pub mod key_rotation;
pub mod key_sets;
pub mod platforms;
pub mod platforms_api;
pub mod room;
pub mod tool_api;
pub mod tools;
pub mod visits;

#[cfg(test)]
mod tests;
