//! The outcome of an attempt, as rows: the delivery's state, the last delivery, the platform's
//! pace, and events. Everything is written in the transaction that settles the job.

use std::time::Duration;

use futures_util::FutureExt;
use store::deliveries::{DeliveryRow, DeliveryState, SettledDelivery};
use store::delivery_paces::PaceRow;

use super::attempting::{AttemptEnd, AttemptFate, DeliveryAttempt};
use super::details::{self, DeliveryTarget};
use super::holds::{self, AttemptTime};
use super::identities::attempts_identity;
use super::lanes::NotedFate;
use super::paces::{KnownPace, throttled};
use super::rules::body::ScoreBody;
use super::rules::reason::DeliveryReason;
use super::settled::{PaceChange, SettleWrites, event, held_event, over, unchanged, waiting};
use super::stops::asked_since;
use super::{DAY_MS, Deliveries};
use crate::events::EventType;
use crate::jobs::{AttemptNote, JobEnding, JobOutcome, Schedule, with_attempt};
use crate::settings::grades::LineItemGone;

/// How soon to check an inactive platform or a revoked key again, whatever happens.
const CHECKED_AFTER: Duration = Duration::from_secs(60 * 60);
/// How soon to retry a delivery that was not tried for a reason on our side.
const A_MOMENT: Duration = Duration::from_secs(5);
/// How many days a score waits for a missing line item, or for a person to choose one.
const LINE_ITEM_DAYS: i64 = 7;
/// How long an unreadable delivery is shown, in milliseconds.
const UNREADABLE_MS: i64 = 30 * DAY_MS;

/// When a delivery is retried.
struct NextAttempt {
    /// How many attempts have counted.
    failures: i64,
    at: i64,
}

impl Deliveries {
    /// A delivery that may not be sent now waits; nothing was tried.
    pub(super) fn stopped_outcome(&self, row: &DeliveryRow, reason: DeliveryReason) -> JobOutcome {
        let now = self.clock.now_ms();
        let settled = SettledDelivery {
            state: DeliveryState::Held,
            reason: Some(reason.code()),
            held_since: row.held_since.or(Some(now)),
            next_attempt_at: None,
            ..unchanged(row)
        };
        let writes = SettleWrites {
            waits: Some(row.clone()),
            ..self.writes(row, settled)
        };
        self.writing(JobEnding::Postponed(CHECKED_AFTER), writes)
    }

    /// A delivery that can't be read ends.
    pub(super) fn unreadable_outcome(&self, row: &DeliveryRow) -> JobOutcome {
        let (now, reason) = (self.clock.now_ms(), DeliveryReason::NotReadable);
        let settled = SettledDelivery {
            state: DeliveryState::Refused,
            reason: Some(reason.code()),
            next_attempt_at: None,
            ended_at: Some(now),
            delete_at: Some(now.saturating_add(UNREADABLE_MS)),
            ..unchanged(row)
        };
        let refused = event(
            row,
            EventType::GradeRefused,
            DeliveryState::Refused,
            Some(reason),
        );
        let writes = SettleWrites {
            events: vec![refused],
            ..self.writes(row, settled)
        };
        self.writing(JobEnding::Refused(reason.code()), writes)
    }

