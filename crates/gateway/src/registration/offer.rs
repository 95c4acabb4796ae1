//! The two halves of a dynamic registration: what a platform offers, and registering with it (lti.md D.2 to D.4).

use lti::message::MessageType;
use lti::registration::{
    AuthorizationServer, CheckedConfiguration, PlatformConfiguration, PrivacyLevel,
    RegistrationAnswer, RegistrationRefusal, Services, ToolMessage, ToolRegistration,
};
use url::Url;

use super::refusal::RegistrationError;
use crate::app::App;
use crate::id::new_id;
use crate::outbound::Request;
use crate::signing_keys;
use crate::store::StoreError;
use crate::store::deployments::{self, Status};
use crate::store::platforms::{self, Management, Platform};
use crate::tool::Tool;

/// Bytes of a configuration or an answer at most (D-10).
const LIMIT: usize = 256 * 1024;

/// A platform's configuration, fetched once and checked.
pub struct Offer {
    /// What it says.
    pub configuration: PlatformConfiguration,
    /// What was found when it was checked.
    pub checked: CheckedConfiguration,
    /// The token that came with the registration URL.
    pub registration_token: Option<String>,
}

/// A platform that has just been registered.
pub struct Registered {
    /// As stored.
    pub platform: Platform,
}

impl Offer {
    /// Fetches the configuration, with its query exactly as given and only once: some platforms' addresses are good
    /// for one use (D-02).
    ///
    /// # Errors
    /// It can't be fetched, or is no configuration we can work with.
    pub async fn fetch(
        app: &App,
        url: &Url,
        registration_token: Option<String>,
    ) -> Result<Self, RegistrationError> {
        let request = Request {
            url,
            accept: "application/json",
            bearer: registration_token.as_deref(),
            limit: LIMIT,
        };
        let answer = app
            .outbound
            .get(request)
            .await
            .map_err(RegistrationError::Fetch)?;
        if answer.status != 200 {
            return Err(RegistrationError::FetchStatus(answer.status));
        }
        let media_type = answer.media_type();
        if media_type.contains("html") || media_type.contains("xml") {
            return Err(RegistrationError::NotJson(media_type));
        }
        let configuration = PlatformConfiguration::parse(&answer.body)?;
        let checked = configuration.check(url)?;
        let endpoints = [
            (
                "authorization_endpoint",
                &configuration.authorization_endpoint,
            ),
            (
                "registration_endpoint",
                &configuration.registration_endpoint,
            ),
            ("jwks_uri", &configuration.jwks_uri),
            ("token_endpoint", &configuration.token_endpoint),
        ];
        for (name, endpoint) in endpoints {
            app.outbound
                .permits(endpoint.url())
                .map_err(|blocked| RegistrationError::Endpoint(name, blocked))?;
        }
        Ok(Self {
            configuration,
            checked,
            registration_token,
        })
    }

    /// Origins that show the registration in a frame, for the page's policy.
    pub fn frame_origins(&self) -> String {
        let configuration = &self.configuration;
        let mut origins = vec![
            configuration
                .registration_endpoint
                .url()
                .origin()
                .ascii_serialization(),
        ];
        for endpoint in [
            Url::parse(&configuration.issuer).ok().as_ref(),
            Some(configuration.authorization_endpoint.url()),
        ] {
            let origin = endpoint.map(|url| url.origin().ascii_serialization());
            origins.extend(origin.filter(|origin| !origins.contains(origin)));
        }
        origins.join(" ")
    }

    /// Registers the tool and stores the platform. Nothing stays behind where it fails.
    ///
    /// # Errors
    /// The platform or the store refuses.
    pub async fn register(
        &self,
        app: &App,
        tool: &Tool,
        privacy: Option<PrivacyLevel>,
    ) -> Result<Registered, RegistrationError> {
        let platform_id = new_id(app.clock.now_ms(), &app.random);
        // The key set must answer before the POST: Brightspace fetches it while it registers.
        signing_keys::assign(app, &tool.id, &platform_id).await?;
        let registered = self.register_as(app, tool, privacy, &platform_id).await;
        if registered.is_err()
            && let Err(error) = signing_keys::discard(app, &platform_id).await
        {
            tracing::warn!(%error, platform_id, "the key of a failed registration was not removed");
        }
        registered
    }

