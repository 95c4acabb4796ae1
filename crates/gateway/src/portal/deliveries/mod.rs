//! Pages about scores on their way to LMSs (grades.md GR-26): the list, and one delivery with its
//! attempts. Students are only named by their ids.

pub(crate) mod list;
pub(crate) mod one;
mod words;
