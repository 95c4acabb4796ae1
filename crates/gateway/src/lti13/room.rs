//! What LTI 1.3 logins and launches work with.

use store::Db;

use super::unsigned::UnsignedRows;
use crate::directory::platforms::Platforms;
use crate::directory::tools::Tools;
use crate::directory::visits::Visits;
use crate::events::Events;
use crate::keys::theirs::PlatformKeys;
use crate::kit::clock::{Clock, Random};
use crate::kit::seal::Sealer;
use crate::launch::{Launches, Ltiks};
use crate::settings::public_url::PublicUrl;
use crate::usage::Usage;

/// The room of LTI 1.3 logins and launches.
pub struct Lti13 {
    /// Whose settings and rules apply.
    pub tools: Tools,
    /// Who may launch, from which deployment.
    pub platforms: Platforms,
    /// When platforms last launched.
    pub visits: Visits,
    /// How many launches and people came.
    pub usage: Usage,
    /// What tokens are verified with.
    pub keys: PlatformKeys,
    /// Where launches end.
    pub launches: Launches,
    /// Makes what an application asks for a launch by.
    pub ltiks: Ltiks,
    /// Seals what a browser carries from the login to the launch.
    pub states: Sealer,
    /// For deployments that are seen for the first time, and logins that only a deployment tells apart.
    pub db: Db,
    pub clock: Clock,
    /// Nonces, cookies and ids.
    pub random: Random,
    /// Where browsers and platforms find us.
    pub public_url: PublicUrl,
    /// How many rows anybody caused.
    pub(crate) unsigned: UnsignedRows,
    /// Who hears of deployments that wait.
    pub(crate) events: Events,
}
