//! Keys: ours, by which platforms know us, and theirs, by which we check their launches.

pub mod ours;
pub mod rotation;
pub mod service_tokens;
pub mod theirs;
