//! Ends scores whose time is over although they have no turn: while a platform takes none, only a
//! few are tried (docs/decisions/0465-a-score-without-a-turn-expires.md).

use store::deliveries::{self, DeliveryState, Expiry};
use store::{BatchProgress, StoreError, Tx};

use super::lanes::LastNote;
use super::rules::reason::DeliveryReason;
use super::settled::event;
use super::work::KEPT_MS;
use super::{DAY_MS, Deliveries};
use crate::directory::switching;
use crate::events::EventType;

/// How the overdue scores of a platform end.
#[derive(Clone)]
struct OverdueEnd {
    platform_id: String,
    reason: DeliveryReason,
    expiry: Expiry,
}

impl Deliveries {
    /// Ends the overdue scores of all platforms that take none at the moment. The others are left
    /// to their turns: one that is sent late is better than none. Nothing ends by a doubtful date.
    ///
    /// # Errors
    /// The store failed for at least one platform; the next call continues.
    pub(crate) async fn end_overdue(&self) -> Result<(), StoreError> {
        let Some(now) = self.clock.trusted_ms() else {
            return Ok(());
        };
        let mut all = Ok(());
        for (platform_id, reason) in self.paces.taking_nothing(now) {
            all = all.and(self.end_overdue_of(platform_id, reason, now).await);
        }
        all
    }

    async fn end_overdue_of(
        &self,
        platform_id: String,
        reason: DeliveryReason,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let mut reader = self.db.read().await?;
        let is_any = deliveries::is_any_overdue(&mut reader.tx(), &platform_id, now_ms).await?;
        drop(reader);
        if !is_any {
            return Ok(());
        }
        let Some(platform) = self.platforms.by_id(&platform_id).await? else {
            return Ok(());
        };
        let Some(tool) = self.tools.by_id(&platform.tool_id) else {
            return Ok(());
        };
        let kept = i64::from(Self::rules(&tool, &platform).keep_days) * DAY_MS;
        let end = OverdueEnd {
            platform_id,
            reason,
            expiry: Expiry {
                reason: reason.code(),
                now_ms,
                delete_at: now_ms.saturating_add(kept),
                delete_job_at: now_ms.saturating_add(KEPT_MS),
            },
        };
        let room = self.clone();
        let sweep = self.db.sweep_in_order(move |mut tx, most, from| {
            let (room, end) = (room.clone(), end.clone());
            Box::pin(async move { room.end_some(&mut tx, &end, from, most).await })
        });
        let swept = sweep.await;
        self.events.committed();
        self.jobs.wake();
        swept.map(drop)
    }

    /// Ends up to `most` of them. Several whose time ends in the same millisecond may be left for
    /// the next call, as is what waits behind another score of its lane.
    async fn end_some(
        &self,
        tx: &mut Tx<'_>,
        end: &OverdueEnd,
        after: i64,
        most: i64,
    ) -> Result<BatchProgress, StoreError> {
        let id = &end.platform_id;
        // Keeps out other servers, and requests that retry, hold or release its scores.
        let is_active = switching::held(tx, id).await? == Some(true);
        if !is_active || deliveries::is_switching(tx, id).await? {
            return Ok(BatchProgress {
                rows: 0,
                until: after,
            });
        }
        let found = deliveries::overdue(tx, id, (after, end.expiry.now_ms), most).await?;
        let (mut ended, mut notes) = (Vec::new(), Vec::new());
        for row in &found {
            if deliveries::expire(tx, row, end.expiry).await? {
                // What may have arrived must not look like someone else's grade later.
                notes.extend(self.note_of_unsure(row));
                ended.push(row);
            }
        }
        // In the order of the lanes, so that two transactions can't deadlock.
        notes.sort_by_cached_key(|note: &LastNote| note.lanes.first().map(|key| key.lane.clone()));
        for note in &notes {
            self.note(tx, note).await?;
        }
        let (kind, state) = (EventType::GradeRefused, DeliveryState::Expired);
        for row in ended {
            let refused = event(row, kind, state, Some(end.reason));
            self.events.record(tx, &row.tool_id, &refused).await?;
        }
        Ok(BatchProgress {
            rows: u64::try_from(found.len()).unwrap_or(u64::MAX),
            until: found.last().map_or(after, |row| row.give_up_at),
        })
    }
}
