//! What every room stands on and what knows no room: time, randomness, ids, sealing, caches, the one HTTP client.

pub mod cache;
pub mod clock;
pub(crate) mod file;
pub mod id;
pub mod media_type;
pub mod network;
pub mod outbound;
pub mod sampler;
pub mod seal;
pub mod text;
