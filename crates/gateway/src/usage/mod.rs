//! How much a tool is used: launches and people by day, month and platform, and launches by hour.
//!
//! A launch writes nothing for it: [`Usage`] counts in memory and writes every few minutes. Nothing says who the people
//! were: they are counted by a sketch of keyed hashes, which goes when its day or month is over
//! (docs/decisions/0343-people-are-counted-by-a-sketch.md).

pub(crate) mod api;
mod counted;
mod people;
pub(crate) mod period;
mod room;
mod tidy;

pub use room::Usage;
