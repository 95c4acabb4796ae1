//! What a server is given from outside beside its settings: the time, randomness, and key pairs.

use super::clock::{Clock, Random};
use super::key_pairs::{FreshPairs, PairMaker};

/// Those of one server, as tests may choose them. Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// What time it is.
    pub clock: Clock,
    /// Where ids, tokens and nonces come from.
    pub random: Random,
    /// Who makes the key pairs of platforms.
    pub pairs: &'static dyn PairMaker,
}

impl Default for Surroundings {
    fn default() -> Self {
        Self {
            clock: Clock::default(),
            random: Random::default(),
            pairs: &FreshPairs,
        }
    }
}