    /// What becomes of a delivery and its job.
    pub(super) fn outcome(
        &self,
        of: &DeliveryAttempt,
        end: AttemptEnd,
        took: (i64, u64),
    ) -> JobOutcome {
        let row = &of.row;
        let AttemptEnd { fate, note, remark } = end;
        let note = AttemptNote {
            host: self.failed_host(of, note.outcome),
            ..note
        };
        let identity = attempts_identity(&row.id);
        let before = row.attempts_sealed.as_deref();
        let attempts = match &fate {
            AttemptFate::Nothing | AttemptFate::NotTried => row.attempts_sealed.clone(),
            _ => Some(with_attempt(&self.rows, &identity, before, took, note)),
        };
        let base = SettledDelivery {
            attempts_sealed: attempts,
            note: remark.or_else(|| row.note.clone()),
            held_since: None,
            give_up_at: give_up_at(of, self.clock.now_ms(), self.clock.trusted_ms()),
            reason: None,
            ..unchanged(row)
        };
        let writes = self.writes(row, base);
        match fate {
            AttemptFate::Delivered(body, reason) => self.delivered(of, writes, &body, reason),
            AttemptFate::Superseded(reason) => {
                self.ended(of, writes, DeliveryState::Superseded, reason)
            }
            AttemptFate::Replaced(by) => {
                let mut writes = writes;
                writes.settled.superseded_by = Some(by);
                self.ended(
                    of,
                    writes,
                    DeliveryState::Superseded,
                    DeliveryReason::NewerScore,
                )
            }
            AttemptFate::Refused(reason) => match held_until(of, reason, self.attempt_time()) {
                Some(until) => self.held(of, writes, reason, until),
                None => self.ended(of, writes, DeliveryState::Refused, reason),
            },
            AttemptFate::Held(reason) => {
                let until = holds::until(of, LINE_ITEM_DAYS, self.attempt_time());
                self.held(of, writes, reason, until)
            }
            AttemptFate::Throttled(pause) => self.paused(of, writes, pause),
            AttemptFate::NotTaken => self.again(of, writes, row.unsure, PaceChange::Failed),
            AttemptFate::NotShown => self.again(of, writes, row.unsure, PaceChange::Same),
            AttemptFate::Unknown => self.again(of, writes, true, PaceChange::Failed),
            AttemptFate::NotTried => self.postponed(row, writes),
            AttemptFate::Nothing => JobOutcome::new(JobEnding::Done, AttemptNote::default()),
        }
    }

    fn delivered(
        &self,
        of: &DeliveryAttempt,
        mut writes: SettleWrites,
        body: &ScoreBody,
        reason: Option<DeliveryReason>,
    ) -> JobOutcome {
        let (row, now) = (&of.row, self.clock.now_ms());
        writes.last = Some(self.note_of(row, &of.details, Some(body), NotedFate::Taken));
        writes.settled = SettledDelivery {
            state: DeliveryState::Delivered,
            reason: reason.map(DeliveryReason::code),
            unsure: false,
            next_attempt_at: None,
            delivered_at: Some(now),
            ..over(writes.settled, of, now)
        };
        writes.pace = self.answers(&row.platform_id);
        writes.events.push(event(
            row,
            EventType::GradeDelivered,
            DeliveryState::Delivered,
            reason,
        ));
        if reason.is_some() {
            let overridden = event(
                row,
                EventType::GradeOverridden,
                DeliveryState::Delivered,
                reason,
            );
            writes.events.push(overridden);
        }
        self.writing(JobEnding::Done, writes)
    }

    fn ended(
        &self,
        of: &DeliveryAttempt,
        mut writes: SettleWrites,
        state: DeliveryState,
        reason: DeliveryReason,
    ) -> JobOutcome {
        let now = self.clock.now_ms();
        // What may have arrived must not look like someone else's grade later.
        if writes.settled.unsure {
            let body = details::open_body(&self.rows, &of.row).ok().flatten();
            let note = self.note_of(&of.row, &of.details, body.as_ref(), NotedFate::Unknown);
            writes.last = Some(note);
        }
        writes.settled = SettledDelivery {
            state,
            reason: Some(reason.code()),
            next_attempt_at: None,
            ..over(writes.settled, of, now)
        };
        writes.pace = match (writes.pace, reason) {
            (throttled @ PaceChange::Throttled(_), _) => throttled,
            (_, DeliveryReason::GaveUp) => PaceChange::Failed,
            (pace, DeliveryReason::Throttled | DeliveryReason::NotReadable) => pace,
            _ => self.answers(&of.row.platform_id),
        };
        let kind = match (state, reason) {
            (DeliveryState::Superseded, _) => None,
            (_, DeliveryReason::OverriddenByTeacher) => Some(EventType::GradeOverridden),
            _ => Some(EventType::GradeRefused),
        };
        let told = kind.map(|kind| event(&of.row, kind, state, Some(reason)));
        writes.events.extend(told);
        self.writing(JobEnding::Refused(reason.code()), writes)
    }

