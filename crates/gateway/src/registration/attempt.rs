//! A registration on its way: what it presets, how it waits, and the one POST that ends it (lti.md D.3, D.4, D.8).

use std::sync::Arc;

use lti::message::MessageType;
use lti::registration::{
    AuthorizationServer, PlatformConfiguration, PrivacyLevel, RegistrationAnswer,
    RegistrationRefusal, Services, ToolMessage, ToolRegistration, Vendor,
};
use serde::{Deserialize, Serialize};
use url::Url;

use super::offer::{LIMIT, Offer};
use super::refusal::RegistrationError;
use crate::app::App;
use crate::config::PublicUrl;
use crate::id::new_id;
use crate::outbound::{Purpose, Request};
use crate::seal;
use crate::signing_keys;
use crate::store::deployments::{self, Status as Deployment};
use crate::store::platforms::{self, Management, Platform};
use crate::store::registrations::{self, NewRegistration, Status};
use crate::store::{Db, StoreError, invites, signing_keys as stored_keys};
use crate::tool::{Message, Tool, ToolSettings, UnknownDeployments};

/// How long a registration waits for a click or for the tool's word.
const WAIT_MS: i64 = 60 * 60 * 1000;
/// How long one that was interrupted is remembered.
const REMEMBER_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// A POST takes less; one that is older and not ended was interrupted.
const SENDING_MS: i64 = 20 * 1000;

/// How a registration is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Mode {
    /// The platform may launch at once.
    Automatic,
    /// The platform arrives inactive.
    Approval,
    /// The tool's own page decides.
    PreApproval,
}

/// What an invite, or the tool's word, sets instead of the tool's settings.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct Preset {
    /// How it is decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// Whether the administrator confirms first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirm: Option<bool>,
    /// How much personal data is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub privacy_level: Option<PrivacyLevel>,
    /// What the platform is called here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform_name: Option<String>,
    /// Deployments of it that are seen for the first time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown_deployments: Option<UnknownDeployments>,
    /// Messages to ask for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub messages: Option<Vec<Message>>,
    /// Whether the platform may launch at once, whatever the mode says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_activate: Option<bool>,
}

/// A registration under way.
pub(super) struct Registration {
    /// What the platform offers.
    pub offer: Offer,
    /// What is set for this one.
    pub preset: Preset,
    /// The invite it came by.
    pub invite_id: Option<String>,
}

/// A registration as it waits, sealed.
#[derive(Serialize, Deserialize)]
struct Waiting {
    url: Url,
    document: String,
    token: Option<String>,
    preset: Preset,
    invite_id: Option<String>,
}

/// A platform that has just been registered.
pub(super) struct Registered {
    /// As stored.
    pub platform: Platform,
    /// Whether an earlier registration with the same platform was cut off by a crash.
    pub was_interrupted: bool,
}

/// The id of a registration that waits: a secret, since whoever has it may read the platform's one-time token.
pub(super) struct RegistrationId(String);

impl RegistrationId {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    fn hash(&self) -> Vec<u8> {
        seal::hash(&["registration", &self.0])
    }

    fn identity(&self) -> String {
        format!("registrations/{}", self.0)
    }
}

impl Registration {
    /// How it is decided: by the invite, else by the tool's settings.
    pub(super) fn mode(&self, tool: &Tool) -> Mode {
        let settings = &tool.settings.registration;
        self.preset.mode.unwrap_or(
            match (settings.pre_approval.enabled, settings.auto_activate) {
                (true, _) => Mode::PreApproval,
                (false, true) => Mode::Automatic,
                (false, false) => Mode::Approval,
            },
        )
    }

    fn sealed(&self, app: &App, id: &RegistrationId) -> Result<Vec<u8>, RegistrationError> {
        let waiting = Waiting {
            url: self.offer.url.clone(),
            document: self.offer.document.clone(),
            token: self.offer.registration_token.clone(),
            preset: self.preset.clone(),
            invite_id: self.invite_id.clone(),
        };
        let plain =
            serde_json::to_vec(&waiting).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        Ok(app.rows.seal(&id.identity(), &plain))
    }

