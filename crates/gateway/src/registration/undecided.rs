//! Registrations that wait for the tool's word, as its owner sees them in the portal. What happens to one is decided by
//! [`approval`](super::approval), whoever decides (decision 0331).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use store::platforms;
use store::registrations::{self, RegistrationStatus, UndecidedRegistration};

use super::attempt::RegistrationId;
use super::confirm::{hosts, personal, services};
use super::room::Registrations;
use crate::directory::tools::Tool;
use crate::web::problem::Problem;
use crate::web::texts::Text;

/// Registrations in the list at most.
const MOST: i64 = 50;

/// A platform that wants to register the tool, with the facts to decide by (portal.md PO-5).
pub(crate) struct UndecidedOffer {
    /// What it is named by in addresses. Its id is a secret.
    pub(crate) key: String,
    /// What it will be called.
    pub(crate) name: String,
    pub(crate) issuer: String,
    /// Such as `moodle`; may be empty.
    pub(crate) family: String,
    /// May be empty.
    pub(crate) version: String,
    /// The hosts that it names.
    pub(crate) hosts: Vec<String>,
    /// What it will be asked for beside launches.
    pub(crate) services: Vec<Text>,
    /// The personal data that it will be asked for.
    pub(crate) personal: Vec<Text>,
    /// Platforms of the same issuer that are registered already.
    pub(crate) known: usize,
    /// Whether it came by an invitation.
    pub(crate) invited: bool,
    /// Milliseconds since 1970.
    pub(crate) created_at: i64,
}

fn key_of(row: &UndecidedRegistration) -> String {
    URL_SAFE_NO_PAD.encode(&row.id_hash)
}

impl Registrations {
    /// The registrations that wait for this tool's word, oldest first.
    ///
    /// # Errors
    /// The store failed, or an id can't be opened.
    pub(crate) async fn undecided(&self, tool: &Tool) -> Result<Vec<UndecidedOffer>, Problem> {
        let mut offers = Vec::new();
        for row in self.undecided_rows(tool).await? {
            offers.extend(self.offer_of(tool, row).await?);
        }
        Ok(offers)
    }

    /// The id that [`approval`](super::approval) knows one by; `None` if it doesn't wait for this tool.
    ///
    /// # Errors
    /// The store failed, or the id can't be opened.
    pub(crate) async fn undecided_id(
        &self,
        tool: &Tool,
        key: &str,
    ) -> Result<Option<String>, Problem> {
        let rows = self.undecided_rows(tool).await?;
        let row = rows.into_iter().find(|row| key_of(row) == key);
        row.map(|row| self.open_id(&row)).transpose()
    }

    async fn undecided_rows(&self, tool: &Tool) -> Result<Vec<UndecidedRegistration>, Problem> {
        let (tool_id, now) = (tool.id.clone(), self.clock.now_ms());
        let mut reader = self.db.read().await?;
        Ok(registrations::undecided(&mut reader.tx(), tool_id, now, MOST).await?)
    }

    fn open_id(&self, row: &UndecidedRegistration) -> Result<String, Problem> {
        let sealed_as = RegistrationId::sealed_as(&row.id_hash);
        let plain = self.rows.open(&sealed_as, &row.id_sealed);
        String::from_utf8(plain.map_err(Problem::internal)?).map_err(Problem::internal)
    }

    async fn offer_of(
        &self,
        tool: &Tool,
        row: UndecidedRegistration,
    ) -> Result<Option<UndecidedOffer>, Problem> {
        let id = RegistrationId::new(self.open_id(&row)?);
        let waiting = self.waiting(tool, &id, RegistrationStatus::Pending).await;
        // Someone else decided first, or one of its addresses may no longer be called: there is nothing to approve.
        let Some(attempt) = waiting.ok().flatten() else {
            return Ok(None);
        };
        let Ok(asked) = self.asked(&attempt, tool) else {
            return Ok(None);
        };
        let (tool_id, issuer) = (tool.id.clone(), row.issuer.clone());
        let mut reader = self.db.read().await?;
        let known = platforms::of_issuer(&mut reader.tx(), tool_id, issuer).await?;
        drop(reader);
        let configuration = &attempt.offer.configuration;
        Ok(Some(UndecidedOffer {
            key: key_of(&row),
            name: attempt.platform_name(),
            family: configuration
                .product_family_code
                .clone()
                .unwrap_or_default(),
            version: configuration.version.clone().unwrap_or_default(),
            hosts: hosts(configuration),
            services: services(&asked),
            personal: personal(&asked),
            known: known.len(),
            invited: attempt.invite_id.is_some(),
            issuer: row.issuer,
            created_at: row.created_at,
        }))
    }
}
