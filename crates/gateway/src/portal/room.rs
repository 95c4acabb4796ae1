//! What the portal works with.

use store::Db;

use super::people::keys::PortalKeys;
use super::people::limits::TryLimits;
use super::people::passwords::Passwords;
use crate::audit::Audit;
use crate::directory::room::Directory;
use crate::directory::tools::{Tool, Tools};
use crate::kit::clock::{Clock, Random};
use crate::kit::seal::Sealer;
use crate::settings::public_url::PublicUrl;
use crate::traces::{Advice, Traces};

/// The room of the portal.
#[derive(Clone)]
pub(crate) struct Portal {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    /// Seals what is stored.
    pub(crate) rows: Sealer,
    /// What our addresses begin with.
    pub(crate) public_url: PublicUrl,
    pub(crate) tools: Tools,
    /// Platforms and all that belongs to them.
    pub(crate) directory: Directory,
    pub(crate) traces: Traces,
    /// What to do about a reason.
    pub(crate) advice: Advice,
    /// Who changed what.
    pub(crate) audit: Audit,
    /// What is the portal's own.
    pub(crate) own: PortalOwn,
}

/// What only the portal has, and keeps from one request to the next.
#[derive(Clone)]
pub(crate) struct PortalOwn {
    /// What tokens and logins are known by.
    pub(crate) keys: PortalKeys,
    pub(crate) passwords: Passwords,
    /// How many passwords may be tried.
    pub(crate) tries: TryLimits,
    /// Seals what a browser carries from one page to the next.
    pub(crate) carried: Sealer,
}

impl Portal {
    /// The whole address of a path of ours, at the tool's host.
    pub(crate) fn address(&self, tool: &Tool, path: &str) -> String {
        tool.address(&self.public_url).join(path)
    }
}
