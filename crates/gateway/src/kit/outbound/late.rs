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
    /// How much longer the other side may take before the exchange is slow. What our own caller
    /// takes between two parts doesn't count.
    pub(super) left: Duration,
    /// Whether it changes nothing at the other side, so that it may be broken off.
    pub(super) is_read: bool,
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
        if let Some(watch) = &mut self.watch {
            let part_began = Stopwatch::start();
            // A part that has arrived already is taken even if no time is left.
            if let Ok(done) = tokio::time::timeout(watch.left, part.as_mut()).await {
                watch.left = watch.left.saturating_sub(part_began.elapsed());
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
        if let Some(source) = &watch.source
            && watch.slots.slow.insert(source)
        {
            tracing::info!(platform_id = source, "a platform's services are slow");
        }
        if self.slot.is_slow() {
            return Ok(());
        }
        self.slow_seat = watch.slots.slow_seat(watch.purpose, watch.is_read);
        match &self.slow_seat {
            None if watch.is_read => Err(OutboundError::Busy),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use futures_util::FutureExt;
    use test_case::cases;

    use super::*;
    use crate::kit::outbound::slots::SlotRequest;

    const MOMENT: Duration = Duration::from_millis(20);

    async fn taken(slots: &ExchangeSlots, host: &str, platform: &str) -> Option<ExchangeSlot> {
        let purpose = Purpose::Service;
        slots.take(purpose, host, Some(platform), MOMENT).await
    }

    /// An exchange of a platform that is slow after this time.
    fn occupied(
        slots: &Arc<ExchangeSlots>,
        slot: ExchangeSlot,
        platform: &str,
        left: Duration,
    ) -> OccupiedSlot {
        let watch = SlotWatch {
            slots: slots.clone(),
            purpose: Purpose::Service,
            source: Some(platform.to_owned()),
            left,
            is_read: true,
        };
        OccupiedSlot::new(slot, watch)
    }

    /// An exchange of a platform that has taken too long by now, unless it had no slot.
    fn slow(
        slots: &Arc<ExchangeSlots>,
        slot: ExchangeSlot,
        platform: &str,
        is_read: bool,
    ) -> Result<OccupiedSlot, OutboundError> {
        let mut occupied = occupied(slots, slot, platform, Duration::ZERO);
        if let Some(watch) = &mut occupied.watch {
            watch.is_read = is_read;
        }
        occupied.become_slow()?;
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
            match slow(&slots, slot, &platform, true) {
                Ok(occupied) => kept.push(occupied),
                Err(error) => {
                    assert!(matches!(error, OutboundError::Busy));
                    broken_off += 1;
                }
            }
        }
        assert_eq!((kept.len(), broken_off), (24, 40));
        assert!(taken(&slots, "honest", "honest").await.is_some());
        // This platform has none under way, but those before were slow.
        assert!(taken(&slots, "slow7", "slow7").await.is_none());
        kept.pop();
        let again = taken(&slots, "slow7", "slow7").await.unwrap();
        assert!(again.is_slow());
        assert!(taken(&slots, "slow7", "slow7").await.is_none());
        let again = slow(&slots, again, "slow7", true);
        assert!(again.is_ok(), "it has its seat already");
    }

    /// What it changes may have been done.
    #[tokio::test]
    async fn a_slow_change_is_not_broken_off() {
        let slots = Arc::<ExchangeSlots>::default();
        let mut kept = Vec::new();
        for (platform, slot) in all_taken(&slots).await {
            kept.push(slow(&slots, slot, &platform, false).unwrap());
        }
        assert_eq!(kept.len(), 64);
        drop(kept);
        let again = taken(&slots, "slow0", "slow0").await.unwrap();
        assert!(again.is_slow(), "it is remembered all the same");
    }

    /// Every seat for slow exchanges that only read.
    fn all_for_reads(slots: &ExchangeSlots) -> Vec<TakenSeats> {
        let seats = std::iter::from_fn(|| slots.slow_seat(Purpose::Service, true));
        let seats: Vec<_> = seats.collect();
        assert_eq!(seats.len(), 24);
        seats
    }

    /// A roster over three seconds doesn't delay the platform's scores.
    #[tokio::test]
    async fn slow_rosters_leave_room_for_scores() {
        let slots = ExchangeSlots::default();
        let held = all_for_reads(&slots);
        slots.slow.insert("remembered");
        let take = |is_read| {
            let request = SlotRequest {
                purpose: Purpose::Service,
                host: "host",
                source: Some("remembered"),
                is_read,
            };
            slots.take_for(request, MOMENT)
        };
        assert!(take(true).await.is_none());
        let mut scores = Vec::new();
        for _ in 0..8 {
            scores.push(take(false).await.unwrap());
        }
        drop(held);
        assert!(take(true).await.is_none(), "it has eight slots");
        scores.pop();
        assert!(take(true).await.is_some());
    }

    /// The host may be one that many schools share.
    #[tokio::test]
    async fn a_slow_platform_waits_outside_of_its_host() {
        let slots = ExchangeSlots::default();
        let _held = all_for_reads(&slots);
        slots.slow.insert("remembered");
        let patience = Duration::from_secs(60);
        let take = || slots.take(Purpose::Service, "honest", Some("remembered"), patience);
        let mut waiting: Vec<_> = (0..8).map(|_| Box::pin(take())).collect();
        for wait in &mut waiting {
            assert!(wait.now_or_never().is_none(), "it waits");
        }
        assert!(taken(&slots, "honest", "honest").await.is_some());
    }

    #[tokio::test]
    async fn only_the_other_side_makes_an_exchange_slow() {
        let slots = Arc::<ExchangeSlots>::default();
        let _held = all_for_reads(&slots);
        let slot = taken(&slots, "one", "one").await.unwrap();
        let mut reader = occupied(&slots, slot, "one", MOMENT);
        assert!(reader.during(async {}).await.is_ok());
        // Our own caller takes its time.
        tokio::time::sleep(2 * MOMENT).await;
        assert!(reader.during(async {}).await.is_ok());
        assert!(!slots.slow.contains("one"));
        let slot = taken(&slots, "other", "other").await.unwrap();
        let mut late = occupied(&slots, slot, "other", Duration::ZERO);
        assert!(late.during(async {}).await.is_ok(), "it has arrived");
        let never = late.during(std::future::pending::<()>()).await;
        assert!(matches!(never, Err(OutboundError::Busy)));
        assert!(slots.slow.contains("other"));
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
