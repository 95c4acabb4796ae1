//! How fast we may write to each platform, in memory, because this is asked each time jobs are
//! taken (grades.md GR-7).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use store::delivery_paces::PaceRow;

use super::rules::reason::DeliveryReason;
use crate::jobs::FAR_MS;

/// After this many consecutive attempts without a useful answer there is an event (GR-28).
pub(super) const FAILING: i64 = 5;
/// How long it takes after a throttle until one more parallel request is allowed, in milliseconds.
const RAISED_MS: i64 = 60_000;

/// What is known about platforms with waiting deliveries. Cloning it is cheap.
#[derive(Clone, Default)]
pub(crate) struct DeliveryPaces(Arc<Mutex<HashMap<String, KnownPace>>>);

/// What is known about a platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KnownPace {
    pub row: PaceRow,
    /// The number of parallel requests allowed by the settings.
    pub parallel: i64,
    /// Whether it is active, with no switch in progress.
    pub is_active: bool,
    /// The consecutive failures that this server found when it first looked.
    pub old_failures: i64,
}

impl KnownPace {
    /// The number of parallel requests allowed now.
    fn room(self, now_ms: i64) -> i64 {
        let row = of_today(self.row, now_ms);
        if !self.is_active || now_ms < row.paused_until {
            return 0;
        }
        parallel(self.parallel, row, now_ms)
    }

    /// Why it takes no scores at the moment, or hardly any, if so. An inactive platform has none to
    /// take: they are held.
    fn obstacle(self, now_ms: i64) -> Option<DeliveryReason> {
        if !self.is_active {
            return None;
        }
        if now_ms < of_today(self.row, now_ms).paused_until {
            return Some(DeliveryReason::Throttled);
        }
        // After a long stop, what was noted before it says nothing about now.
        let has_failed_since = self.row.failures > self.old_failures;
        (has_failed_since && self.row.failures >= FAILING).then_some(DeliveryReason::GaveUp)
    }
}

/// A platform's pace, without the effects of a clock that was ahead: a pause longer than any real
/// one, and a throttle in the future.
pub(super) fn of_today(row: PaceRow, now_ms: i64) -> PaceRow {
    let far = now_ms.saturating_add(FAR_MS);
    let or = |time: i64, other: i64| if time > far { other } else { time };
    PaceRow {
        paused_until: or(row.paused_until, 0),
        throttled_at: or(row.throttled_at, now_ms),
        ..row
    }
}

/// Parallel requests: after a throttle half as many as before, plus one per minute.
fn parallel(allowed: i64, row: PaceRow, now_ms: i64) -> i64 {
    if row.throttled_at == 0 {
        return allowed;
    }
    let raised = now_ms.saturating_sub(row.throttled_at).max(0) / RAISED_MS;
    row.parallel.saturating_add(raised).clamp(1, allowed.max(1))
}

/// The row after a throttle.
pub(super) fn throttled(known: KnownPace, pause: Duration, now_ms: i64) -> PaceRow {
    let pause = i64::try_from(pause.as_millis()).unwrap_or(i64::MAX);
    let row = of_today(known.row, now_ms);
    PaceRow {
        paused_until: row.paused_until.max(now_ms.saturating_add(pause)),
        // Several requests that were in progress count as one throttle.
        parallel: match now_ms < row.paused_until {
            true => row.parallel,
            false => (parallel(known.parallel, row, now_ms) / 2).max(1),
        },
        throttled_at: now_ms,
        ..row
    }
}

impl DeliveryPaces {
    /// The number of parallel requests to a platform allowed now; `None` if nothing is known about
    /// it.
    pub(super) fn room(&self, platform_id: &str, now_ms: i64) -> Option<i64> {
        let known = self.all().get(platform_id).copied();
        known.map(|known| known.room(now_ms))
    }

    /// How long nothing may be sent to a platform.
    pub(super) fn pause(&self, platform_id: &str, now_ms: i64) -> Option<Duration> {
        let row = self.all().get(platform_id)?.row;
        let until = of_today(row, now_ms).paused_until;
        let left = u64::try_from(until.saturating_sub(now_ms)).ok()?;
        (left > 0).then(|| Duration::from_millis(left))
    }

    /// Platforms with waiting deliveries that take none at the moment, or hardly any, and why.
    pub(super) fn taking_nothing(&self, now_ms: i64) -> Vec<(String, DeliveryReason)> {
        let all = self.all();
        let obstacles = all
            .iter()
            .filter_map(|(id, known)| Some((id.clone(), known.obstacle(now_ms)?)));
        obstacles.collect()
    }

    /// What is known about a platform.
    pub(super) fn known(&self, platform_id: &str) -> Option<KnownPace> {
        self.all().get(platform_id).copied()
    }

    /// Stores new information.
    pub(super) fn note(&self, platform_id: &str, known: KnownPace) {
        self.all().insert(platform_id.to_owned(), known);
    }

    /// Stores what was read from the store, unless more is known by now.
    pub(super) fn note_first(&self, platform_id: &str, known: KnownPace) {
        self.all().entry(platform_id.to_owned()).or_insert(known);
    }

