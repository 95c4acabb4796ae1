//! The single POST that ends a registration, and what remains if it fails (lti.md D.3, D.4, D.8).

use std::sync::Arc;

use axum::http::Method;
use lti::registration::{CloudVendor, RegistrationAnswer, RegistrationRefusal};
use store::registrations::{self, RegistrationStatus};
use store::{Db, StoreError, invites, signing_keys as stored_keys};

use super::accept::StoredPlatform;
use super::asker::Asker;
use super::attempt::{RegistrationAttempt, RegistrationId};
use super::offer::DOCUMENT_BYTES;
use super::refusal::{Bodies, RegistrationError};
use super::room::Registrations;
use super::waiting::WAIT_MS;
use crate::directory::platforms::Platform;
use crate::directory::tools::Tool;
use crate::kit::id::new_id;
use crate::kit::media_type::JSON;
use crate::kit::on_its_own::on_its_own;
use crate::kit::outbound::{ExchangeSlot, Request};

/// How long an interrupted registration is remembered.
const REMEMBER_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// A POST takes less than this, key pair included; an older one that has not ended was interrupted.
const SENDING_MS: i64 = 20 * 1000;

/// A platform that has just been registered.
pub(super) struct RegisteredPlatform {
    /// The platform as stored.
    pub(super) platform: Platform,
    /// Whether it was already known; then its active flag is unchanged.
    pub(super) is_update: bool,
    /// The scopes it granted; `None` if it doesn't say.
    pub(super) granted: Option<Vec<String>>,
    /// Whether an earlier registration with the same platform was cut off by a crash.
    pub(super) was_interrupted: bool,
}

/// A registration about to be sent to the platform.
struct OutgoingRegistration {
    room: Registrations,
    tool: Arc<Tool>,
    attempt: RegistrationAttempt,
    asker: Asker,
    id: RegistrationId,
    /// What it was waiting for; `None` if it never waited.
    before: Option<RegistrationStatus>,
    /// The id for the platform, if it succeeds.
    platform_id: String,
}

/// Registers the tool with the platform and stores the platform. Exactly one POST is sent, however
/// many calls arrive for the same id; if it fails, nothing remains. It continues even if the client
/// hangs up, because the platform may already have stored the tool.
///
/// # Errors
/// The platform or the store refuses; [`RegistrationError::NotWaiting`] if another call was faster.
pub(super) async fn send(
    room: &Registrations,
    tool: &Arc<Tool>,
    attempt: RegistrationAttempt,
    asker: Asker,
    from: Option<(RegistrationId, RegistrationStatus)>,
) -> Result<RegisteredPlatform, RegistrationError> {
    let (id, before) = match from {
        Some((id, status)) => (id, Some(status)),
        None => (RegistrationId::new(room.random.token()), None),
    };
    let sending = OutgoingRegistration {
        platform_id: new_id(room.clock.now_ms(), &room.random),
        room: room.clone(),
        tool: tool.clone(),
        attempt,
        asker,
        id,
        before,
    };
    on_its_own(async move { sending.to_the_end().await }).await
}

impl OutgoingRegistration {
    async fn to_the_end(&self) -> Result<RegisteredPlatform, RegistrationError> {
        // A request that can't be built is refused before anything is claimed or used up.
        let wanted = self.attempt.wanted(
            &self.tool.settings,
            &self.tool.address(&self.room.public_url),
            &self.platform_id,
        );
        let body = wanted.request(&self.attempt.offer.configuration)?;
        let body =
            serde_json::to_vec(&body).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        // Waiting for a slot comes first, too, before creating a key pair or writing a row.
        let outbound = &self.room.outbound;
        let slot = outbound.slot(&Method::POST, &self.request()).await;
        let slot = slot.map_err(RegistrationError::sending)?;
        self.claim().await?;
        match self.register(slot, body).await {
            Ok(stored) => {
                let (platform, is_update) = match stored {
                    StoredPlatform::New(platform) => (platform, false),
                    StoredPlatform::Again(platform) => (platform, true),
                };
                Ok(RegisteredPlatform {
                    was_interrupted: interrupted(&self.room, &platform).await,
                    granted: granted(&platform),
                    is_update,
                    platform,
                })
            }
            Err(error) => {
                self.give_up(error.stored_nothing()).await;
                Err(error)
            }
        }
    }

