//! The pages for people.

pub(super) mod adding;
pub(super) mod chosen;
pub(super) mod courses;
pub(super) mod frames;
pub(super) mod launching;
pub(super) mod storage;
pub(super) mod tools;
pub(super) mod wire;
