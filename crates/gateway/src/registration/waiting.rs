//! Registrations waiting for a click or for the tool's decision: sealed in the store, for an hour
//! (lti.md D.8).

use serde::{Deserialize, Serialize};
use store::StoreError;
use store::registrations::{self, NewRegistration, RegistrationStatus};
use url::Url;

use super::attempt::{RegistrationAttempt, RegistrationId};
use super::offer::PlatformOffer;
use super::preset::Preset;
use super::refusal::RegistrationError;
use super::room::Registrations;
use crate::directory::tools::Tool;

/// How long a registration waits for a click or for the tool's decision.
pub(super) const WAIT_MS: i64 = 60 * 60 * 1000;

/// A waiting registration, sealed.
#[derive(Serialize, Deserialize)]
struct SealedRegistration {
    url: Url,
    document: String,
    token: Option<String>,
    preset: Preset,
    invite_id: Option<String>,
}

impl Registrations {
    /// The row of a registration that waits for this long.
    pub(super) fn row(
        &self,
        attempt: &RegistrationAttempt,
        tool: &Tool,
        id: &RegistrationId,
        status: RegistrationStatus,
        life_ms: i64,
    ) -> Result<NewRegistration, RegistrationError> {
        let now = self.clock.now_ms();
        let waiting = SealedRegistration {
            url: attempt.offer.url.clone(),
            document: attempt.offer.document.clone(),
            token: attempt.offer.registration_token.clone(),
            preset: attempt.preset.clone(),
            invite_id: attempt.invite_id.clone(),
        };
        let plain = serde_json::to_vec(&waiting).map_err(corrupt)?;
        let id_hash = id.hash();
        let sealed_as = RegistrationId::sealed_as(&id_hash);
        Ok(NewRegistration {
            id_sealed: self.rows.seal(&sealed_as, id.as_str().as_bytes()),
            id_hash,
            tool_id: tool.id.clone(),
            issuer: attempt.offer.configuration.issuer.clone(),
            status,
            offer_sealed: self.rows.seal(&id.row(), &plain),
            created_at: now,
            expires_at: now + life_ms,
            invited: attempt.invite_id.is_some(),
        })
    }

    /// Stores a waiting registration, which is available on every replica and survives restarts.
    ///
    /// # Errors
    /// The store failed.
    pub(super) async fn wait(
        &self,
        attempt: &RegistrationAttempt,
        tool: &Tool,
        status: RegistrationStatus,
    ) -> Result<RegistrationId, RegistrationError> {
        let id = RegistrationId::new(self.random.token());
        let row = self.row(attempt, tool, &id, status, WAIT_MS)?;
        if status == RegistrationStatus::Confirm {
            self.make_room(tool, row.invited).await?;
        }
        let insert = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { registrations::insert(&mut tx, row).await })
        });
        insert.await?;
        Ok(id)
    }

    /// Removes the oldest page without a click if there are too many: opening pages must
    /// not keep others out. Strangers can open any number of them, so only theirs make room for
    /// theirs (decision 0429).
    async fn make_room(&self, tool: &Tool, invited: bool) -> Result<(), RegistrationError> {
        let most = i64::from(tool.settings.limits.waiting_registrations);
        if most == 0 {
            return Ok(());
        }
        let tool_id = tool.id.clone();
        let remove = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(
                async move { registrations::make_room(&mut tx, tool_id, most - 1, invited).await },
            )
        });
        remove.await?;
        Ok(())
    }

    /// A waiting registration; `None` if the id is unknown, it has expired, or it is no longer
    /// waiting for this.
    ///
    /// # Errors
    /// The store failed, or one of the platform's addresses is no longer allowed.
    pub(super) async fn waiting(
        &self,
        tool: &Tool,
        id: &RegistrationId,
        status: RegistrationStatus,
    ) -> Result<Option<RegistrationAttempt>, RegistrationError> {
        let (tool_id, now) = (tool.id.clone(), self.clock.now_ms());
        let mut reader = self.db.read().await?;
        let row = registrations::waiting(&mut reader.tx(), id.hash(), tool_id, now).await?;
        let wanted = if status == RegistrationStatus::Confirm {
            "confirm"
        } else {
            "pending"
        };
        let Some(row) = row.filter(|row| row.status == wanted) else {
            return Ok(None);
        };
        let plain = self.rows.open(&id.row(), &row.offer_sealed);
        let waiting: SealedRegistration =
            serde_json::from_slice(&plain.map_err(corrupt)?).map_err(corrupt)?;
        let offer = PlatformOffer::read(waiting.url, waiting.document, waiting.token)?;
        offer.check_addresses(&self.outbound)?;
        Ok(Some(RegistrationAttempt {
            offer,
            preset: waiting.preset,
            invite_id: waiting.invite_id,
        }))
    }

    /// Moves it from waiting for the click to waiting for the tool's decision. Returns false if
    /// another call was faster.
    ///
    /// # Errors
    /// The store failed.
    pub(super) async fn confirmed(
        &self,
        tool: &Tool,
        id: &RegistrationId,
    ) -> Result<bool, RegistrationError> {
        let (hash, tool_id, now) = (id.hash(), tool.id.clone(), self.clock.now_ms());
        let advance = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                registrations::advance(
                    &mut tx,
                    hash,
                    tool_id,
                    RegistrationStatus::Confirm,
                    RegistrationStatus::Pending,
                    now + WAIT_MS,
                    now,
                )
                .await
            })
        });
        Ok(advance.await?)
    }
}

fn corrupt(error: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(error.to_string())
}
