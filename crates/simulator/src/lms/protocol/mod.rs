//! The steps of LTI, each on the platform's side.

pub(super) mod authorize;
pub(super) mod claims;
pub(super) mod deep_linking;
pub(super) mod enrolment;
pub(super) mod groups;
pub(super) mod keys;
pub(super) mod line_items;
pub(super) mod login;
pub(super) mod observe;
pub(super) mod registration;
mod response_check;
pub(super) mod roster;
pub(super) mod scores;
mod services;
pub(super) mod token;
mod tool_keys;
