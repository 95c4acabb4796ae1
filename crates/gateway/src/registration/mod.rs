//! How learning platforms and the tool come to know each other.
//!
//! A dynamic registration walks: [`dynamic`] (the administrator opened the URL) → [`offer`] (the platform's
//! configuration) → perhaps [`confirm`] (a click) → perhaps [`approval`] (the tool's word) → [`send`] (the POST of
//! what is [`wanted`]) → [`accept`] (the platform is stored).

mod accept;
pub mod approval;
mod attempt;
mod canvas;
pub mod confirm;
pub mod dynamic;
pub mod invite;
pub mod management;
pub mod offer;
mod proceed;
mod refusal;
mod refusal_rows;
mod registered;
mod room;
mod send;
pub mod wanted;

pub use canvas::configuration as canvas_configuration;
pub(crate) use refusal::RegistrationError;
pub use room::Registrations;
pub use send::after_restart;
