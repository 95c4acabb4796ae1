//! Counts harm: compares the gradebook with what the application sent (grades.md GR-29).
//!
//! It knows nothing about gateways. An application records in a [`Ledger`] what was acknowledged,
//! and what was refused for good; everything else must be in the gradebook, once and in order.

mod harm;
mod judge;
mod ledger;

pub(super) use self::judge::harm_of;
pub use self::{
    harm::{Harm, HarmKind},
    ledger::{Ledger, SentWork},
};