    fn row(
        &self,
        app: &App,
        tool: &Tool,
        id: &RegistrationId,
        status: Status,
        life_ms: i64,
    ) -> Result<NewRegistration, RegistrationError> {
        let now = app.clock.now_ms();
        Ok(NewRegistration {
            id_hash: id.hash(),
            tool_id: tool.id.clone(),
            issuer: self.offer.configuration.issuer.clone(),
            status,
            offer_sealed: self.sealed(app, id)?,
            created_at: now,
            expires_at: now + life_ms,
        })
    }

    /// Lets it wait, on any replica and over a restart.
    ///
    /// # Errors
    /// The store failed.
    pub(super) async fn wait(
        &self,
        app: &App,
        tool: &Tool,
        status: Status,
    ) -> Result<RegistrationId, RegistrationError> {
        let id = RegistrationId(app.random.token());
        let row = self.row(app, tool, &id, status, WAIT_MS)?;
        let insert = app.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { registrations::insert(&mut tx, row).await })
        });
        insert.await?;
        Ok(id)
    }

    /// One that waits; `None` where the id is unknown, its time is over, or it is past waiting for this.
    ///
    /// # Errors
    /// The store failed.
    pub(super) async fn load(
        app: &App,
        tool: &Tool,
        id: &RegistrationId,
        status: Status,
    ) -> Result<Option<Self>, RegistrationError> {
        let now = app.clock.now_ms();
        let row = registrations::waiting(
            &mut app.db.read().await?.tx(),
            id.hash(),
            tool.id.clone(),
            now,
        )
        .await?;
        let wanted = if status == Status::Confirm {
            "confirm"
        } else {
            "pending"
        };
        let Some(row) = row.filter(|row| row.status == wanted) else {
            return Ok(None);
        };
        let corrupt = |what: String| StoreError::Corrupt(what);
        let plain = app
            .rows
            .open(&id.identity(), &row.offer_sealed)
            .map_err(|error| corrupt(error.to_string()))?;
        let waiting: Waiting =
            serde_json::from_slice(&plain).map_err(|error| corrupt(error.to_string()))?;
        let offer = Offer::read(app, waiting.url, waiting.document, waiting.token)?;
        Ok(Some(Self {
            offer,
            preset: waiting.preset,
            invite_id: waiting.invite_id,
        }))
    }

    /// From waiting for the click to waiting for the tool's word; false where another call was faster.
    ///
    /// # Errors
    /// The store failed.
    pub(super) async fn confirmed(
        app: &App,
        tool: &Tool,
        id: &RegistrationId,
    ) -> Result<bool, RegistrationError> {
        let (hash, tool_id, now) = (id.hash(), tool.id.clone(), app.clock.now_ms());
        let advance = app.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                registrations::advance(
                    &mut tx,
                    hash,
                    tool_id,
                    Status::Confirm,
                    Status::Pending,
                    now + WAIT_MS,
                    now,
                )
                .await
            })
        });
        Ok(advance.await?)
    }

    /// Registers the tool with the platform and stores the platform. Exactly one POST is sent, however many calls come
    /// for the same id; where it fails nothing stays behind. It goes on to its end even where whoever asked hangs up:
    /// the platform may have stored the tool already.
    ///
    /// # Errors
    /// The platform or the store refuses; [`RegistrationError::NotWaiting`] where another call was faster.
    pub(super) async fn send(
        self,
        app: &App,
        tool: &Arc<Tool>,
        from: Option<(RegistrationId, Status)>,
    ) -> Result<Registered, RegistrationError> {
        let (app, tool) = (app.clone(), tool.clone());
        let sent = tokio::spawn(async move { self.send_to_the_end(&app, &tool, from).await });
        sent.await
            .unwrap_or_else(|error| Err(StoreError::Corrupt(error.to_string()).into()))
    }

    async fn send_to_the_end(
        &self,
        app: &App,
        tool: &Tool,
        from: Option<(RegistrationId, Status)>,
    ) -> Result<Registered, RegistrationError> {
        let (id, before) = match from {
            Some((id, status)) => (id, Some(status)),
            None => (RegistrationId(app.random.token()), None),
        };
        let platform_id = new_id(app.clock.now_ms(), &app.random);
        // What can't be asked for at all is told before anything is claimed or used up.
        let body = self
            .wanted(app, tool, &platform_id)
            .request(&self.offer.configuration)?;
        let body =
            serde_json::to_vec(&body).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        self.claim(app, tool, &id, before).await?;
        match self.register_as(app, tool, &platform_id, &id, body).await {
            Ok(platform) => Ok(Registered {
                was_interrupted: interrupted(app, &platform).await,
                platform,
            }),
            Err(error) => {
                // One that never left may be tried again.
                let back = before.filter(|_| error.was_not_sent());
                self.give_up(app, tool, &id, &platform_id, back).await;
                Err(error)
            }
        }
    }

    /// Marks it as being sent, and takes the invite's use.
    async fn claim(
        &self,
        app: &App,
        tool: &Tool,
        id: &RegistrationId,
        before: Option<Status>,
    ) -> Result<(), RegistrationError> {
        let row = self.row(app, tool, id, Status::Sending, REMEMBER_MS)?;
        let (invite_id, now) = (self.invite_id.clone(), app.clock.now_ms());
        app.db
            .write::<_, RegistrationError, _>(move |mut tx| {
                Box::pin(async move {
                    match before {
                        None => registrations::insert(&mut tx, row).await?,
                        Some(status) => {
                            let moved = registrations::advance(
                                &mut tx,
                                row.id_hash,
                                row.tool_id,
                                status,
                                Status::Sending,
                                row.expires_at,
                                now,
                            )
                            .await?;
                            if !moved {
                                return Err(RegistrationError::NotWaiting);
                            }
                        }
                    }
                    if let Some(invite_id) = invite_id
                        && !invites::take_use(&mut tx, invite_id, now).await?
                    {
                        return Err(RegistrationError::InviteUsed);
                    }
                    Ok(())
                })
            })
            .await
    }

    /// Undoes what a failed registration left: its key, its row, and the use of its invite.
    async fn give_up(
        &self,
        app: &App,
        tool: &Tool,
        id: &RegistrationId,
        platform_id: &str,
        back: Option<Status>,
    ) {
        let (hash, tool_id, platform) = (id.hash(), tool.id.clone(), platform_id.to_owned());
        let (invite_id, now) = (self.invite_id.clone(), app.clock.now_ms());
        let undo = app.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                stored_keys::delete_of_platform(&mut tx, platform).await?;
                match back {
                    Some(status) => {
                        registrations::advance(
                            &mut tx,
                            hash,
                            tool_id,
                            Status::Sending,
                            status,
                            now + WAIT_MS,
                            now,
                        )
                        .await?;
                    }
                    None => {
                        registrations::delete(&mut tx, hash).await?;
                    }
                }
                if let Some(invite_id) = invite_id {
                    invites::give_back(&mut tx, invite_id).await?;
                }
                Ok(())
            })
        });
        if let Err(error) = undo.await {
            tracing::warn!(%error, platform_id, "a failed registration was not cleaned up");
        }
    }

    async fn register_as(
        &self,
        app: &App,
        tool: &Tool,
        platform_id: &str,
        id: &RegistrationId,
        body: Vec<u8>,
    ) -> Result<Platform, RegistrationError> {
        // The key set must answer before the POST: Brightspace fetches it while it registers.
        signing_keys::assign(app, &tool.id, platform_id).await?;
        let configuration = &self.offer.configuration;
        let request = Request {
            purpose: Purpose::Registration,
            url: configuration.registration_endpoint.url(),
            accept: "application/json",
            bearer: self.offer.registration_token.as_deref(),
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
                let refusal = RegistrationRefusal::from_body(
                    status,
                    Some(&answer.media_type()),
                    &answer.body,
                );
                return Err(RegistrationError::Refused {
                    refusal,
                    endpoint: configuration.registration_endpoint.as_str().to_owned(),
                });
            }
        }
        let answer = RegistrationAnswer::parse(&answer.body)?;
        self.store(app, tool, platform_id, id, answer).await
    }

    /// What the tool wants to be registered with.
    fn wanted(&self, app: &App, tool: &Tool, platform_id: &str) -> ToolRegistration {
        let mut wanted = wanted(
            &tool.settings,
            &app.config.public_url,
            &format!("/{platform_id}"),
            self.preset.messages.as_deref(),
        );
        wanted.privacy = self
            .preset
            .privacy_level
            .unwrap_or(tool.settings.privacy_level);
        wanted
    }

    async fn store(
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
        let platform = Platform {
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
            family: configuration.product_family_code.as_deref().map(plain),
            version: configuration.version.as_deref().map(plain),
            scopes: plain(&answer.scopes.unwrap_or_default().join(" ")),
            unknown_deployments: self
                .preset
                .unknown_deployments
                .map(|policy| policy.as_str().to_owned()),
            active,
            created_at: now,
            updated_at: now,
        };
        // A platform that registers again keeps the id, and so the seal, of the first time.
        let token = answer.registration_access_token;
        let seal = |id: &str| {
            let identity = format!("platforms/{id}/registration_token");
            token
                .as_ref()
                .map(|token| app.rows.seal(&identity, token.reveal().as_bytes()))
        };
        let management = Management {
            uri: answer.registration_client_uri,
            token_sealed: seal(platform_id),
            configuration: Some(self.offer.document.clone()),
        };
        match insert(
            &app.db,
            platform.clone(),
            management.clone(),
            answer.deployment_id.clone(),
            id.hash(),
            now,
        )
        .await
        {
            Ok(()) => {
                app.platforms_changed();
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
                let known = Platform {
                    family: platform.family,
                    version: platform.version,
                    scopes: platform.scopes,
                    updated_at: now,
                    ..known
                };
                refresh(&app.db, known.clone(), management, platform.id, id.hash()).await?;
                app.platforms_changed();
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
        let same = found.into_iter().find(|known| {
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
        Ok((known, management))
    }
}

/// Whether an earlier registration with this platform's issuer was cut off while it was being sent. Told once.
async fn interrupted(app: &App, platform: &Platform) -> bool {
    // Schools share some issuers: the notice would reach the wrong one.
    if Vendor::of_issuer(&platform.issuer).is_some() {
        return false;
    }
    let (tool_id, issuer) = (platform.tool_id.clone(), platform.issuer.clone());
    let before = sent_before(app.clock.now_ms() - SENDING_MS);
    let taken = app.db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(
            async move { registrations::take_interrupted(&mut tx, tool_id, issuer, before).await },
        )
    });
    match taken.await {
        Ok(number) => number > 0,
        Err(error) => {
            tracing::warn!(%error, "interrupted registrations could not be read");
            false
        }
    }
}

/// When registrations expire whose sending began at that time.
const fn sent_before(ms: i64) -> i64 {
    ms + REMEMBER_MS
}

/// At a start on the embedded store, which has one server: what was being sent was cut off when the last one ended.
///
/// # Errors
/// The store failed.
pub async fn after_restart(db: &Db, now_ms: i64) -> Result<(), StoreError> {
    let before = sent_before(now_ms - SENDING_MS - 1);
    db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { registrations::interrupt(&mut tx, before).await })
    })
    .await
    .map(drop)
}

