//! Traces: what happened to each login, launch and registration, for finding out why one failed
//! (docs/traces.md).
//!
//! A [`Recorder`] collects [`facts`] while a request is handled. Those of an accepted launch are
//! stored in the launch's own row. Everything else goes to [`Traces`]: if [`sample`] admits it,
//! [`queue`] writes it in the background. [`view`] presents both kinds, with [`advice`] for each
//! reason, and [`api`] serves them.

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
