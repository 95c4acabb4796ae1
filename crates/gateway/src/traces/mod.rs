//! Traces: what happened to each login, launch and registration, for anyone who must find out why one failed
//! (docs/traces.md).
//!
//! A [`Recorder`] notes [`facts`] on a request's way. Of a launch that is accepted they go into the launch's own row; of
//! everything else [`Traces`] takes them, as far as [`sample`] lets it, and [`queue`] writes them beside the request.
//! [`view`] is what is shown of both, with [`advice`] for each reason, and [`api`] shows it.

mod advice;
pub(crate) mod answer;
pub(crate) mod api;
mod attempt;
mod browser;
mod claims;
mod facts;
mod login;
mod queue;
mod record;
mod room;
mod sample;
mod steps;
#[cfg(test)]
pub(crate) mod testing;
mod values;
pub(crate) mod view;

pub(crate) use advice::Advice;
pub(crate) use browser::{Binding, Browser};
pub(crate) use facts::{RegistrationDone, RegistrationFacts, TraceFacts};
pub(crate) use login::{Login, LoginMark};
pub(crate) use record::{Kind, Recorder};
pub(crate) use room::Traces;
pub(crate) use steps::Step;
