//! Stops by an operator: an inactive platform or deployment, or the revoked service keys of a place
//! (grades.md GR-11). They may change while an attempt is in progress
//! (docs/decisions/0303-an-attempt-heeds-what-happened-meanwhile.md).

use store::deliveries::{self, DeliveryRow, DeliveryState, SettledDelivery};
use store::deployments::{self, DeploymentStatus};
use store::service_places::{self, ServicePlaceRow};
use store::{StoreError, Tx, platforms};

use super::Deliveries;
use super::rules::reason::DeliveryReason;
use super::settled::{held_event, waiting};
use crate::directory::standing::Stopped;
use crate::events::Event;

/// The pause, in milliseconds, before trying a delivery that was released in the store but not yet
/// in this server's caches, which learn about changes every second.
const HEARD_MS: i64 = 1_000;

impl Deliveries {
    /// Why nothing may be sent now, by this server's caches and the delivery's place.
    pub(super) async fn stopped(
        &self,
        row: &DeliveryRow,
        place: Option<&ServicePlaceRow>,
    ) -> Result<Option<DeliveryReason>, StoreError> {
        let (platform, deployment) = (&row.platform_id, &row.deployment_id);
        match self.platforms.standing(platform, deployment).await? {
            Ok(_) => {}
            Err(Stopped::Platform) => return Ok(Some(DeliveryReason::PlatformInactive)),
            Err(Stopped::Deployment) => return Ok(Some(DeliveryReason::DeploymentInactive)),
        }
        Ok(revoked(row, place))
    }

    /// Whether an operator has stopped it since its attempt began: reading a gradebook may take
    /// minutes. Then nothing more is sent, and settling the attempt holds it.
    pub(super) async fn is_stopped_meanwhile(&self, row: &DeliveryRow) -> Result<bool, StoreError> {
        let mut place = None;
        if row.key_issued_at.is_some() {
            let mut reader = self.db.read().await?;
            place = service_places::by_id(&mut reader.tx(), row.place_id.clone()).await?;
        }
        Ok(self.stopped(row, place.as_ref()).await?.is_some())
    }

    /// Why nothing may be sent, according to the store. It stays true until the transaction ends,
    /// because stopping or releasing deliveries of a platform locks the platform's row
    /// ([`crate::directory::switching`]).
    pub(super) async fn stopped_by_now(
        &self,
        tx: &mut Tx<'_>,
        row: &DeliveryRow,
    ) -> Result<Option<DeliveryReason>, StoreError> {
        let id = &row.platform_id;
        platforms::keep(tx, id).await?;
        let Some(platform) = platforms::by_id(tx, id.clone()).await? else {
            // The delivery was removed with it.
            return Ok(None);
        };
        if !platform.active {
            return Ok(Some(DeliveryReason::PlatformInactive));
        }
        let deployment = deployments::one(tx, id.clone(), row.deployment_id.clone()).await?;
        if deployment.is_none_or(|one| one.status != DeploymentStatus::Active) {
            return Ok(Some(DeliveryReason::DeploymentInactive));
        }
        if row.key_issued_at.is_none() {
            return Ok(None);
        }
        let place = service_places::by_id(tx, row.place_id.clone()).await?;
        Ok(revoked(row, place.as_ref()))
    }

    /// Applies to a delivery that is about to wait whatever happened since its attempt began. An
    /// operator who stopped or released it, or requested another attempt, could neither hold its
    /// row nor hasten its job. Returns when it is due, if that is sooner than the attempt's outcome
    /// says.
    pub(super) async fn heed(
        &self,
        tx: &mut Tx<'_>,
        row: &DeliveryRow,
        settled: &mut SettledDelivery,
        events: &mut Vec<Event>,
    ) -> Result<Option<i64>, StoreError> {
        let sooner = self.heed_stops(tx, row, settled, events).await?;
        let Some(asked) = asked_since(tx, row).await? else {
            return Ok(sooner);
        };
        let now = self.clock.now_ms();
        settled.give_up_at = asked.give_up_at;
        if settled.state == DeliveryState::Held && asked.held_since.is_none() {
            // The days of its wait start over, as if it had been retried before the attempt.
            settled.held_since = Some(now);
        }
        settled.next_attempt_at = settled.next_attempt_at.map(|at| at.min(now));
        Ok(sooner.or(Some(now)))
    }

    async fn heed_stops(
        &self,
        tx: &mut Tx<'_>,
        row: &DeliveryRow,
        settled: &mut SettledDelivery,
        events: &mut Vec<Event>,
    ) -> Result<Option<i64>, StoreError> {
        let now = self.clock.now_ms();
        let before = settled.reason.and_then(DeliveryReason::named);
        let was_stopped = before.is_some_and(DeliveryReason::is_stop);
        match self.stopped_by_now(tx, row).await? {
            // It already waits for something else, and is stopped at its next turn.
            Some(_) if settled.state == DeliveryState::Held && !was_stopped => Ok(None),
            Some(reason) => {
                events.extend(held_event(row, reason));
                settled.state = DeliveryState::Held;
                settled.reason = Some(reason.code());
                settled.held_since = settled.held_since.or(Some(now));
                settled.next_attempt_at = None;
                Ok(None)
            }
            None if was_stopped => {
                // As if it had been released while it waited: the time on hold doesn't count.
                let held_ms = settled.held_since.map_or(0, |since| (now - since).max(0));
                let next_at = now.saturating_add(HEARD_MS);
                settled.state = waiting(settled.unsure);
                settled.reason = None;
                settled.held_since = None;
                settled.give_up_at = settled.give_up_at.saturating_add(held_ms);
                settled.next_attempt_at = Some(next_at);
                Ok(Some(next_at))
            }
            None => Ok(None),
        }
    }
}

/// The current row of a delivery, if another attempt was requested since it was read. During an
/// attempt, only a retry or a release changes its time limit.
///
/// # Errors
/// The store failed.
pub(super) async fn asked_since(
    tx: &mut Tx<'_>,
    row: &DeliveryRow,
) -> Result<Option<DeliveryRow>, StoreError> {
    let stands = deliveries::by_id(tx, row.id.clone()).await?;
    Ok(stands.filter(|stands| stands.give_up_at != row.give_up_at))
}

/// Whether the service key that brought a delivery is revoked.
fn revoked(row: &DeliveryRow, place: Option<&ServicePlaceRow>) -> Option<DeliveryReason> {
    let issued = row.key_issued_at?;
    // Of a launch that was taken while the date was ahead, only the revocation itself tells.
    let was_held = row.reason.as_deref() == Some(DeliveryReason::ServiceKeyRevoked.code());
    let is_revoked = place.is_some_and(|place| {
        let revoked = place.revoked_at;
        let revoked = revoked.filter(|revoked| was_held || issued <= *revoked);
        // A newer key for the place shows that the application may continue there.
        revoked.is_some_and(|revoked| place.last_used_at.is_none_or(|used| used <= revoked))
    });
    is_revoked.then_some(DeliveryReason::ServiceKeyRevoked)
}
