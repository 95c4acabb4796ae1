//! The source of RSA key pairs, passed in like time and randomness.

use std::fmt::Debug;

use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rsa::{KeyPair, KeySize};

/// Creates key pairs of 2,048 bits.
pub trait PairMaker: Debug + Sync {
    /// Creates a unique pair. It may take a large fraction of a second of CPU time.
    ///
    /// # Errors
    /// The crypto library failed.
    fn make(&self) -> Result<KeyPair, Unspecified>;
}

/// Creates each pair on demand.
#[derive(Clone, Copy, Debug)]
pub struct FreshPairs;

impl PairMaker for FreshPairs {
    fn make(&self) -> Result<KeyPair, Unspecified> {
        KeyPair::generate(KeySize::Rsa2048)
    }
}
