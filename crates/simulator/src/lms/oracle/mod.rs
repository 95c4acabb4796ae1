//! Counts harm: what stands in the gradebook, held against what the application sent (grades.md GR-29).
//!
//! It knows no gateway. An application notes in a [`Ledger`] what was acknowledged, and what was refused for good in the end;
//! everything else has to be in the gradebook, once and in order.

mod harm;
mod judge;
mod ledger;

pub(super) use self::judge::harm_of;
pub use self::{
    harm::{Harm, HarmKind},
    ledger::{Ledger, SentWork},
};
