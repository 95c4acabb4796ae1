//! What is needed to read and apply a configuration.

use std::sync::Arc;

use store::Db;
use studyreel::placement::LearningPath;

use crate::events::Events;
use crate::keys::ours::OurKeys;
use crate::kit::clock::{Clock, Random};
use crate::kit::outbound::Outbound;
use crate::kit::seal::Sealer;
use crate::settings::public_url::PublicUrl;

/// The room, the same for a server and for a command. Cloning it is cheap.
#[derive(Clone)]
pub struct AsCode {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    /// Seals webhooks' secrets, in the store and in files.
    pub(crate) rows: Sealer,
    /// Only used to check which addresses it permits.
    pub(crate) outbound: Outbound,
    pub(crate) public_url: PublicUrl,
    /// Creates keys for new platforms.
    pub(crate) our_keys: OurKeys,
    pub(crate) events: Events,
    /// The learning paths in the settings file, which take precedence over the first tool's.
    pub(crate) written_paths: Arc<[LearningPath]>,
}