    async fn register_as(
        &self,
        app: &App,
        tool: &Tool,
        privacy: Option<PrivacyLevel>,
        platform_id: &str,
    ) -> Result<Registered, RegistrationError> {
        let body = registration_of(app, tool, privacy, platform_id).request(&self.configuration)?;
        let body =
            serde_json::to_vec(&body).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        let request = Request {
            url: self.configuration.registration_endpoint.url(),
            accept: "application/json",
            bearer: self.registration_token.as_deref(),
            limit: LIMIT,
        };
        // Never tried again by itself: tokens are good for one use (D-41).
        let answer = app
            .outbound
            .post_json(request, body)
            .await
            .map_err(RegistrationError::Send)?;
        match answer.status {
            200 | 201 => {}
            300..=399 => return Err(RegistrationError::Redirected),
            status => {
                let media_type = answer.media_type();
                let refusal =
                    RegistrationRefusal::from_body(status, Some(&media_type), &answer.body);
                return Err(RegistrationError::Refused(refusal));
            }
        }
        let answer = RegistrationAnswer::parse(&answer.body)?;
        self.store(app, tool, platform_id, answer).await
    }

    async fn store(
        &self,
        app: &App,
        tool: &Tool,
        platform_id: &str,
        answer: RegistrationAnswer,
    ) -> Result<Registered, RegistrationError> {
        let (configuration, now) = (&self.configuration, app.clock.now_ms());
        let host = Url::parse(&configuration.issuer)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned));
        let name = match (configuration.product_family_code.as_deref(), host) {
            (Some(family), Some(host)) => format!("{family} at {host}"),
            (_, host) => host.unwrap_or_else(|| configuration.issuer.clone()),
        };
        let platform = Platform {
            id: platform_id.to_owned(),
            tool_id: tool.id.clone(),
            issuer: configuration.issuer.clone(),
            client_id: answer.client_id,
            name,
            authorization_endpoint: configuration.authorization_endpoint.as_str().to_owned(),
            token_endpoint: configuration.token_endpoint.as_str().to_owned(),
            authorization_server: match &self.checked.authorization_server {
                AuthorizationServer::Usable(server) => Some(server.clone()),
                _ => None,
            },
            key_method: "JWK_SET".into(),
            key_value: configuration.jwks_uri.as_str().to_owned(),
            family: configuration.product_family_code.clone(),
            version: configuration.version.clone(),
            scopes: answer.scopes.unwrap_or_default().join(" "),
            active: tool.settings.registration.auto_activate,
            created_at: now,
            updated_at: now,
        };
        let identity = format!("platforms/{platform_id}/registration_token");
        let management = Management {
            uri: answer.registration_client_uri,
            token_sealed: answer
                .registration_access_token
                .map(|token| app.rows.seal(&identity, token.reveal().as_bytes())),
        };
        let (row, deployment_id) = (platform.clone(), answer.deployment_id);
        let stored = app
            .db
            .write::<_, StoreError, _>(move |mut tx| {
                Box::pin(async move {
                    let platform_id = row.id.clone();
                    platforms::insert(&mut tx, row, management).await?;
                    if let Some(deployment_id) = deployment_id {
                        deployments::save(&mut tx, platform_id, deployment_id, Status::Active, now)
                            .await?;
                    }
                    Ok(())
                })
            })
            .await;
        match stored {
            Ok(()) => {
                app.platforms_changed();
                tracing::info!(
                    platform_id,
                    issuer = platform.issuer,
                    active = platform.active,
                    "platform registered"
                );
                Ok(Registered { platform })
            }
            Err(error) if error.is_taken() => Err(RegistrationError::Taken {
                issuer: platform.issuer,
                client_id: platform.client_id,
            }),
            Err(error) => Err(error.into()),
        }
    }
}

/// What the tool wants to be registered with.
fn registration_of(
    app: &App,
    tool: &Tool,
    privacy: Option<PrivacyLevel>,
    platform_id: &str,
) -> ToolRegistration {
    let (settings, public) = (&tool.settings, &app.config.public_url);
    let launch = public.join("/lti/launch");
    let messages = settings.messages.iter().filter_map(|message| {
        Some(ToolMessage {
            label: message.label.clone(),
            icon_uri: message.icon_url.as_ref().map(Url::to_string),
            placements: message.placements.clone(),
            roles: message.roles.clone(),
            ..ToolMessage::new(MessageType::from_name(&message.message_type)?)
        })
    });
    ToolRegistration {
        name: settings.name.clone(),
        description: settings.description.clone(),
        initiate_login_uri: public.join(&format!("/lti/login/{platform_id}")),
        redirect_uris: vec![launch.clone()],
        jwks_uri: public.join(&format!("/lti/keys/{platform_id}")),
        deep_linking_uri: settings.services.deep_linking.then(|| launch.clone()),
        target_link_uri: launch,
        logo_uri: settings.logo_url.as_ref().map(Url::to_string),
        messages: messages.collect(),
        custom_parameters: settings.custom_parameters.clone(),
        privacy: privacy.unwrap_or(settings.privacy_level),
        services: Services {
            grades: settings.services.assignment_and_grades,
            roster: settings.services.names_and_roles,
            groups: false,
        },
        ..ToolRegistration::default()
    }
}
