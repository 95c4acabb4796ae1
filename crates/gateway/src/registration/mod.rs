//! How learning platforms and the tool register with each other.
//!
//! The path of a dynamic registration: [`dynamic`] (the administrator opens the URL) → [`offer`]
//! (the platform's configuration) → perhaps [`confirm`] (a click) → perhaps [`approval`] (the
//! tool's decision) → [`send`] (a single POST of what is [`wanted`]) → [`accept`] (the platform is
//! stored). While it waits for a click or a decision, it is sealed in the store ([`waiting`]).

mod accept;
pub(crate) mod approval;
mod asked;
mod asker;
mod attempt;
pub(crate) mod canvas;
pub(crate) mod confirm;
pub(crate) mod dynamic;
pub(crate) mod invite;
pub(crate) mod management;
mod noted;
mod offer;
mod preset;
mod proceed;
mod refusal;
mod refusal_rows;
mod registered;
mod room;
mod send;
pub(crate) mod undecided;
mod waiting;
pub(crate) mod waiting_api;
mod wanted;
mod wanted_message;

pub(crate) use management::token_row;
pub(crate) use offer::DOCUMENT_BYTES;
pub(crate) use refusal::RegistrationError;
pub(crate) use room::Registrations;
pub(crate) use send::after_restart;
pub(crate) use wanted::wanted;
