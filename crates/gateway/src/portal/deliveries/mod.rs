//! Pages about scores on their way to LMSs (grades.md GR-26): the list, and one with its attempts. Students are named
//! by their ids alone.

pub(crate) mod list;
pub(crate) mod one;
mod words;
