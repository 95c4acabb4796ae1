//! The pages for people.

pub(super) mod launches;
pub(super) mod problem;
pub(super) mod students;