async fn insert(
    db: &Db,
    platform: Platform,
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
    known: Platform,
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

/// What the tool wants of a platform whose addresses of ours end in `suffix`.
pub(super) fn wanted(
    settings: &ToolSettings,
    public: &PublicUrl,
    suffix: &str,
    messages: Option<&[Message]>,
) -> ToolRegistration {
    let launch = public.join("/lti/launch");
    let messages = messages
        .unwrap_or(&settings.messages)
        .iter()
        .filter_map(|message| {
            Some(ToolMessage {
                label: message.label.clone(),
                icon_uri: message.icon_url.as_ref().map(Url::to_string),
                target_link_uri: message.target_path.as_ref().map(|path| public.join(path)),
                placements: message.placements.clone(),
                roles: message.roles.clone(),
                custom_parameters: message.custom_parameters.clone(),
                extensions: message.extensions.clone(),
                ..ToolMessage::new(MessageType::from_name(&message.message_type)?)
            })
        });
    ToolRegistration {
        name: settings.name.clone(),
        localized_names: settings.names.clone(),
        description: settings.description.clone(),
        initiate_login_uri: public.join(&format!("/lti/login{suffix}")),
        redirect_uris: vec![launch.clone()],
        jwks_uri: public.join(&format!("/lti/keys{suffix}")),
        deep_linking_uri: settings.services.deep_linking.then(|| launch.clone()),
        target_link_uri: launch,
        logo_uri: settings.logo_url.as_ref().map(Url::to_string),
        messages: messages.collect(),
        custom_parameters: settings.custom_parameters.clone(),
        privacy: settings.privacy_level,
        services: Services {
            grades: settings.services.assignment_and_grades,
            roster: settings.services.names_and_roles,
            groups: false,
        },
        extensions: settings.extensions.clone(),
        ..ToolRegistration::default()
    }
}
