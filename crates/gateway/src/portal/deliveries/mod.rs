//! Pages about pending scores (grades.md GR-26): the list, and a score with its attempts. They show students only by
//! their ids.

pub(crate) mod list;
pub(crate) mod one;
mod words;
