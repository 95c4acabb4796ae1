//! The room of registrations.

use std::sync::Arc;

use store::Db;

use crate::audit::Audit;
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
use crate::web::turns::Turns;

/// Registrations in progress, invitations, and our registrations at platforms.
#[derive(Clone)]
pub(crate) struct Registrations {
    /// Registrations under way and invitations.
    pub db: Db,
    pub clock: Clock,
    /// Invitations' codes and ids.
    pub random: Random,
    /// Seals the data of waiting registrations.
    pub rows: Sealer,
    /// Fetches configurations from platforms, and registers there.
    pub outbound: Outbound,
    /// The base URL of the tool's addresses.
    pub public_url: PublicUrl,
    /// Where registered platforms are stored.
    pub platforms: Platforms,
    /// Key pairs: each platform gets one.
    pub our_keys: OurKeys,
    /// Access tokens for reading and changing a registration.
    pub service_tokens: ServiceTokens,
    /// Limits for registrations without an invitation.
    pub admission: Admission,
    /// For looking up what anyone can make up: an invitation's code, the id in a confirmation.
    pub turns: Arc<Turns>,
    /// What happened to each attempt.
    pub traces: Traces,
    /// Announces new platforms.
    pub events: Events,
    /// Records platforms that register, and what they change when they register again.
    pub audit: Audit,
}
