//! What registrations work with.

use store::Db;

use crate::directory::admission::Admission;
use crate::directory::platforms::Platforms;
use crate::events::Events;
use crate::keys::ours::OurKeys;
use crate::keys::service_tokens::ServiceTokens;
use crate::kit::clock::{Clock, Random};
use crate::kit::outbound::Outbound;
use crate::kit::seal::Sealer;
use crate::settings::public_url::PublicUrl;
use crate::traces::Traces;

/// The room of registrations: those under way, invitations to them, and what platforms keep of us afterwards.
#[derive(Clone)]
pub(crate) struct Registrations {
    /// Registrations under way and invitations.
    pub db: Db,
    pub clock: Clock,
    /// Invitations' codes and ids.
    pub random: Random,
    /// Seals what a registration keeps while it waits.
    pub rows: Sealer,
    /// Asks platforms for their configuration, and registers there.
    pub outbound: Outbound,
    /// What the tool's addresses begin with.
    pub public_url: PublicUrl,
    /// Where a registration ends.
    pub platforms: Platforms,
    /// Each platform gets a key pair of ours.
    pub our_keys: OurKeys,
    /// Access tokens for reading and changing a registration.
    pub service_tokens: ServiceTokens,
    /// Limits of those who come without an invitation.
    pub admission: Admission,
    /// What happened to each attempt.
    pub traces: Traces,
    /// Who hears of new platforms.
    pub events: Events,
}
