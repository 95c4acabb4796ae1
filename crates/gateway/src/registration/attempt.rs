//! A registration on its way: what it presets, how it waits, and the one POST that ends it (lti.md D.3, D.4, D.8).

use std::sync::Arc;

use lti::registration::{
    PrivacyLevel, RegistrationAnswer, RegistrationRefusal, ToolRegistration, Vendor,
};
use serde::{Deserialize, Serialize};
use url::Url;

use super::offer::{LIMIT, Offer};
use super::refusal::RegistrationError;
use super::wanted::wanted;
use crate::app::App;
use crate::directory::platforms::Platform;
use crate::directory::tools::Tool;
use crate::kit::id::new_id;
use crate::kit::outbound::{Purpose, Request};
use crate::kit::seal;
use crate::settings::launch::UnknownDeployments;
use crate::settings::registration::Message;
use crate::settings::tool::privacy_levels;
use store::registrations::{self, NewRegistration, Status};
use store::{Db, StoreError, invites, signing_keys as stored_keys};
use utoipa::ToSchema;

/// How long a registration waits for a click or for the tool's word.
const WAIT_MS: i64 = 60 * 60 * 1000;
/// How long one that was interrupted is remembered.
const REMEMBER_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// A POST takes less; one that is older and not ended was interrupted.
const SENDING_MS: i64 = 20 * 1000;

/// How a registration is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RegistrationMode)]
pub(super) enum Mode {
    /// The platform may launch at once.
    Automatic,
    /// The platform arrives inactive.
    Approval,
    /// The tool's own page decides.
    PreApproval,
}

/// What an invite, or the tool's word, sets instead of the tool's settings.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
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
    #[schema(schema_with = privacy_levels)]
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

    /// What stands in the store for it.
    pub(super) fn hash(&self) -> Vec<u8> {
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
        app.our_keys.assign(&tool.id, platform_id).await?;
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
