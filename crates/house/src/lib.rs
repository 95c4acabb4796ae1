//! What the tests about the repository share: its files, read once, and the contract of docs/spec taken apart.
//!
//! The tests are in `tests/house/`. They need nothing but the files, so they build and run in a second:
//! `cargo test -p house`.

mod contract;
mod files;
mod markdown;

pub use contract::{Contract, Document};
pub use files::{File, files, root};
pub use markdown::{Link, anchors, links};
