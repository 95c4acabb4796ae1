//! A registration on its way: what it presets and how it waits (lti.md D.4, D.8).

use lti::registration::PrivacyLevel;
use serde::{Deserialize, Serialize};
use url::Url;

use super::offer::Offer;
use super::refusal::RegistrationError;
use super::room::Registrations;
use crate::directory::platforms::Platform;
use crate::directory::tools::Tool;
use crate::kit::seal;
use crate::settings::launch::UnknownDeployments;
use crate::settings::registration::Message;
use store::StoreError;
use store::registrations::{self, NewRegistration, Status};

/// How long a registration waits for a click or for the tool's word.
pub(super) const WAIT_MS: i64 = 60 * 60 * 1000;

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

    fn sealed(
        &self,
        room: &Registrations,
        id: &RegistrationId,
    ) -> Result<Vec<u8>, RegistrationError> {
        let waiting = Waiting {
            url: self.offer.url.clone(),
            document: self.offer.document.clone(),
            token: self.offer.registration_token.clone(),
            preset: self.preset.clone(),
            invite_id: self.invite_id.clone(),
        };
        let plain =
            serde_json::to_vec(&waiting).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        Ok(room.rows.seal(&id.identity(), &plain))
    }

    pub(super) fn row(
        &self,
        room: &Registrations,
        tool: &Tool,
        id: &RegistrationId,
        status: Status,
        life_ms: i64,
    ) -> Result<NewRegistration, RegistrationError> {
        let now = room.clock.now_ms();
        Ok(NewRegistration {
            id_hash: id.hash(),
            tool_id: tool.id.clone(),
            issuer: self.offer.configuration.issuer.clone(),
            status,
            offer_sealed: self.sealed(room, id)?,
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
        room: &Registrations,
        tool: &Tool,
        status: Status,
    ) -> Result<RegistrationId, RegistrationError> {
        let id = RegistrationId(room.random.token());
        let row = self.row(room, tool, &id, status, WAIT_MS)?;
        let insert = room.db.write_one::<_, StoreError, _>(move |mut tx| {
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
        room: &Registrations,
        tool: &Tool,
        id: &RegistrationId,
        status: Status,
    ) -> Result<Option<Self>, RegistrationError> {
        let now = room.clock.now_ms();
        let row = registrations::waiting(
            &mut room.db.read().await?.tx(),
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
        let plain = room
            .rows
            .open(&id.identity(), &row.offer_sealed)
            .map_err(|error| corrupt(error.to_string()))?;
        let waiting: Waiting =
            serde_json::from_slice(&plain).map_err(|error| corrupt(error.to_string()))?;
        let offer = Offer::read(room, waiting.url, waiting.document, waiting.token)?;
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
        room: &Registrations,
        tool: &Tool,
        id: &RegistrationId,
    ) -> Result<bool, RegistrationError> {
        let (hash, tool_id, now) = (id.hash(), tool.id.clone(), room.clock.now_ms());
        let advance = room.db.write_one::<_, StoreError, _>(move |mut tx| {
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
}
