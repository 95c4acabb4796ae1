//! Makes RSA key pairs; passed in like time and randomness.

use std::fmt::Debug;

use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rsa::{KeyPair, KeySize};

/// Makes 2,048-bit key pairs.
pub trait PairMaker: Debug + Sync {
    /// A new key pair. Making it may take a good part of a second of CPU time.
    ///
    /// # Errors
    /// The crypto library failed.
    fn make(&self) -> Result<KeyPair, Unspecified>;
}

/// Makes each pair on request.
#[derive(Clone, Copy, Debug)]
pub struct FreshPairs;

impl PairMaker for FreshPairs {
    fn make(&self) -> Result<KeyPair, Unspecified> {
        KeyPair::generate(KeySize::Rsa2048)
    }
}
