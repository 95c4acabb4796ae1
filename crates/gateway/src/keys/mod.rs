//! Keys: ours, by which platforms know us, and theirs, by which we check their launches.

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
