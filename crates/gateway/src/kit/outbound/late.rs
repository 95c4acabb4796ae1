//! Exchanges with services that take long. They may occupy only a part of their slots, so that
//! strangers' platforms leave the rest to everyone else's (decision 0527).

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use super::error::OutboundError;
use super::slots::{ExchangeSlot, ExchangeSlots, LookUpSlot, Purpose, TakenSeats};
use crate::kit::clock::Stopwatch;

/// How long an exchange with a service may take before it counts as slow, unless a test sets
/// another limit.
pub const QUICK_SERVICES: Duration = Duration::from_secs(3);

/// The slot of an exchange under way.
pub(super) struct OccupiedSlot {
    slot: ExchangeSlot,
    /// `None` if it makes no difference, or no longer, how long the exchange takes.
    watch: Option<SlotWatch>,
    /// Its seat among the slow ones, unless it was part of the slot from the start.
    slow_seat: Option<TakenSeats>,
}

/// What decides when an exchange counts as slow, and what becomes of it then.
pub(super) struct SlotWatch {
    pub(super) slots: Arc<ExchangeSlots>,
    pub(super) purpose: Purpose,
    pub(super) source: Option<String>,
    pub(super) began: Stopwatch,
    pub(super) quick: Duration,
    /// Whether it may be broken off: it changes nothing at the other side.
    pub(super) may_end: bool,
}

impl OccupiedSlot {
    pub(super) fn new(slot: ExchangeSlot, watch: SlotWatch) -> Self {
        let is_limited = watch.purpose.slow_at_once().is_some();
        Self {
            slot,
            watch: is_limited.then_some(watch),
            slow_seat: None,
        }
    }

    pub(super) fn look_up(&self) -> LookUpSlot {
        self.slot.look_up()
    }

    /// Awaits a part of the exchange.
    ///
    /// # Errors
    /// [`OutboundError::Busy`] if the exchange has become slow, too many slow ones are under way,
    /// and it may be broken off.
    pub(super) async fn during<T>(
        &mut self,
        part: impl Future<Output = T>,
    ) -> Result<T, OutboundError> {
        let mut part = pin!(part);
        if let Some(watch) = &self.watch {
            let left = watch.quick.saturating_sub(watch.began.elapsed());
            if !left.is_zero()
                && let Ok(done) = tokio::time::timeout(left, part.as_mut()).await
            {
                return Ok(done);
            }
            self.become_slow()?;
        }
        Ok(part.await)
    }

    fn become_slow(&mut self) -> Result<(), OutboundError> {
        let Some(watch) = self.watch.take() else {
            return Ok(());
        };
        if let Some(source) = &watch.source {
            watch.slots.slow.insert(source);
        }
        if self.slot.is_slow() {
            return Ok(());
        }
        self.slow_seat = watch.slots.slow_seat(watch.purpose);
        match &self.slow_seat {
            None if watch.may_end => Err(OutboundError::Busy),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use test_case::cases;

    use super::*;

    const MOMENT: Duration = Duration::from_millis(20);

    async fn taken(slots: &ExchangeSlots, host: &str, platform: &str) -> Option<ExchangeSlot> {
        let purpose = Purpose::Service;
        slots.take(purpose, host, Some(platform), MOMENT).await
    }

    /// An exchange of a platform that has taken too long by now, unless it had no slot.
    async fn slow(
        slots: &Arc<ExchangeSlots>,
        slot: ExchangeSlot,
        platform: &str,
        may_end: bool,
    ) -> Result<OccupiedSlot, OutboundError> {
        let watch = SlotWatch {
            slots: slots.clone(),
            purpose: Purpose::Service,
            source: Some(platform.to_owned()),
            began: Stopwatch::start(),
            quick: Duration::ZERO,
            may_end,
        };
        let mut occupied = OccupiedSlot::new(slot, watch);
        occupied.during(async {}).await?;
        Ok(occupied)
    }

    /// Every slot for services, taken by eight platforms at hosts of their own.
    async fn all_taken(slots: &ExchangeSlots) -> Vec<(String, ExchangeSlot)> {
        let mut all = Vec::new();
        for number in 0..8 {
            let platform = format!("slow{number}");
            for _ in 0..8 {
                let slot = taken(slots, &platform, &platform).await.unwrap();
                all.push((platform.clone(), slot));
            }
        }
        assert!(taken(slots, "honest", "honest").await.is_none());
        all
    }

    #[cases("I-10")]
    #[tokio::test]
    async fn slow_services_leave_half_of_the_slots() {
        let slots = Arc::<ExchangeSlots>::default();
        let (mut kept, mut broken_off) = (Vec::new(), 0);
        for (platform, slot) in all_taken(&slots).await {
            match slow(&slots, slot, &platform, true).await {
                Ok(occupied) => kept.push(occupied),
                Err(error) => {
                    assert!(matches!(error, OutboundError::Busy));
                    broken_off += 1;
                }
            }
        }
        assert_eq!((kept.len(), broken_off), (32, 32));
        assert!(taken(&slots, "honest", "honest").await.is_some());
        // This platform has none under way, but those before were slow.
        assert!(taken(&slots, "slow7", "slow7").await.is_none());
        kept.pop();
        let again = taken(&slots, "slow7", "slow7").await.unwrap();
        assert!(again.is_slow());
        assert!(taken(&slots, "slow7", "slow7").await.is_none());
        let again = slow(&slots, again, "slow7", true).await;
        assert!(again.is_ok(), "it has its seat already");
    }

    /// What it changes may have been done.
    #[tokio::test]
    async fn a_slow_change_is_not_broken_off() {
        let slots = Arc::<ExchangeSlots>::default();
        let mut kept = Vec::new();
        for (platform, slot) in all_taken(&slots).await {
            kept.push(slow(&slots, slot, &platform, false).await.unwrap());
        }
        assert_eq!(kept.len(), 64);
        drop(kept);
        let again = taken(&slots, "slow0", "slow0").await.unwrap();
        assert!(again.is_slow(), "it is remembered all the same");
    }

    #[cases("I-10")]
    #[tokio::test]
    async fn a_platform_has_eight_slots_at_all_hosts_together() {
        let slots = ExchangeSlots::default();
        let mut held = Vec::new();
        for number in 0..8 {
            let host = format!("host{number}");
            held.push(taken(&slots, &host, "one").await.unwrap());
        }
        assert!(taken(&slots, "host8", "one").await.is_none());
        assert!(taken(&slots, "host8", "other").await.is_some());
        held.pop();
        assert!(taken(&slots, "host8", "one").await.is_some());
    }
}
