//! Keys: ours, which identify us to platforms, and theirs, with which we verify their launches.

pub(crate) mod ours;
pub mod pair;
pub(crate) mod published;
pub mod rotation;
mod schedule;
pub(crate) mod service_tokens;
pub(crate) mod signer;
pub(crate) mod theirs;

#[cfg(test)]
mod tests;
