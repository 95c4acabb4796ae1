//! The LTI 1.3 Advantage protocol, tool side: types and pure checks.
//!
//! Nothing here does I/O, reads a clock or draws random numbers: time comes in as seconds since
//! 1970-01-01 UTC, keys and texts as bytes, and every refusal goes out as a value.
//!
//! A launch, from start to end:
//!
//! 1. [`login::LoginRequest`] reads the platform's login initiation;
//! 2. [`login::AuthenticationRequest`] makes the address the browser is sent to;
//! 3. [`login::LaunchForm`] reads what comes back;
//! 4. [`id_token::UnverifiedToken`] → [`id_token::SignedToken`] → [`id_token::Checked`] checks the
//!    token in the order of the specification, with a key from a [`key::KeySet`].
//!
//! [`registration`] is how a platform and the tool come to know each other.
//! Ids such as `B-27` in the comments are rules of `docs/spec/lti.md` in the repository.

pub mod claims;
mod fault;
pub mod id_token;
pub mod json;
pub mod key;
pub mod login;
pub mod message;
pub mod registration;
pub mod role;
pub mod service_token;
pub mod target;

pub use fault::Fault;

#[cfg(test)]
mod fixture;
