//! Registrations waiting for the tool's decision, as shown to its owner in the portal.
//! [`approval`](super::approval) handles the decision, by API or in the portal (decision 0331).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use store::platforms;
use store::registrations::{self, RegistrationStatus, UndecidedRegistration};

use super::attempt::RegistrationId;
use super::confirm::{hosts, personal, services};
use super::room::Registrations;
use crate::directory::tools::Tool;
use crate::web::problem::Problem;
use crate::web::texts::{Text, registration as texts};

/// The most registrations in the list.
const MOST_LISTED: i64 = 50;

/// A platform that wants to register the tool, with the facts needed to decide (portal.md PO-5).
pub(crate) struct UndecidedOffer {
    /// Identifies it in addresses; its id is secret.
    pub(crate) key: String,
    /// The name it will have.
    pub(crate) name: String,
    pub(crate) issuer: String,
    /// Such as `moodle`; may be empty.
    pub(crate) family: String,
    /// May be empty.
    pub(crate) version: String,
    /// The hosts in its configuration.
    pub(crate) hosts: Vec<String>,
    /// What will be requested besides launches.
    pub(crate) services: Vec<Text>,
    /// The personal data that will be requested.
    pub(crate) personal: Vec<Text>,
    /// How many platforms with the same issuer are already registered.
    pub(crate) known: usize,
    /// Whether it used an invitation.
    pub(crate) invited: bool,
    /// Milliseconds since 1970.
    pub(crate) created_at: i64,
}

/// The services that a registered platform grants, according to its scopes.
pub(crate) fn granted(scopes: &str) -> Vec<Text> {
    let services = [
        ("/lti-ags/", texts::GRADES),
        ("/lti-nrps/", texts::ROSTER),
        ("/lti-gs/", texts::GROUPS),
    ];
    let granted = services.into_iter();
    let granted = granted.filter(|(part, _)| scopes.contains(part));
    granted.map(|(_, text)| text).collect()
}

fn key_of(row: &UndecidedRegistration) -> String {
    URL_SAFE_NO_PAD.encode(&row.id_hash)
}

impl Registrations {
    /// The registrations waiting for this tool's decision, oldest first.
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

    /// Whether one that fits is waiting for this tool's decision.
    ///
    /// # Errors
    /// The store failed, or an id can't be opened.
    pub(crate) async fn is_undecided(
        &self,
        tool: &Tool,
        fits: impl Fn(&UndecidedOffer) -> bool + Send + Sync,
    ) -> Result<bool, Problem> {
        for row in self.undecided_rows(tool).await? {
            let offer = self.offer_of(tool, row).await?;
            if offer.is_some_and(|offer| fits(&offer)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The id of a registration for [`approval`](super::approval); `None` if it isn't waiting for
    /// this tool.
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
        Ok(registrations::undecided(&mut reader.tx(), tool_id, now, MOST_LISTED).await?)
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
        // It was decided meanwhile, or one of its addresses may no longer be called: there is
        // nothing to approve.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::language::Language;

    #[test]
    fn scopes_are_told_as_services() {
        let scopes = "https://purl.imsglobal.org/spec/lti-ags/scope/score \
                      https://purl.imsglobal.org/spec/lti-ags/scope/lineitem";
        let told = granted(scopes);
        let told: Vec<&str> = told.iter().map(|text| text.to(Language::English)).collect();
        assert_eq!(told, [texts::GRADES.to(Language::English)]);
        assert!(granted("").is_empty());
    }
}
