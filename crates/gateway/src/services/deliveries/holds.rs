//! How long a score waits for a person to fix what the platform complained about: a student to
//! enrol, a course to reopen, a teacher to restore a line item (grades.md GR-10, GR-24).

use store::deliveries::{DeliveryRow, DeliveryState, SettledDelivery};

use super::DAY_MS;
use super::attempting::DeliveryAttempt;
use super::rules::reason::DeliveryReason;

/// The longest a score may wait, however often a platform changes its mind, in milliseconds: a
/// term, and the break before it.
const LONGEST_MS: i64 = 200 * DAY_MS;

/// When an attempt was made, in milliseconds since 1970.
#[derive(Clone, Copy)]
pub(super) struct AttemptTime {
    pub now: i64,
    /// The same, if the clock can be trusted.
    pub trusted: Option<i64>,
}

/// Until when a refusal counts as temporary: this many days after the score was accepted, or
/// retried on demand. Time during which nothing could be tried, because an operator had stopped the
/// platform, doesn't count. The wait begins no later than the first refusal, because a clock that
/// was ahead when the score arrived would otherwise make it years.
pub(super) fn until(of: &DeliveryAttempt, days: i64, at: AttemptTime) -> i64 {
    let patience = i64::try_from(of.settings.patience().as_millis()).unwrap_or(i64::MAX);
    from(&of.row, patience, at)
        .saturating_add(days.saturating_mul(DAY_MS))
        .min(of.row.created_at.saturating_add(LONGEST_MS))
}

/// When the days of a wait start.
fn from(row: &DeliveryRow, patience: i64, at: AttemptTime) -> i64 {
    let stopped_ms = match (is_stopped(row), row.held_since) {
        (true, Some(since)) => at.now.saturating_sub(since).max(0),
        _ => 0,
    };
    // Every hold moves the time limit, so the limit reflects them.
    let give_up_at = row.give_up_at.saturating_add(stopped_ms);
    let from = give_up_at.saturating_sub(patience).max(row.created_at);
    from.min(since(row, at))
}

/// Since when it has been waiting for this reason. An earlier hold by an operator was a different
/// one.
pub(super) fn since(row: &DeliveryRow, at: AttemptTime) -> i64 {
    match row.held_since {
        Some(since) if !is_stopped(row) => at.trusted.map_or(since, |today| since.min(today)),
        _ => at.now,
    }
}

/// The time limit once it waits for this reason: an operator's earlier hold is added, but the wait
/// itself isn't yet.
pub(super) fn give_up_at(row: &DeliveryRow, with_hold: i64) -> i64 {
    if is_stopped(row) {
        with_hold
    } else {
        row.give_up_at
    }
}

/// The platform's reason why a delivery was held when its attempt began, if it was.
pub(super) fn reason(row: &DeliveryRow) -> Option<DeliveryReason> {
    let held = row.reason.as_deref();
    let held = held.filter(|_| row.state == DeliveryState::Held);
    let reason = held.and_then(DeliveryReason::named);
    reason.filter(|reason| !reason.is_stop())
}

/// A delivery that was held stays so if its attempt said nothing about it: the days of its wait go
/// on, and there is no second event.
pub(super) fn stay(row: &DeliveryRow, settled: SettledDelivery) -> SettledDelivery {
    let Some(reason) = reason(row) else {
        return settled;
    };
    SettledDelivery {
        state: DeliveryState::Held,
        reason: Some(reason.code()),
        give_up_at: row.give_up_at,
        held_since: row.held_since,
        ..settled
    }
}

/// Whether it is held because of an operator's action.
fn is_stopped(row: &DeliveryRow) -> bool {
    let reason = row.reason.as_deref().and_then(DeliveryReason::named);
    reason.is_some_and(DeliveryReason::is_stop)
}

#[cfg(test)]
mod tests {
    use test_case::cases;

    use super::*;

    const PATIENCE: i64 = 3 * DAY_MS;
    const NOW: i64 = 100 * DAY_MS;

    /// A score that was accepted a day ago, and is held for this reason.
    fn row(held: Option<(DeliveryReason, i64)>) -> DeliveryRow {
        DeliveryRow {
            id: "D".into(),
            tool_id: "T".into(),
            platform_id: "P".into(),
            deployment_id: "1".into(),
            context_id: None,
            lane: "L".into(),
            seq: 1,
            line_item_key: "I".into(),
            user_key: "U".into(),
            place_id: "A".into(),
            key_issued_at: None,
            job_id: "J".into(),
            state: DeliveryState::Queued,
            reason: held.map(|(reason, _)| reason.code().to_owned()),
            unsure: false,
            failures: 0,
            details_sealed: Vec::new(),
            body_sealed: None,
            attempts_sealed: None,
            note: None,
            created_at: NOW - DAY_MS,
            next_attempt_at: None,
            give_up_at: NOW - DAY_MS + PATIENCE,
            held_since: held.map(|(_, since)| since),
            delivered_at: None,
            ended_at: None,
            superseded_by: None,
            deduplicated: false,
        }
    }

    fn at(now: i64) -> AttemptTime {
        AttemptTime {
            now,
            trusted: Some(now),
        }
    }

    #[cases("GR-10", "GR-11")]
    #[test]
    fn what_an_operator_stopped_is_not_counted_as_a_wait() {
        let began = NOW - DAY_MS;
        assert_eq!(from(&row(None), PATIENCE, at(NOW)), began);
        let waits = row(Some((DeliveryReason::NotEnrolled, NOW)));
        let later = at(NOW + 6 * DAY_MS);
        assert_eq!(from(&waits, PATIENCE, later), began, "it goes on");
        // After eight days without the platform: the wait begins with the first refusal after them,
        // minus the day before.
        let stopped = row(Some((DeliveryReason::PlatformInactive, NOW)));
        let active = at(NOW + 8 * DAY_MS);
        assert_eq!(from(&stopped, PATIENCE, active), active.now - DAY_MS);
        assert_eq!(since(&stopped, active), active.now);
        assert_eq!(give_up_at(&stopped, 5), 5);
        assert_eq!(give_up_at(&waits, 5), waits.give_up_at);
    }

    #[cases("GR-10")]
    #[test]
    fn a_date_that_was_ahead_makes_no_wait_of_years() {
        const YEAR: i64 = 365 * DAY_MS;
        let ahead = |held| DeliveryRow {
            created_at: NOW + YEAR,
            give_up_at: NOW + YEAR + PATIENCE,
            ..row(held)
        };
        assert_eq!(from(&ahead(None), PATIENCE, at(NOW)), NOW);
        let waits = ahead(Some((DeliveryReason::NotEnrolled, NOW)));
        assert_eq!(from(&waits, PATIENCE, at(NOW + DAY_MS)), NOW);
        let waits = ahead(Some((DeliveryReason::NotEnrolled, NOW + YEAR)));
        assert_eq!(since(&waits, at(NOW)), NOW, "it is set right");
    }
}