    /// Holds it for a person until a given time, while retrying according to the schedule.
    fn held(
        &self,
        of: &DeliveryAttempt,
        mut writes: SettleWrites,
        reason: DeliveryReason,
        until: i64,
    ) -> JobOutcome {
        let next = self.next(of);
        let is_over = self.is_over(next.at, until);
        let end = is_over.then(|| self.ended(of, writes.clone(), DeliveryState::Refused, reason));
        let since = holds::since(&of.row, self.attempt_time());
        writes.events.extend(held_event(&of.row, reason));
        writes.pace = self.answers(&of.row.platform_id);
        writes.settled = SettledDelivery {
            state: DeliveryState::Held,
            reason: Some(reason.code()),
            failures: next.failures,
            give_up_at: holds::give_up_at(&of.row, writes.settled.give_up_at),
            held_since: Some(since),
            next_attempt_at: Some(next.at),
            ..writes.settled
        };
        writes.waits = Some(of.row.clone());
        writes.gives_way = true;
        unless_asked(of, end, self.later(next.at, writes))
    }

    /// Pauses the whole platform; the attempt doesn't count, and what was held stays so.
    fn paused(
        &self,
        of: &DeliveryAttempt,
        mut writes: SettleWrites,
        pause: Duration,
    ) -> JobOutcome {
        let (id, now) = (&of.row.platform_id, self.clock.now_ms());
        let known = self.paces.known(id).unwrap_or(KnownPace {
            row: PaceRow::default(),
            parallel: i64::from(of.settings.parallel_per_platform),
            is_active: true,
            old_failures: 0,
        });
        let slower = throttled(known, pause, now);
        self.paces.note(
            id,
            KnownPace {
                row: slower,
                ..known
            },
        );
        tracing::info!(
            platform_id = id,
            ?pause,
            "a platform takes no scores for a while"
        );
        writes.pace = PaceChange::Throttled(slower);
        let (is_over, state, reason) = match holds::reason(&of.row) {
            // The platform said nothing about the student, so a wait that ends during the pause
            // gets another attempt.
            Some(reason) => {
                let until = hold_ends(of, reason, self.attempt_time());
                (self.is_over(now, until), DeliveryState::Refused, reason)
            }
            None => (
                self.is_over(slower.paused_until, writes.settled.give_up_at),
                DeliveryState::Expired,
                DeliveryReason::Throttled,
            ),
        };
        let end = is_over.then(|| self.ended(of, writes.clone(), state, reason));
        writes.settled.state = waiting(of.row.unsure);
        writes.settled.next_attempt_at = Some(slower.paused_until);
        writes.settled = holds::stay(&of.row, writes.settled);
        writes.waits = Some(of.row.clone());
        unless_asked(of, end, self.later(slower.paused_until, writes))
    }

    /// Retries it according to the schedule, unless that would take too long.
    fn again(
        &self,
        of: &DeliveryAttempt,
        mut writes: SettleWrites,
        unsure: bool,
        pace: PaceChange,
    ) -> JobOutcome {
        let next = self.next(of);
        writes.settled.unsure = unsure;
        writes.settled.failures = next.failures;
        let reason = DeliveryReason::GaveUp;
        let is_over = self.is_over(next.at, writes.settled.give_up_at);
        let end = is_over.then(|| self.ended(of, writes.clone(), DeliveryState::Expired, reason));
        writes.pace = pace;
        writes.settled.state = waiting(unsure);
        writes.settled.next_attempt_at = Some(next.at);
        if unsure && !of.row.unsure {
            let unknown = event(
                &of.row,
                EventType::GradeUnknown,
                DeliveryState::Unknown,
                None,
            );
            writes.events.push(unknown);
        }
        writes.may_be_there = unsure && matches!(of.details.target, DeliveryTarget::Handle(_));
        writes.waits = Some(of.row.clone());
        writes.gives_way = true;
        unless_asked(of, end, self.later(next.at, writes))
    }

