//! What the tests about the repository share: its files, read once, and the contract of docs/spec
//! taken apart.
//!
//! The tests are in `tests/house/`. They need nothing but the files, so they build and run in a
//! second: `cargo test -p house`.

mod contract;
mod files;
pub mod imports;
mod markdown;
mod mentions;

pub use contract::{Contract, Document};
pub use files::{File, files, root};
pub use markdown::{Link, anchors, links};
pub use mentions::{Section, documents_named, ids_named, numbers_after, sections_named};
