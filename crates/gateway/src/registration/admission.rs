//! The end of a dynamic registration: the platform is stored, or recognised (lti.md D.4, D.8).

use lti::registration::{AuthorizationServer, PlatformConfiguration, RegistrationAnswer, Vendor};

use super::attempt::{Mode, Registration, RegistrationId};
use super::management::token_identity;
use super::refusal::RegistrationError;
use crate::app::App;
use crate::directory::frame_origins::FrameOrigins;
use crate::directory::platforms::Platform;
use crate::directory::tools::Tool;
use store::deployments::{self, DeploymentStatus as Deployment};
use store::platforms::{self, KeyDelivery, Management, PlatformRow};
use store::{Db, StoreError, registrations, signing_keys as stored_keys};

impl Registration {
    /// Stores the platform in place of the registration's row; one that registers again keeps its id.
    pub(super) async fn store(
        &self,
        app: &App,
        tool: &Tool,
        platform_id: &str,
        id: &RegistrationId,
        answer: RegistrationAnswer,
    ) -> Result<Platform, RegistrationError> {
        let (configuration, now) = (&self.offer.configuration, app.clock.now_ms());
        let active = self
            .preset
            .auto_activate
            .unwrap_or(self.mode(tool) == Mode::Automatic);
        let row = PlatformRow {
            id: platform_id.to_owned(),
            tool_id: tool.id.clone(),
            issuer: configuration.issuer.clone(),
            client_id: answer.client_id,
            name: self
                .preset
                .platform_name
                .clone()
                .unwrap_or_else(|| self.offer.name()),
            authorization_endpoint: configuration.authorization_endpoint.as_str().to_owned(),
            token_endpoint: configuration.token_endpoint.as_str().to_owned(),
            authorization_server: match &self.offer.checked.authorization_server {
                AuthorizationServer::Usable(server) => Some(server.clone()),
                _ => None,
            },
            key_method: "JWK_SET".into(),
            key_value: configuration.jwks_uri.as_str().to_owned(),
            key_delivery: KeyDelivery::Url.as_str().to_owned(),
            family: configuration.product_family_code.as_deref().map(plain),
            version: configuration.version.as_deref().map(plain),
            scopes: plain(&answer.scopes.unwrap_or_default().join(" ")),
            unknown_deployments: self
                .preset
                .unknown_deployments
                .map(|policy| policy.as_str().to_owned()),
            frame_origins: String::new(),
            launch_rules: "{}".into(),
            active,
            created_at: now,
            updated_at: now,
        };
        let mut platform = Platform::try_from(row)?;
        let own = FrameOrigins::of(&platform);
        platform.frame_origins = self.offer.frame_origins().beyond(&own).policy();
        // A platform that registers again keeps the id, and so the seal, of the first time.
        let token = answer.registration_access_token;
        let seal = |id: &str| {
            token.as_ref().map(|token| {
                app.rows
                    .seal(&token_identity(id), token.reveal().as_bytes())
            })
        };
        let management = Management {
            uri: answer.registration_client_uri,
            token_sealed: seal(platform_id),
            configuration: Some(self.offer.document.clone()),
        };
        match insert(
            &app.db,
            platform.clone().into_row()?,
            management.clone(),
            answer.deployment_id.clone(),
            id.hash(),
            now,
        )
        .await
        {
            Ok(()) => {
                app.platforms.changed();
                tracing::info!(
                    platform_id,
                    issuer = platform.issuer,
                    active,
                    "platform registered"
                );
                Ok(platform)
            }
            Err(error) if error.is_taken() => {
                let (known, stored) = self.known(app, tool, &platform).await?;
                let management = Management {
                    uri: management.uri.or(stored.uri),
                    token_sealed: seal(&known.id).or(stored.token_sealed),
                    ..management
                };
                let platform = platform.into_row()?;
                let mut known = known;
                known.family = platform.family;
                known.version = platform.version;
                known.scopes = platform.scopes;
                known.updated_at = now;
                let row = known.clone().into_row()?;
                refresh(&app.db, row, management, platform.id, id.hash()).await?;
                app.platforms.changed();
                tracing::info!(
                    platform_id = known.id,
                    issuer = known.issuer,
                    "platform registered again"
                );
                Ok(known)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The platform that has this issuer and client id already, if it surely is the same one registering again:
    /// registered dynamically before, at the same registration endpoint and with the same endpoints and keys, and of an
    /// issuer that schools don't share. Anything else is refused (D-70, D-72).
    async fn known(
        &self,
        app: &App,
        tool: &Tool,
        new: &Platform,
    ) -> Result<(Platform, Management), RegistrationError> {
        let taken = || RegistrationError::Taken {
            issuer: new.issuer.clone(),
            client_id: new.client_id.clone(),
        };
        let found = platforms::of_issuer(
            &mut app.db.read().await?.tx(),
            tool.id.clone(),
            new.issuer.clone(),
        )
        .await?;
        let same = found.into_iter().find(|known: &PlatformRow| {
            known.client_id == new.client_id
                && known.authorization_endpoint == new.authorization_endpoint
                && known.token_endpoint == new.token_endpoint
                && known.key_method == new.key_method
                && known.key_value == new.key_value
        });
        let known = same
            .filter(|known| Vendor::of_issuer(&known.issuer).is_none())
            .ok_or_else(taken)?;
        let management = platforms::management(&mut app.db.read().await?.tx(), known.id.clone())
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
        if before.is_none_or(|before| endpoint(&before) != endpoint(&self.offer.configuration)) {
            return Err(taken());
        }
        Ok((Platform::try_from(known)?, management))
    }
}

async fn insert(
    db: &Db,
    platform: PlatformRow,
    management: Management,
    deployment_id: Option<String>,
    registration: Vec<u8>,
    now: i64,
) -> Result<(), StoreError> {
    db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            let platform_id = platform.id.clone();
            platforms::insert(&mut tx, platform, management).await?;
            if let Some(deployment_id) = deployment_id {
                deployments::save(&mut tx, platform_id, deployment_id, Deployment::Active, now)
                    .await?;
            }
            registrations::delete(&mut tx, registration).await?;
            Ok(())
        })
    })
    .await
}

/// Moodle's "update": the same client id with new addresses of ours. Both lead to the one platform from now on. A new
/// deployment is learnt at its first launch, by the rule for unknown ones.
async fn refresh(
    db: &Db,
    known: PlatformRow,
    management: Management,
    alias: String,
    registration: Vec<u8>,
) -> Result<(), StoreError> {
    db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            let platform_id = known.id.clone();
            platforms::refresh(&mut tx, known, management).await?;
            platforms::add_alias(&mut tx, alias.clone(), platform_id.clone()).await?;
            stored_keys::give(&mut tx, alias, platform_id).await?;
            registrations::delete(&mut tx, registration).await?;
            Ok(())
        })
    })
    .await
}

/// A text as it may be stored: PostgreSQL takes no NUL, and nobody needs the other control characters.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}
