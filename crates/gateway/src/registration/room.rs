//! The room: everything that the handlers of registrations can use.

use store::Db;

use crate::directory::admission::Admission;
use crate::directory::platforms::Platforms;
use crate::keys::ours::OurKeys;
use crate::keys::service_tokens::ServiceTokens;
use crate::kit::clock::{Clock, Random};
use crate::kit::outbound::Outbound;
use crate::kit::seal::Sealer;
use crate::settings::public_url::PublicUrl;
use crate::traces::Traces;

/// Registrations with learning platforms: new ones, those that wait, and those that a platform lets us change.
pub struct Registrations {
    /// The store.
    pub db: Db,
    /// Time.
    pub clock: Clock,
    /// Randomness.
    pub random: Random,
    /// Seals registrations that wait, and platforms' tokens.
    pub rows: Sealer,
    /// The only HTTP client.
    pub outbound: Outbound,
    /// What the addresses that platforms are given begin with.
    pub public_url: PublicUrl,
    /// Limits how many registrations may wait.
    pub admission: Admission,
    /// Where registered platforms end up.
    pub platforms: Platforms,
    /// Each platform gets a key of its own.
    pub our_keys: OurKeys,
    /// Opens registrations at platforms that give no token for them.
    pub service_tokens: ServiceTokens,
    /// Where attempts leave their traces.
    pub traces: Traces,
}
