//! The room of LTI 1.3 logins and launches.

use store::Db;

use super::added::AddedDeployments;
use super::strangers::StrangersTurns;
use super::unsigned::UnsignedRows;
use crate::audit::Audit;
use crate::directory::platforms::{Platform, Platforms};
use crate::directory::tools::Tools;
use crate::directory::visits::Visits;
use crate::events::Events;
use crate::keys::theirs::PlatformKeys;
use crate::kit::clock::{Clock, Random};
use crate::kit::seal::Sealer;
use crate::launch::{Launch, Launches, Ltiks};
use crate::settings::public_url::PublicUrl;
use crate::usage::Usage;

/// What logins and launches need.
pub struct Lti13 {
    /// The tools, for settings and rules.
    pub tools: Tools,
    /// Who may launch, and from which deployment.
    pub platforms: Platforms,
    /// When platforms last launched.
    pub visits: Visits,
    /// How many launches and people there were.
    pub usage: Usage,
    /// The keys for verifying tokens.
    pub keys: PlatformKeys,
    /// Where launches are stored.
    pub launches: Launches,
    /// Creates the `ltik` of a launch.
    pub ltiks: Ltiks,
    /// Seals the state that a browser carries from login to launch.
    pub states: Sealer,
    /// For deployments that appear for the first time, and logins that only a deployment
    /// distinguishes.
    pub db: Db,
    pub clock: Clock,
    /// For nonces, cookies and ids.
    pub random: Random,
    /// Our address for browsers and platforms.
    pub public_url: PublicUrl,
    /// Limits look-ups of unknown issuers and platforms.
    pub strangers: StrangersTurns,
    /// How many rows unauthenticated senders have caused.
    pub(crate) unsigned: UnsignedRows,
    /// Announces waiting deployments.
    pub(crate) events: Events,
    /// Records deployments that a launch adds.
    pub(crate) audit: Audit,
    /// Limits these entries.
    pub added: AddedDeployments,
}

impl Lti13 {
    /// Counts a launch that goes on to the application, unless it is the test person's.
    pub(super) fn count(&self, platform: &Platform, launch: &Launch) {
        if !platform.is_for_tests() {
            let (tool_id, from, subject) =
                (&platform.tool_id, &platform.id, launch.subject.as_deref());
            self.usage
                .launched(tool_id, from, subject, launch.created_at);
        }
    }
}
