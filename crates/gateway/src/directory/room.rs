//! What the endpoints of this room share.

use store::Db;

use crate::audit::Audit;
use crate::directory::api_keys::keyring::ApiKeys;
use crate::directory::platforms::Platforms;
use crate::directory::tools::Tools;
use crate::events::Events;
use crate::keys::ours::OurKeys;
use crate::keys::service_tokens::ServiceTokens;
use crate::keys::theirs::PlatformKeys;
use crate::kit::clock::{Clock, Random};
use crate::kit::outbound::Outbound;
use crate::kit::seal::Sealer;
use crate::settings::public_url::PublicUrl;

/// Everything the endpoints for tools and platforms can use.
#[derive(Clone)]
pub struct Directory {
    pub db: Db,
    pub clock: Clock,
    pub random: Random,
    /// Seals what is stored.
    pub rows: Sealer,
    /// Only used to check platforms, and which addresses are permitted.
    pub outbound: Outbound,
    pub public_url: PublicUrl,
    pub tools: Tools,
    pub platforms: Platforms,
    pub our_keys: OurKeys,
    pub platform_keys: PlatformKeys,
    /// Only used to check whether a platform gives access tokens.
    pub service_tokens: ServiceTokens,
    pub api_keys: ApiKeys,
    pub(crate) events: Events,
    pub(crate) audit: Audit,
}
