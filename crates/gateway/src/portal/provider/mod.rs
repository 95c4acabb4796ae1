//! `/portal/oidc/…`: signing in at the organisation's identity provider (decisions 0346 to 0348).
//!
//! [`begin`] sends a browser there, with a [`flow`] in its cookie. [`callback`] handles its return:
//! to sign in ([`arrival`]), to connect an account with the provider, or to reauthenticate the
//! signed-in user ([`connection`]).

mod arrival;
pub(crate) mod begin;
pub(crate) mod callback;
pub(crate) mod connection;
mod flow;
mod offer;
mod refusal;

pub(super) use offer::ProviderButton;
pub(crate) use refusal::OidcRefusal;
