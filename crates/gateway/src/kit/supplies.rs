//! What a server needs besides its settings: time, randomness, and key pairs.

use super::clock::{Clock, Random};
use super::key_pairs::{FreshPairs, PairMaker};

/// One server's supplies, which tests can replace. Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Supplies {
    /// The time.
    pub clock: Clock,
    /// The source of ids, tokens and nonces.
    pub random: Random,
    /// Creates the key pairs of platforms.
    pub pairs: &'static dyn PairMaker,
}

impl Default for Supplies {
    fn default() -> Self {
        Self {
            clock: Clock::default(),
            random: Random::default(),
            pairs: &FreshPairs,
        }
    }
}
