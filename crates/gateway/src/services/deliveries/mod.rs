//! Scores that are delivered in the background (docs/grades.md, grades.md GR-1 to GR-21).

pub(crate) mod identities;
mod keys;

pub(crate) use keys::DeliveryKeys;