    /// Updates all platforms with waiting deliveries from the store. A pause that isn't stored yet
    /// is kept. Returns the platforms that no longer have waiting deliveries.
    pub(super) fn renewed(
        &self,
        mut new: HashMap<String, KnownPace>,
        now_ms: i64,
    ) -> HashMap<String, KnownPace> {
        let mut all = self.all();
        for (id, known) in &mut new {
            if let Some(before) = all.remove(id) {
                if of_today(before.row, now_ms).paused_until > known.row.paused_until {
                    known.row = before.row;
                }
                known.old_failures = before.old_failures.min(known.row.failures);
            }
        }
        std::mem::replace(&mut *all, new)
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, KnownPace>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use test_case::cases;

    use super::*;

    const NOW: i64 = 1_000_000_000;

    fn known(parallel: i64) -> KnownPace {
        KnownPace {
            row: PaceRow::default(),
            parallel,
            is_active: true,
            old_failures: 0,
        }
    }

    #[cases("GR-7")]
    #[test]
    fn a_throttle_pauses_a_platform_and_slows_it_down_for_a_while() {
        let before = known(8);
        assert_eq!(before.room(NOW), 8);
        let row = throttled(before, Duration::from_secs(30), NOW);
        let after = KnownPace { row, ..before };
        assert_eq!(after.room(NOW + 29_999), 0);
        assert_eq!(after.room(NOW + 30_000), 4);
        assert_eq!(after.room(NOW + 60_000), 5);
        assert_eq!(after.room(NOW + 120_000), 6);
        assert_eq!(after.room(NOW + 10 * RAISED_MS), 8);
        // A request that was in progress at the same time doesn't slow it down twice.
        let row = throttled(after, Duration::from_secs(5), NOW + 100);
        assert_eq!((row.parallel, row.paused_until), (4, NOW + 30_000));
        let one = known(1);
        let row = throttled(one, Duration::from_secs(1), NOW);
        assert_eq!(KnownPace { row, ..one }.room(NOW + 1000), 1);
    }

    #[cases("GR-7", "GR-8")]
    #[test]
    fn a_platform_that_takes_nothing_says_why() {
        let reason = |known: KnownPace, at| known.obstacle(at);
        assert_eq!(reason(known(2), NOW), None);
        let row = throttled(known(2), Duration::from_secs(30), NOW);
        let paused = KnownPace { row, ..known(2) };
        assert_eq!(reason(paused, NOW), Some(DeliveryReason::Throttled));
        assert_eq!(reason(paused, NOW + 30_000), None);
        let failures = |failures| {
            let row = PaceRow {
                failures,
                ..PaceRow::default()
            };
            KnownPace { row, ..known(2) }
        };
        assert_eq!(reason(failures(FAILING - 1), NOW), None);
        let failing = failures(FAILING);
        assert_eq!(reason(failing, NOW), Some(DeliveryReason::GaveUp));
        let inactive = KnownPace {
            is_active: false,
            ..failing
        };
        assert_eq!(reason(inactive, NOW), None);
    }

    #[cases("GR-8")]
    #[test]
    fn failures_before_a_start_end_no_score() {
        let stored = |failures| {
            let row = PaceRow {
                failures,
                ..PaceRow::default()
            };
            let found = KnownPace {
                row,
                old_failures: failures,
                ..known(2)
            };
            HashMap::from_iter([("P".to_owned(), found)])
        };
        let paces = DeliveryPaces::default();
        let reason = || paces.taking_nothing(NOW).pop().map(|(_, reason)| reason);
        paces.renewed(stored(FAILING + 2), NOW);
        assert_eq!(reason(), None);
        // Looking again proves nothing; another failure does, on this server or another.
        paces.renewed(stored(FAILING + 2), NOW);
        assert_eq!(reason(), None);
        paces.renewed(stored(FAILING + 3), NOW);
        assert_eq!(reason(), Some(DeliveryReason::GaveUp));
        // After an answer, five in a row count as ever.
        paces.renewed(stored(0), NOW);
        paces.renewed(stored(FAILING - 1), NOW);
        assert_eq!(reason(), None);
        paces.renewed(stored(FAILING), NOW);
        assert_eq!(reason(), Some(DeliveryReason::GaveUp));
    }

    #[cases("GR-11")]
    #[test]
    fn an_inactive_platform_has_no_room() {
        let stopped = KnownPace {
            is_active: false,
            ..known(2)
        };
        let paces = DeliveryPaces::default();
        assert_eq!(paces.room("P", NOW), None);
        paces.note("P", stopped);
        assert_eq!(paces.room("P", NOW), Some(0));
    }

    #[test]
    fn a_pause_of_a_date_that_was_ahead_is_none() {
        const MONTH: i64 = 30 * 24 * 60 * 60 * 1000;
        let row = throttled(known(8), Duration::from_secs(30), NOW + MONTH);
        let ahead = KnownPace { row, ..known(8) };
        let paces = DeliveryPaces::default();
        paces.note("P", ahead);
        assert_eq!(paces.pause("P", NOW), None);
        assert_eq!(paces.room("P", NOW), Some(4));
        let again = throttled(ahead, Duration::from_secs(30), NOW);
        assert_eq!(again.paused_until, NOW + 30_000);
        // Nor does it come back as one that isn't stored yet.
        let stored = HashMap::from_iter([("P".to_owned(), known(8))]);
        paces.renewed(stored, NOW);
        assert_eq!(paces.room("P", NOW), Some(8));
    }

    #[test]
    fn a_pause_that_is_not_stored_yet_stays() {
        let paces = DeliveryPaces::default();
        let row = throttled(known(2), Duration::from_secs(30), NOW);
        paces.note("P", KnownPace { row, ..known(2) });
        let stored = HashMap::from_iter([("P".to_owned(), known(2))]);
        assert!(paces.renewed(stored, NOW).is_empty());
        assert_eq!(paces.pause("P", NOW), Some(Duration::from_secs(30)));
        assert_eq!(paces.renewed(HashMap::new(), NOW).len(), 1);
        assert_eq!(paces.pause("P", NOW), None);
    }
}
