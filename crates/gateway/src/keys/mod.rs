//! Keys: ours, by which platforms know us, and theirs, by which we check their launches.

pub mod ours;
pub mod pair;
pub mod published;
pub mod rotation;
mod schedule;
pub mod service_tokens;
pub mod signer;
pub mod theirs;

#[cfg(test)]
mod tests;
