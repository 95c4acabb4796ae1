//! What all rooms build on, and which knows none of them: time, randomness, key pairs, ids,
//! sealing, caches, the only HTTP client.

pub(crate) mod cache;
pub mod certificate;
pub mod clock;
pub(crate) mod file;
pub(crate) mod folder_owner;
pub mod id;
pub mod key_pairs;
pub(crate) mod keyed_hash;
pub(crate) mod masked;
pub(crate) mod media_type;
pub(crate) mod network;
pub(crate) mod on_its_own;
pub mod outbound;
pub mod palette;
pub(crate) mod password_rule;
pub mod readable;
pub(crate) mod sampler;
pub mod seal;
pub(crate) mod shape;
pub(crate) mod standard_webhooks;
pub(crate) mod standstill;
pub mod supplies;
pub mod text;
mod text_pair;
pub(crate) mod toml_text;
