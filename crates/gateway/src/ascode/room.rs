//! What it takes to read and apply a configuration.

use std::sync::Arc;

use store::Db;
use studyreel::placement::LearningPath;

use crate::events::Events;
use crate::keys::ours::OurKeys;
use crate::kit::clock::{Clock, Random};
use crate::kit::outbound::Outbound;
use crate::kit::seal::Sealer;
use crate::settings::public_url::PublicUrl;

/// The room, for a server as well as for a command. Cloning it is cheap.
#[derive(Clone)]
pub struct AsCode {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    /// Seals webhooks' secrets, in the store and in files.
    pub(crate) rows: Sealer,
    /// Only used to check which addresses are permitted.
    pub(crate) outbound: Outbound,
    pub(crate) public_url: PublicUrl,
    /// Makes keys for new platforms.
    pub(crate) our_keys: OurKeys,
    pub(crate) events: Events,
    /// The learning paths in the settings file, which take precedence over those of the first tool.
    pub(crate) written_paths: Arc<[LearningPath]>,
}
