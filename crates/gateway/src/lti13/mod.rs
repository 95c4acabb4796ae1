//! LTI 1.3 launches: login initiation, what comes back, and the way to the application.
//!
//! [`login`] finds the platform, stores the login in a sealed `state` and redirects the browser,
//! through [`onward`] if it is in a frame. [`receive`] passes what the platform posts back through
//! a pipeline of types, each built from the previous one: `Form`, `Begun`, `Bound`, `Signed`,
//! `Accepted`, `Stored`. [`storage`] recognises browsers without cookies.

mod accepted;
mod adapter;
mod added;
pub(crate) mod astray;
mod authentication;
mod begun;
mod bound;
pub(crate) mod cookies;
mod form;
pub(crate) mod front;
pub(crate) mod login;
mod nonce;
mod once_more;
pub(crate) mod onward;
pub(crate) mod receive;
mod refusal;
mod room;
mod rules;
mod shown_in;
mod signed;
mod state;
pub(crate) mod storage;
mod stored;
mod strangers;
mod surroundings;
mod unsigned;

pub(crate) use adapter::ADAPTER;
pub(crate) use added::AddedDeployments;
pub(crate) use refusal::{RULES, explained};
pub(crate) use room::Lti13;
pub(crate) use strangers::StrangersTurns;
pub(crate) use unsigned::UnsignedRows;

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests;
