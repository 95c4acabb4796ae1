//! How learning platforms and the tool come to know each other.
//!
//! A dynamic registration walks: [`dynamic`] (the administrator opened the URL) → [`offer`] (the platform's
//! configuration) → perhaps [`confirm`] (a click) → perhaps [`approval`] (the tool's word) → [`attempt`] (the POST of
//! what is [`wanted`]) → [`admission`] (the platform is stored).

mod admission;
pub mod approval;
mod attempt;
pub(crate) mod canvas;
pub mod confirm;
pub mod dynamic;
pub mod invite;
pub mod management;
pub mod offer;
mod refusal;
mod registered;
pub mod wanted;

pub use attempt::after_restart;
pub use canvas::configuration as canvas_configuration;
pub(crate) use refusal::RegistrationError;
