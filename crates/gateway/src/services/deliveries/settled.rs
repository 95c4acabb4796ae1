//! What is written when an attempt is settled, in the transaction that settles its job.

use futures_util::FutureExt;
use store::deliveries::{self, DeliveryRow, DeliveryState, SettledDelivery};
use store::delivery_paces::{self, PaceRow};
use store::{StoreError, Tx, jobs};

use super::attempting::DeliveryAttempt;
use super::lanes::LastNote;
use super::paces::FAILING;
use super::rules::reason::DeliveryReason;
use super::{DAY_MS, Deliveries};
use crate::events::{Event, EventType, GradeEvent};
use crate::jobs::{AttemptNote, JobEnding, JobOutcome};

/// What to write.
#[derive(Clone)]
pub(super) struct SettleWrites {
    pub tool_id: String,
    pub platform_id: String,
    pub settled: SettledDelivery,
    pub last: Option<LastNote>,
    /// Whether it has a handle, may have arrived, and keeps waiting. The lane of its line item must
    /// know: scores sent there would take its grade for a teacher's.
    pub may_be_there: bool,
    /// The delivery before the attempt, if it keeps waiting: anything that was stopped or requested
    /// meanwhile must be taken into account.
    pub waits: Option<DeliveryRow>,
    /// Whether a newer one that arrived meanwhile replaces it at once, rather than at its next
    /// turn.
    pub gives_way: bool,
    pub now_ms: i64,
    pub pace: PaceChange,
    pub events: Vec<Event>,
}

/// What an attempt says about the platform.
#[derive(Clone, Copy)]
pub(super) enum PaceChange {
    Same,
    Throttled(PaceRow),
    Failed,
    Answers,
}

impl Deliveries {
    /// Writes nothing but the row.
    pub(super) fn writes(&self, row: &DeliveryRow, settled: SettledDelivery) -> SettleWrites {
        SettleWrites {
            tool_id: row.tool_id.clone(),
            platform_id: row.platform_id.clone(),
            settled,
            last: None,
            may_be_there: false,
            waits: None,
            gives_way: false,
            now_ms: self.clock.now_ms(),
            pace: PaceChange::Same,
            events: Vec::new(),
        }
    }

    pub(super) fn writing(&self, ending: JobEnding, writes: SettleWrites) -> JobOutcome {
        let room = self.clone();
        let note = AttemptNote {
            outcome: writes.settled.state.as_str(),
            ..AttemptNote::default()
        };
        JobOutcome::new(ending, note).writing(move |tx| {
            let (room, writes) = (room.clone(), writes.clone());
            async move { room.write(tx, writes).await.map(|()| None) }.boxed()
        })
    }

    async fn write(&self, tx: &mut Tx<'_>, writes: SettleWrites) -> Result<(), StoreError> {
        let SettleWrites {
            tool_id,
            platform_id,
            mut settled,
            mut last,
            may_be_there,
            waits,
            gives_way,
            now_ms,
            pace,
            mut events,
        } = writes;
        let id = settled.id.clone();
        let mut sooner = None;
        if let Some(row) = &waits {
            sooner = self.heed(tx, row, &mut settled, &mut events).await?;
        }
        if !deliveries::settle(tx, settled).await? {
            tracing::info!(delivery = id, "a delivery had ended before its attempt");
            // Its job ends now; otherwise the deliveries behind it would wait for its next turn.
            if let Some(row) = waits {
                jobs::hasten(tx, &row.job_id, now_ms).await?;
            }
            return Ok(());
        }
        if may_be_there {
            // Where it was sent was recorded during the attempt.
            let row = deliveries::by_id(tx, id).await?;
            let note = row.and_then(|row| self.note_of_unsure(&row));
            last = note.filter(|note| note.lanes.len() > 1);
        }
        if let Some(row) = waits {
            if gives_way && self.replaced_by(tx, &row).await?.is_some() {
                sooner = Some(now_ms);
            }
            if let Some(at) = sooner {
                jobs::hasten(tx, &row.job_id, at).await?;
            }
        }
        if let Some(note) = last {
            self.note(tx, &note).await?;
        }
        for event in &events {
            self.events.record(tx, &tool_id, event).await?;
        }
        self.write_pace(tx, &tool_id, platform_id, pace).await
    }

    async fn write_pace(
        &self,
        tx: &mut Tx<'_>,
        tool_id: &str,
        platform_id: String,
        pace: PaceChange,
    ) -> Result<(), StoreError> {
        match pace {
            PaceChange::Same => {}
            PaceChange::Answers => {
                delivery_paces::answered(tx, &platform_id).await?;
            }
            PaceChange::Throttled(row) => {
                let (until, at) = (row.paused_until, row.throttled_at);
                delivery_paces::throttled(tx, &platform_id, until, at, row.parallel).await?;
            }
            PaceChange::Failed => {
                let failures = delivery_paces::failed(tx, &platform_id).await?;
                if failures == FAILING {
                    let failing = Event::PlatformGradesFailing {
                        platform_id,
                        failures,
                    };
                    self.events.record(tx, tool_id, &failing).await?;
                }
            }
        }
        Ok(())
    }
}

/// The state of a delivery waiting for its next attempt.
pub(super) const fn waiting(unsure: bool) -> DeliveryState {
    if unsure {
        DeliveryState::Unknown
    } else {
        DeliveryState::Queued
    }
}

/// A row unchanged.
pub(super) fn unchanged(row: &DeliveryRow) -> SettledDelivery {
    SettledDelivery {
        id: row.id.clone(),
        state: waiting(row.unsure),
        reason: None,
        unsure: row.unsure,
        failures: row.failures,
        attempts_sealed: row.attempts_sealed.clone(),
        note: row.note.clone(),
        next_attempt_at: row.next_attempt_at,
        give_up_at: row.give_up_at,
        held_since: row.held_since,
        delivered_at: None,
        ended_at: None,
        delete_at: None,
        superseded_by: row.superseded_by.clone(),
    }
}

/// The end of a delivery.
pub(super) fn over(settled: SettledDelivery, of: &DeliveryAttempt, now: i64) -> SettledDelivery {
    let kept = i64::from(of.settings.keep_days) * DAY_MS;
    SettledDelivery {
        ended_at: Some(now),
        delete_at: Some(now.saturating_add(kept)),
        ..settled
    }
}

/// The event that a delivery is held, unless there already was one.
pub(super) fn held_event(row: &DeliveryRow, reason: DeliveryReason) -> Vec<Event> {
    if row.held_since.is_some() {
        return Vec::new();
    }
    let mut events = vec![event(
        row,
        EventType::GradeHeld,
        DeliveryState::Held,
        Some(reason),
    )];
    if reason == DeliveryReason::LineItemGone {
        events.push(event(
            row,
            EventType::LineItemGone,
            DeliveryState::Held,
            Some(reason),
        ));
    }
    events
}

pub(super) fn event(
    row: &DeliveryRow,
    kind: EventType,
    state: DeliveryState,
    reason: Option<DeliveryReason>,
) -> Event {
    let grade = GradeEvent {
        delivery_id: row.id.clone(),
        platform_id: row.platform_id.clone(),
        deployment_id: row.deployment_id.clone(),
        context_id: row.context_id.clone(),
        state,
        reason: reason.map(DeliveryReason::code),
    };
    Event::Grade(kind, Box::new(grade))
}