    fn postponed(&self, row: &DeliveryRow, mut writes: SettleWrites) -> JobOutcome {
        let at = self.clock.now_ms().saturating_add(ms(A_MOMENT));
        writes.settled.state = waiting(row.unsure);
        writes.settled.next_attempt_at = Some(at);
        writes.settled = holds::stay(row, writes.settled);
        writes.waits = Some(row.clone());
        self.writing(JobEnding::Postponed(A_MOMENT), writes)
    }

    /// Whether an attempt would come too late. Never if the date is doubtful: a clock that is a day
    /// ahead for a moment would end every delivery that fails in that moment.
    fn is_over(&self, next_at: i64, until: i64) -> bool {
        next_at > until && self.clock.trusted_ms().is_some()
    }

    fn next(&self, of: &DeliveryAttempt) -> NextAttempt {
        let failures = of.row.failures.saturating_add(1);
        let schedule = Schedule {
            seconds: of.settings.schedule.clone(),
            patience: Duration::ZERO,
        };
        let pause = schedule.pause(failures, &self.random);
        NextAttempt {
            failures,
            at: self.clock.now_ms().saturating_add(ms(pause)),
        }
    }

    fn attempt_time(&self) -> AttemptTime {
        AttemptTime {
            now: self.clock.now_ms(),
            trusted: self.clock.trusted_ms(),
        }
    }

    fn answers(&self, platform_id: &str) -> PaceChange {
        let known = self.paces.known(platform_id);
        match known.is_some_and(|known| known.row.failures > 0) {
            true => PaceChange::Answers,
            false => PaceChange::Same,
        }
    }

    fn later(&self, at: i64, writes: SettleWrites) -> JobOutcome {
        let pause = u64::try_from(at.saturating_sub(self.clock.now_ms())).unwrap_or_default();
        self.writing(JobEnding::Later(Duration::from_millis(pause)), writes)
    }
}

/// The end of a delivery whose time limit was reached, unless it was extended while the attempt was
/// in progress: then it keeps waiting.
fn unless_asked(of: &DeliveryAttempt, end: Option<JobOutcome>, waits: JobOutcome) -> JobOutcome {
    let Some(end) = end else {
        return waits;
    };
    let row = of.row.clone();
    end.unless(
        move |tx| {
            let row = row.clone();
            async move { asked_since(tx, &row).await.map(|asked| asked.is_some()) }.boxed()
        },
        waits,
    )
}

fn ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// Until when a refusal counts as temporary (GR-10, GR-24); `None` if it is final.
fn held_until(of: &DeliveryAttempt, reason: DeliveryReason, at: AttemptTime) -> Option<i64> {
    let days = match reason {
        DeliveryReason::NotEnrolled => i64::from(of.settings.hold_not_enrolled_days),
        DeliveryReason::CourseConcluded => i64::from(of.settings.hold_concluded_days),
        DeliveryReason::LineItemGone if of.settings.line_item_gone != LineItemGone::Refuse => {
            LINE_ITEM_DAYS
        }
        _ => 0,
    };
    (days > 0).then(|| holds::until(of, days, at))
}

/// Until when a delivery that is held for this reason waits. If the settings no longer hold it, it
/// is as long as for any other delivery.
fn hold_ends(of: &DeliveryAttempt, reason: DeliveryReason, at: AttemptTime) -> i64 {
    match reason {
        DeliveryReason::NotEnrolled
        | DeliveryReason::CourseConcluded
        | DeliveryReason::LineItemGone => held_until(of, reason, at).unwrap_or(of.row.give_up_at),
        _ => holds::until(of, LINE_ITEM_DAYS, at),
    }
}

/// The time limit of a delivery, not counting time on hold. None is longer than it would be when
/// starting now, so that a clock that was ahead for a while leaves no score that is retried for
/// years.
fn give_up_at(of: &DeliveryAttempt, now: i64, trusted: Option<i64>) -> i64 {
    let held_ms = of.row.held_since.map_or(0, |since| (now - since).max(0));
    let until = of.row.give_up_at.saturating_add(held_ms);
    trusted.map_or(until, |today| {
        until.min(today.saturating_add(ms(of.settings.patience())))
    })
}
