//! What a server needs besides its settings: time, randomness, and key pairs.

use super::clock::{Clock, Random};
use super::key_pairs::{FreshPairs, PairMaker};

/// What one server needs besides its settings. Tests choose their own. Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Supplies {
    /// The time; a test can move it.
    pub clock: Clock,
    /// The source of ids, tokens and nonces.
    pub random: Random,
    /// Makes platforms' key pairs.
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
