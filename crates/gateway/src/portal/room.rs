//! What the portal works with.

use std::sync::Arc;

use store::{Db, StoreError};

use super::memory::PortalMemory;
use super::people::keys::PortalKeys;
use super::people::limits::SignInLimits;
use super::people::passwords::Passwords;
use super::people::person::Person;
use crate::audit::Audit;
use crate::directory::room::Directory;
use crate::directory::tools::{Tool, Tools};
use crate::kit::certificate::ServedCertificate;
use crate::kit::clock::{Clock, Random};
use crate::kit::seal::Sealer;
use crate::launch::Launches;
use crate::lti13::Lti13;
use crate::oidc::Oidc;
use crate::registration::Registrations;
use crate::services::deliveries::api::DeliveryDesk;
use crate::settings::public_url::PublicUrl;
use crate::studyreel::StudyReel;
use crate::traces::Traces;
use crate::usage::Usage;
use crate::webhooks::Webhooks;

/// The room of the portal.
#[derive(Clone)]
pub(crate) struct Portal {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) rows: Sealer,
    /// The base of our addresses.
    pub(crate) public_url: PublicUrl,
    pub(crate) tools: Tools,
    /// Platforms and everything that belongs to them.
    pub(crate) directory: Directory,
    pub(crate) traces: Traces,
    /// Registrations under way, and invitations.
    pub(crate) registrations: Registrations,
    /// What a test person launches into.
    pub(crate) lti13: Arc<Lti13>,
    /// The places that service keys stand for.
    pub(crate) launches: Launches,
    /// Scores on their way.
    pub(crate) deliveries: DeliveryDesk,
    /// Webhooks and their events.
    pub(crate) webhooks: Webhooks,
    /// Students and learning paths.
    pub(crate) studyreel: StudyReel,
    /// Launches and people by day.
    pub(crate) usage: Usage,
    /// Who changed what.
    pub(crate) audit: Audit,
    /// The certificate this server presents, if it handles TLS itself.
    pub(crate) certificate: ServedCertificate,
    /// Only the portal uses this.
    pub(crate) own: PortalOwn,
}

/// What only the portal uses, and keeps between requests.
#[derive(Clone)]
pub(crate) struct PortalOwn {
    /// Hashes tokens and logins.
    pub(crate) keys: PortalKeys,
    pub(crate) passwords: Passwords,
    /// Limits password attempts.
    pub(crate) tries: SignInLimits,
    /// What was looked up for strangers.
    pub(crate) memory: PortalMemory,
    /// Seals what a browser carries from one page to the next.
    pub(crate) carried: Sealer,
    /// The identity provider, if there is one.
    pub(crate) oidc: Option<Oidc>,
}

impl Portal {
    /// The name of a platform of the person's tool, if it still exists.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn platform_name(
        &self,
        person: &Person,
        id: &str,
    ) -> Result<Option<String>, StoreError> {
        let found = self.directory.platforms.by_id(id).await?;
        let own = found.filter(|platform| platform.tool_id == person.tool.id);
        Ok(own.map(|platform| platform.name.clone()))
    }

    /// The full address of one of our paths, at the tool's host.
    pub(crate) fn address(&self, tool: &Tool, path: &str) -> String {
        tool.address(&self.public_url).join(path)
    }
}
