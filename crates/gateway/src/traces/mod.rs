//! Traces: what happened to each login, launch and registration, for anyone who has to find out why one failed
//! (docs/traces.md).
//!
//! A [`Recorder`] collects [`facts`] while a request is processed. For an accepted launch they become part of the
//! launch's own row. [`Traces`] receives all others, as far as [`sample`] admits them, and [`queue`] writes them in the
//! background. [`view`] formats both, with [`advice`] for each reason, and [`api`] returns it.

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
