//! The end of a dynamic registration: the platform is stored, or recognised as one that is
//! registering again (lti.md D.4, D.8).

use lti::registration::{
    AuthorizationServer, CloudVendor, PlatformConfiguration, RegistrationAnswer,
};
use store::deployments::{self, DeploymentStatus as Deployment};
use store::platforms::{self, KeyDelivery, KeyMethod, Management, PlatformRow};
use store::{Db, StoreError, registrations, signing_keys as stored_keys};

use super::attempt::{RegistrationAttempt, RegistrationId};
use super::management::token_row;
use super::noted::{registered, registered_again};
use super::refusal::RegistrationError;
use super::room::Registrations;
use crate::audit::{Audit, AuditEntry};
use crate::directory::alike::{alike, is_moved};
use crate::directory::frame_origins::FrameOrigins;
use crate::directory::platforms::Platform;
use crate::directory::tools::Tool;
use crate::kit::text::for_log;

/// The platform that a registration led to.
pub(super) enum StoredPlatform {
    /// Registered for the first time.
    New(Platform),
    /// Already known, and registered again.
    Again(Platform),
}

impl Registrations {
    /// Replaces the registration's row with the platform. One that registers again keeps its id.
    pub(super) async fn store(
        &self,
        attempt: &RegistrationAttempt,
        tool: &Tool,
        platform_id: &str,
        id: &RegistrationId,
        answer: RegistrationAnswer,
    ) -> Result<StoredPlatform, RegistrationError> {
        let now = self.clock.now_ms();
        let row = row_of(attempt, tool, platform_id, &answer, now);
        let mut platform = Platform::try_from(row)?;
        self.refuse_alike(&platform).await?;
        let own = FrameOrigins::of(&platform);
        platform.frame_origins = attempt.offer.frame_origins().beyond(&own).policy();
        // A platform that registers again keeps its first id, and so the seal's identity.
        let token = answer.registration_access_token;
        let seal = |id: &str| {
            let token = token.as_ref()?;
            let sealed = self.rows.seal(&token_row(id), token.reveal().as_bytes());
            Some(sealed)
        };
        let management = Management {
            uri: answer.registration_client_uri,
            token_sealed: seal(platform_id),
            configuration: Some(attempt.offer.document.clone()),
        };
        let inserted = self.insert(
            platform.clone().into_row()?,
            management.clone(),
            answer.deployment_id,
            id.hash(),
            now,
        );
        match inserted.await {
            Ok(()) => {
                self.platforms.changed();
                self.events.committed();
                let (issuer, active) = (for_log(&platform.issuer), platform.active);
                tracing::info!(platform_id, issuer, active, "platform registered");
                warn_of_foreign_audience(attempt, platform_id);
                Ok(StoredPlatform::New(platform))
            }
            Err(error) if error.is_taken() => {
                let (known, before) = self.known(attempt, tool, &platform).await?;
                let management = Management {
                    uri: management.uri.or(before.uri),
                    token_sealed: seal(&known.id).or(before.token_sealed),
                    ..management
                };
                let known = self.renew(known, platform, management, id).await?;
                Ok(StoredPlatform::Again(known))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Refuses a platform that gave us another one's client id, and issues access tokens where that
    /// one does. One that we already have there may register again.
    async fn refuse_alike(&self, platform: &PlatformRow) -> Result<(), RegistrationError> {
        let Some(other) = alike(&self.db, platform).await? else {
            return Ok(());
        };
        let (tool_id, issuer) = (platform.tool_id.clone(), platform.issuer.clone());
        let mut reader = self.db.read().await?;
        let known = platforms::of_issuer(&mut reader.tx(), tool_id, issuer).await?;
        if known.iter().any(|known| !is_moved(known, platform)) {
            return Ok(());
        }
        Err(RegistrationError::Alike {
            issuer: platform.issuer.clone(),
            client_id: platform.client_id.clone(),
            known: other.issuer,
        })
    }

    async fn insert(
        &self,
        platform: PlatformRow,
        management: Management,
        deployment_id: Option<String>,
        registration: Vec<u8>,
        now: i64,
    ) -> Result<(), StoreError> {
        let (events, audit) = (self.events.clone(), self.audit.clone());
        let entry = registered(&platform, deployment_id.as_deref());
        let insert = self.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                let platform_id = platform.id.clone();
                events.record_new_platform(&mut tx, &platform).await?;
                platforms::insert(&mut tx, platform, management).await?;
                if let Some(deployment_id) = deployment_id {
                    let active = Deployment::Active;
                    deployments::save(&mut tx, platform_id, deployment_id, active, now).await?;
                }
                registrations::delete(&mut tx, registration).await?;
                audit.append(&mut tx, entry).await
            })
        });
        insert.await?.log();
        Ok(())
    }

    /// Updates a platform that registered again.
    async fn renew(
        &self,
        mut known: Platform,
        platform: Platform,
        management: Management,
        id: &RegistrationId,
    ) -> Result<Platform, RegistrationError> {
        let platform = platform.into_row()?;
        let before = known.clone();
        known.family = platform.family;
        known.version = platform.version;
        known.scopes = platform.scopes;
        known.updated_at = platform.updated_at;
        known.addressed_as = Some(platform.id.clone());
        let row = known.clone().into_row()?;
        let noted = self.admission.notes_again(&row.id);
        let noted = noted.then(|| (self.audit.clone(), registered_again(&before, &row)));
        refresh(&self.db, row, management, platform.id, id.hash(), noted).await?;
        self.platforms.changed();
        let (platform_id, issuer) = (&known.id, for_log(&known.issuer));
        tracing::info!(platform_id, issuer, "platform registered again");
        Ok(known)
    }

    /// The platform that already has this issuer and client id, if it is certain that the same
    /// platform is registering again: it was registered dynamically before, at the same
    /// registration endpoint and with the same endpoints and keys, and its issuer isn't shared by
    /// schools. Anything else is refused (D-70, D-72).
    async fn known(
        &self,
        attempt: &RegistrationAttempt,
        tool: &Tool,
        new: &Platform,
    ) -> Result<(Platform, Management), RegistrationError> {
        let taken = || RegistrationError::Taken {
            issuer: new.issuer.clone(),
            client_id: new.client_id.clone(),
        };
        let mut reader = self.db.read().await?;
        let (tool_id, issuer) = (tool.id.clone(), new.issuer.clone());
        let found = platforms::of_issuer(&mut reader.tx(), tool_id, issuer).await?;
        let same = found.into_iter().find(|known: &PlatformRow| {
            known.client_id == new.client_id
                && known.authorization_endpoint == new.authorization_endpoint
                && known.token_endpoint == new.token_endpoint
                && known.key_method == new.key_method
                && known.key_value == new.key_value
        });
        let known = same
            .filter(|known| CloudVendor::of_issuer(&known.issuer).is_none())
            .ok_or_else(taken)?;
        let management = platforms::management(&mut reader.tx(), known.id.clone())
            .await?
            .unwrap_or_default();
        let before = management
            .configuration
            .as_deref()
            .and_then(|text| PlatformConfiguration::parse(text.as_bytes()).ok());
        let endpoint = |configuration: &PlatformConfiguration| {
            let mut url = configuration.registration_endpoint.url().clone();
            url.set_query(None);
            url
        };
        let now = endpoint(&attempt.offer.configuration);
        if before.is_none_or(|before| endpoint(&before) != now) {
            return Err(taken());
        }
        Ok((Platform::try_from(known)?, management))
    }
}