    /// Marks it as being sent, and uses up one use of the invite.
    async fn claim(&self) -> Result<(), RegistrationError> {
        let row = self.room.row(
            &self.attempt,
            &self.tool,
            &self.id,
            RegistrationStatus::Sending,
            REMEMBER_MS,
        )?;
        let (invite_id, now) = (self.attempt.invite_id.clone(), self.room.clock.now_ms());
        let before = self.before;
        let claim = self
            .room
            .db
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
                                RegistrationStatus::Sending,
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
            });
        claim.await
    }

    /// Undoes what a failed registration left behind: its key, its row, and the use of its invite.
    /// If the platform `stored_nothing`, a retry is allowed, and the key can serve another
    /// platform.
    async fn give_up(&self, stored_nothing: bool) {
        let back = self.before.filter(|_| stored_nothing);
        let (hash, tool_id, platform_id) = (
            self.id.hash(),
            self.tool.id.clone(),
            self.platform_id.clone(),
        );
        let (invite_id, now) = (self.attempt.invite_id.clone(), self.room.clock.now_ms());
        let undo = self.room.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                if stored_nothing {
                    stored_keys::take_back(&mut tx, platform_id).await?;
                } else {
                    stored_keys::delete_of_platform(&mut tx, platform_id).await?;
                }
                match back {
                    Some(status) => {
                        registrations::advance(
                            &mut tx,
                            hash,
                            tool_id,
                            RegistrationStatus::Sending,
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
            let platform_id = &self.platform_id;
            tracing::warn!(%error, platform_id, "a failed registration was not cleaned up");
        }
    }

    fn request(&self) -> Request<'_> {
        let offer = &self.attempt.offer;
        Request {
            purpose: self.asker.registers(),
            source: self.asker.source.as_deref(),
            url: offer.configuration.registration_endpoint.url(),
            accept: JSON,
            bearer: offer.registration_token.as_deref(),
            limit: DOCUMENT_BYTES,
        }
    }

    async fn register(
        &self,
        slot: ExchangeSlot,
        body: Vec<u8>,
    ) -> Result<StoredPlatform, RegistrationError> {
        // The key set must be reachable before the POST, because Brightspace fetches it while
        // registering.
        let keys = &self.room.our_keys;
        let (tool_id, platform_id) = (&self.tool.id, &self.platform_id);
        if self.asker.is_invited() {
            keys.assign(tool_id, platform_id).await?;
        } else {
            keys.assign_uninvited(tool_id, platform_id).await?;
        }
        // Never retried automatically, because tokens can be used only once (D-41).
        let answer = self
            .room
            .outbound
            .post_json_in(slot, self.request(), body.clone());
        let answer = answer.await.map_err(RegistrationError::sending)?;
        match answer.status {
            200 | 201 => {}
            300..=399 => return Err(RegistrationError::Redirected),
            status => {
                let media_type = answer.media_type();
                let refusal =
                    RegistrationRefusal::from_body(status, Some(&media_type), &answer.body);
                let token = self.attempt.offer.registration_token.as_deref();
                let bodies = Box::new(Bodies::new(&body, &answer.body, token));
                return Err(RegistrationError::Refused { refusal, bodies });
            }
        }
        let answer = RegistrationAnswer::parse(&answer.body)?;
        let stored = self.room.store(
            &self.attempt,
            &self.tool,
            &self.platform_id,
            &self.id,
            answer,
        );
        stored.await
    }
}

fn granted(platform: &Platform) -> Option<Vec<String>> {
    let scopes: Vec<String> = platform
        .scopes
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    Some(scopes).filter(|scopes| !scopes.is_empty())
}

/// Whether an earlier registration with this platform's issuer was interrupted while being sent.
/// Reported once.
async fn interrupted(room: &Registrations, platform: &Platform) -> bool {
    // Some issuers are shared by schools: the notice would reach the wrong one.
    if CloudVendor::of_issuer(&platform.issuer).is_some() {
        return false;
    }
    let (tool_id, issuer) = (platform.tool_id.clone(), platform.issuer.clone());
    let before = sent_before(room.clock.now_ms() - SENDING_MS);
    let taken = room.db.write_one::<_, StoreError, _>(move |mut tx| {
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

/// The expiry time of registrations whose sending began at that time.
const fn sent_before(ms: i64) -> i64 {
    ms + REMEMBER_MS
}

/// At startup with the embedded store, which has a single server: any registration still being sent
/// was interrupted when the last server ended.
///
/// # Errors
/// The store failed.
pub(crate) async fn after_restart(db: &Db, now_ms: i64) -> Result<(), StoreError> {
    let before = sent_before(now_ms - SENDING_MS - 1);
    db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { registrations::interrupt(&mut tx, before).await })
    })
    .await
    .map(drop)
}
