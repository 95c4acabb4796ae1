//! How much a tool is used: launches and people by day, month and platform, and launches by hour.
//!
//! A launch itself writes nothing: [`Usage`] counts in memory and writes every few minutes. Nothing
//! identifies the people: they are counted with a sketch of keyed hashes, which is deleted when its
//! day or month is over (docs/decisions/0343-people-are-counted-by-a-sketch.md).

pub(crate) mod api;
mod counted;
mod people;
pub(crate) mod period;
mod room;
mod tidy;

pub(crate) use room::Usage;