/// Services fail if the platform insists on it, and whoever looks for the reason finds this.
fn warn_of_foreign_audience(attempt: &RegistrationAttempt, platform_id: &str) {
    if let AuthorizationServer::Foreign(audience) = &attempt.offer.checked.authorization_server {
        let audience = for_log(audience);
        tracing::warn!(
            platform_id,
            audience,
            "a platform's authorization_server is foreign, so not the audience of token requests"
        );
    }
}

fn row_of(
    attempt: &RegistrationAttempt,
    tool: &Tool,
    platform_id: &str,
    answer: &RegistrationAnswer,
    now: i64,
) -> PlatformRow {
    let configuration = &attempt.offer.configuration;
    let scopes = answer.scopes.as_deref().unwrap_or_default().join(" ");
    let unknown_deployments = attempt.preset.unknown_deployments;
    PlatformRow {
        id: platform_id.to_owned(),
        tool_id: tool.id.clone(),
        issuer: configuration.issuer.clone(),
        client_id: answer.client_id.clone(),
        name: attempt.platform_name(),
        authorization_endpoint: configuration.authorization_endpoint.as_str().to_owned(),
        token_endpoint: configuration.token_endpoint.as_str().to_owned(),
        authorization_server: match &attempt.offer.checked.authorization_server {
            AuthorizationServer::Usable(server) => Some(server.clone()),
            _ => None,
        },
        key_method: KeyMethod::JwkSet,
        key_value: configuration.jwks_uri.as_str().to_owned(),
        key_delivery: KeyDelivery::Url.as_str().to_owned(),
        family: configuration.product_family_code.as_deref().map(plain),
        version: configuration.version.as_deref().map(plain),
        scopes: plain(&scopes),
        unknown_deployments: unknown_deployments.map(|policy| policy.as_str().to_owned()),
        frame_origins: String::new(),
        launch_rules: "{}".into(),
        grade_rules: "{}".into(),
        addressed_as: None,
        active: attempt.activates(&tool.settings),
        created_at: now,
        updated_at: now,
    }
}

/// Moodle's "update": the same client id with new addresses of ours. From now on both lead to the
/// one platform. A new deployment is handled at its first launch, by the rule for unknown ones.
async fn refresh(
    db: &Db,
    known: PlatformRow,
    management: Management,
    alias: String,
    registration: Vec<u8>,
    noted: Option<(Audit, AuditEntry)>,
) -> Result<(), StoreError> {
    let refresh = db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            let platform_id = known.id.clone();
            platforms::refresh(&mut tx, known, management).await?;
            platforms::add_alias(&mut tx, alias.clone(), platform_id.clone()).await?;
            stored_keys::give(&mut tx, alias, platform_id).await?;
            registrations::delete(&mut tx, registration).await?;
            Ok(match noted {
                Some((audit, entry)) => Some(audit.append(&mut tx, entry).await?),
                None => None,
            })
        })
    });
    if let Some(mark) = refresh.await? {
        mark.log();
    }
    Ok(())
}

/// Text in a form that can be stored: PostgreSQL accepts no NUL, and other control characters serve
/// no purpose.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}
