//! Checked every second or two: how fast platforms may be written to, and whether deliveries move
//! at all.

use std::collections::HashMap;

use store::StoreError;
use store::deliveries::{self, HeldPart};
use store::delivery_paces::{self, PaceRow};

use super::Deliveries;
use super::paces::{KnownPace, of_today};
use crate::directory::platforms::Platform;
use crate::directory::switching;
use crate::events::Event;
use crate::jobs::FAR_MS;

/// How long deliveries that neither end nor are held may take before they count as stalled (GR-28),
/// in milliseconds.
const STALLED_MS: i64 = 15 * 60 * 1000;

impl Deliveries {
    /// Checks every platform with waiting deliveries.
    ///
    /// # Errors
    /// The store failed; the next check will find the same.
    pub(crate) async fn look(&self) -> Result<(), StoreError> {
        let waiting = deliveries::waiting_platforms(&mut self.db.read().await?.tx()).await?;
        let mut known = HashMap::with_capacity(waiting.len());
        for id in waiting {
            let Some(platform) = self.platforms.by_id(&id).await? else {
                continue;
            };
            let mut reader = self.db.read().await?;
            let row = delivery_paces::by_platform(&mut reader.tx(), &id).await?;
            // Read after the platform: the transaction that activated it also stored this.
            let is_switching = deliveries::is_switching(&mut reader.tx(), &id).await?;
            drop(reader);
            let row = self.set_right(&id, row.unwrap_or_default()).await?;
            if !is_switching {
                self.look_at(&platform, row).await?;
            }
            known.insert(id, self.pace(&platform, row, is_switching));
        }
        for (id, before) in self.paces.renewed(known, self.clock.now_ms()) {
            if before.row.stalled_at.is_some() {
                self.moves(id).await?;
            }
        }
        Ok(())
    }

    /// Looks up a platform's pace if this server doesn't know it yet, because another server may
    /// have been asked to pause.
    ///
    /// # Errors
    /// The store failed.
    pub(super) async fn know_pace(&self, platform: &Platform) -> Result<(), StoreError> {
        let id = &platform.id;
        if self.paces.known(id).is_none() {
            let mut reader = self.db.read().await?;
            let row = delivery_paces::by_platform(&mut reader.tx(), id).await?;
            let is_switching = deliveries::is_switching(&mut reader.tx(), id).await?;
            drop(reader);
            let pace = self.pace(platform, row.unwrap_or_default(), is_switching);
            self.paces.note_first(id, pace);
            // One job was taken without it; there may be room for more.
            self.jobs.wake();
        }
        Ok(())
    }

    /// Ends a pause that dates from when the clock was ahead.
    async fn set_right(&self, platform_id: &str, row: PaceRow) -> Result<PaceRow, StoreError> {
        let now = self.clock.now_ms();
        let right = of_today(row, now);
        if right == row {
            return Ok(row);
        }
        let (id, far) = (platform_id.to_owned(), now.saturating_add(FAR_MS));
        let set_right = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { delivery_paces::set_right(&mut tx, &id, now, far).await })
        });
        set_right.await?;
        Ok(right)
    }

    /// A platform with a switch in progress has no room until the switch has reached all of its
    /// deliveries. One released early would not get back the time it was held.
    fn pace(&self, platform: &Platform, row: PaceRow, is_switching: bool) -> KnownPace {
        let tool = self.tools.by_id(&platform.tool_id);
        let settings = tool.map(|tool| Self::rules(&tool, platform));
        let settings = settings.unwrap_or_default();
        KnownPace {
            row,
            parallel: i64::from(settings.parallel_per_platform),
            is_active: platform.active && !is_switching,
            // Kept from the first look on (`DeliveryPaces::renewed`).
            old_failures: row.failures,
        }
    }

    /// Reports once if deliveries to a platform are stalled. If the platform is inactive, holds
    /// what no longer moves.
    async fn look_at(&self, platform: &Platform, row: PaceRow) -> Result<(), StoreError> {
        if !platform.active {
            return self.hold_left(&platform.id).await;
        }
        // According to a doubtful clock, everything would be stalled.
        let is_trusted = self.clock.trusted_ms().is_some();
        let (id, now) = (platform.id.clone(), self.clock.now_ms());
        let oldest = deliveries::oldest_moving(&mut self.db.read().await?.tx(), &id).await?;
        let age = oldest.map_or(0, |oldest| now.saturating_sub(oldest));
        match (age > STALLED_MS, row.stalled_at) {
            (true, None) if is_trusted => self.stalls(platform, age, now).await,
            (false, Some(_)) => self.moves(id).await,
            _ => Ok(()),
        }
    }

    /// Holds what a dead server was sending to a platform that was deactivated before other servers
    /// got its jobs: these deliveries have no turn in which they would be held.
    async fn hold_left(&self, platform_id: &str) -> Result<(), StoreError> {
        if !deliveries::is_any_left(&mut self.db.read().await?.tx(), platform_id).await? {
            return Ok(());
        }
        let (id, now) = (platform_id.to_owned(), self.clock.now_ms());
        let hold = self.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                // It may be active again by now.
                if switching::held(&mut tx, &id).await? == Some(false) {
                    let what = HeldPart::Platform(id);
                    deliveries::switch(&mut tx, &what, false, None, now).await?;
                }
                Ok(())
            })
        });
        hold.await
    }

    async fn stalls(&self, platform: &Platform, age: i64, now: i64) -> Result<(), StoreError> {
        let (events, tool_id) = (self.events.clone(), platform.tool_id.clone());
        let platform_id = platform.id.clone();
        tracing::warn!(platform_id, "scores for a platform don't move");
        let tell = self.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                // Of several servers, only one reports it.
                if delivery_paces::stalled(&mut tx, &platform_id, now).await? {
                    let event = Event::DeliveriesStalled {
                        platform_id,
                        oldest_seconds: age / 1000,
                    };
                    events.record(&mut tx, &tool_id, &event).await?;
                }
                Ok(())
            })
        });
        tell.await?;
        self.events.committed();
        Ok(())
    }

    async fn moves(&self, platform_id: String) -> Result<(), StoreError> {
        let moves = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { delivery_paces::moves(&mut tx, &platform_id).await })
        });
        moves.await.map(drop)
    }
}
