//! What a server is supplied with beside its settings: the time, randomness, and key pairs.

use super::clock::{Clock, Random};
use super::key_pairs::{FreshPairs, PairMaker};

/// What one server is supplied with. Tests choose it. Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Supplies {
    /// What time it is.
    pub clock: Clock,
    /// Where ids, tokens and nonces come from.
    pub random: Random,
    /// Who makes the key pairs of platforms.
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
