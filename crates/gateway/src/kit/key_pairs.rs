//! Where RSA key pairs come from, handed to anyone who needs them as time and randomness are.

use std::fmt::Debug;

use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rsa::{KeyPair, KeySize};

/// Makes key pairs of 2,048 bits.
pub trait PairMaker: Debug + Sync {
    /// One that nobody else has. It may take a good part of a second of a processor.
    ///
    /// # Errors
    /// The crypto library failed.
    fn make(&self) -> Result<KeyPair, Unspecified>;
}

/// Makes each when it is asked for.
#[derive(Clone, Copy, Debug)]
pub struct FreshPairs;

impl PairMaker for FreshPairs {
    fn make(&self) -> Result<KeyPair, Unspecified> {
        KeyPair::generate(KeySize::Rsa2048)
    }
}
