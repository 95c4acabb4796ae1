//! How learning platforms and the tool come to know each other.

pub mod deployments;
pub mod dynamic;
mod offer;
pub mod platforms;
mod refusal;

pub use offer::{Offer, Registered};
pub use refusal::RegistrationError;
