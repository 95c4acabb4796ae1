//! The POST of what is wanted, and what is left behind if it fails or is cut off (lti.md D.3).

use std::sync::Arc;

use lti::registration::{RegistrationAnswer, RegistrationRefusal, ToolRegistration, Vendor};

use super::attempt::{Registered, Registration, RegistrationId, WAIT_MS};
use super::offer::LIMIT;
use super::refusal::RegistrationError;
use super::room::Registrations;
use super::wanted::wanted;
use crate::directory::platforms::Platform;
use crate::directory::tools::Tool;
use crate::kit::id::new_id;
use crate::kit::outbound::{Purpose, Request};
use store::registrations::{self, Status};
use store::{Db, StoreError, invites, signing_keys as stored_keys};

/// How long one that was interrupted is remembered.
const REMEMBER_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// A POST takes less; one that is older and not ended was interrupted.
const SENDING_MS: i64 = 20 * 1000;

impl Registration {
    /// Registers the tool with the platform and stores the platform. Exactly one POST is sent, however many calls come
    /// for the same id; where it fails nothing stays behind. It goes on to its end even where whoever asked hangs up:
    /// the platform may have stored the tool already.
    ///
    /// # Errors
    /// The platform or the store refuses; [`RegistrationError::NotWaiting`] where another call was faster.
    pub(super) async fn send(
        self,
        room: &Registrations,
        tool: &Arc<Tool>,
        from: Option<(RegistrationId, Status)>,
    ) -> Result<Registered, RegistrationError> {
        let (room, tool) = (room.clone(), tool.clone());
        let sent = tokio::spawn(async move { self.send_to_the_end(&room, &tool, from).await });
        sent.await
            .unwrap_or_else(|error| Err(StoreError::Corrupt(error.to_string()).into()))
    }

    async fn send_to_the_end(
        &self,
        room: &Registrations,
        tool: &Tool,
        from: Option<(RegistrationId, Status)>,
    ) -> Result<Registered, RegistrationError> {
        let (id, before) = match from {
            Some((id, status)) => (id, Some(status)),
            None => (RegistrationId::new(room.random.token()), None),
        };
        let platform_id = new_id(room.clock.now_ms(), &room.random);
        // What can't be asked for at all is told before anything is claimed or used up.
        let body = self
            .wanted(room, tool, &platform_id)
            .request(&self.offer.configuration)?;
        let body =
            serde_json::to_vec(&body).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        self.claim(room, tool, &id, before).await?;
        match self.register_as(room, tool, &platform_id, &id, body).await {
            Ok(platform) => Ok(Registered {
                was_interrupted: interrupted(room, &platform).await,
                platform,
            }),
            Err(error) => {
                // One that never left may be tried again.
                let back = before.filter(|_| error.was_not_sent());
                self.give_up(room, tool, &id, &platform_id, back).await;
                Err(error)
            }
        }
    }

    /// Marks it as being sent, and takes the invite's use.
    async fn claim(
        &self,
        room: &Registrations,
        tool: &Tool,
        id: &RegistrationId,
        before: Option<Status>,
    ) -> Result<(), RegistrationError> {
        let row = self.row(room, tool, id, Status::Sending, REMEMBER_MS)?;
        let (invite_id, now) = (self.invite_id.clone(), room.clock.now_ms());
        room.db
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
        room: &Registrations,
        tool: &Tool,
        id: &RegistrationId,
        platform_id: &str,
        back: Option<Status>,
    ) {
        let (hash, tool_id, platform) = (id.hash(), tool.id.clone(), platform_id.to_owned());
        let (invite_id, now) = (self.invite_id.clone(), room.clock.now_ms());
        let undo = room.db.write::<_, StoreError, _>(move |mut tx| {
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
        room: &Registrations,
        tool: &Tool,
        platform_id: &str,
        id: &RegistrationId,
        body: Vec<u8>,
    ) -> Result<Platform, RegistrationError> {
        // The key set must answer before the POST: Brightspace fetches it while it registers.
        room.our_keys.assign(&tool.id, platform_id).await?;
        let configuration = &self.offer.configuration;
        let request = Request {
            purpose: Purpose::Registration,
            url: configuration.registration_endpoint.url(),
            accept: "application/json",
            bearer: self.offer.registration_token.as_deref(),
            limit: LIMIT,
        };
        // Never tried again by itself: tokens are good for one use (D-41).
        let answer = room
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
        self.store(room, tool, platform_id, id, answer).await
    }

    /// What the tool wants to be registered with.
    fn wanted(&self, room: &Registrations, tool: &Tool, platform_id: &str) -> ToolRegistration {
        let mut wanted = wanted(
            &tool.settings,
            &room.public_url,
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
async fn interrupted(room: &Registrations, platform: &Platform) -> bool {
    // Schools share some issuers: the notice would reach the wrong one.
    if Vendor::of_issuer(&platform.issuer).is_some() {
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
