//! Accepting a score: after this returns, the score is delivered, or its row says why not
//! (grades.md GR-5, GR-12, GR-14, GR-18).

use store::deliveries::{self, DeliveryRow, DeliveryState, EnteredLane, NewDelivery};
use store::{StoreError, Tx, jobs};

use super::answer::Delivery;
use super::details;
use super::new_score::{Acceptable, NewScore};
use super::not_accepted::{NotAccepted, OUT_OF_RANGE, WOULD_CLEAR};
use super::rules::acceptance::{self, Acceptance, EarlierScores};
use super::rules::facts::ScoreFacts;
use super::rules::reason::DeliveryReason;
use super::{Deliveries, REMEMBERED_MS};
use crate::web::problem::Problem;

/// A lane that this transaction has entered, and its deliveries.
pub(super) struct OpenLane {
    pub entered: EnteredLane,
    /// Oldest first.
    pub waiting: Vec<DeliveryRow>,
}

impl Deliveries {
    /// Accepts a score. When this returns, the score is stored.
    ///
    /// # Errors
    /// 409 `WOULD_CLEAR_GRADE`, 400 `SCORE_OUT_OF_RANGE`, 503 `DELIVERIES_FULL`, 507 `NO_SPACE`, or
    /// the store failed.
    pub(crate) async fn accept(&self, new: NewScore) -> Result<Delivery, Problem> {
        self.admit(&new.platform.id).await?;
        let (room, mut acceptable) = (self.clone(), self.acceptable(new));
        let vendor = acceptable.vendor;
        let accepted = self.db.write::<_, NotAccepted, _>(move |mut tx| {
            Box::pin(async move {
                let lane = room.enter(&mut tx, &mut acceptable).await?;
                room.accept_in(&mut tx, acceptable, &lane).await
            })
        });
        let row = accepted.await?;
        self.jobs.wake();
        Ok(self.shown_at(row, vendor))
    }

    /// Enters the lane of a score. Other transactions wait until this one ends.
    pub(super) async fn enter(
        &self,
        tx: &mut Tx<'_>,
        new: &mut Acceptable,
    ) -> Result<OpenLane, StoreError> {
        let forget_at = new.now_ms.saturating_add(REMEMBERED_MS);
        if let Some(behind) = &new.behind
            && !deliveries::unfinished(tx, &behind.lane).await?.is_empty()
        {
            let entered = deliveries::enter(tx, behind, new.now_ms, forget_at).await?;
            let waiting = deliveries::unfinished(tx, &behind.lane).await?;
            if !waiting.is_empty() {
                new.key = behind.clone();
                return Ok(OpenLane { entered, waiting });
            }
        }
        let entered = deliveries::enter(tx, &new.key, new.now_ms, forget_at).await?;
        let waiting = deliveries::unfinished(tx, &new.key.lane).await?;
        Ok(OpenLane { entered, waiting })
    }

    pub(super) async fn accept_in(
        &self,
        tx: &mut Tx<'_>,
        mut new: Acceptable,
        lane: &OpenLane,
    ) -> Result<DeliveryRow, NotAccepted> {
        if new.details.is_our_time {
            new.set_time(lane.entered.last_time);
        }
        let acceptance = self.judged(tx, &new, &lane.waiting).await?;
        let row = self.row(&new, lane.entered, acceptance)?;
        if acceptance == Acceptance::Deliver {
            return self.queue(tx, &new, row, &lane.waiting).await;
        }
        let delete_at = Some(new.delete_at());
        let stored = NewDelivery {
            row: row.clone(),
            delete_at,
        };
        deliveries::insert(tx, stored).await?;
        Ok(row)
    }

    /// What becomes of a score, given the last delivery and the waiting ones.
    async fn judged(
        &self,
        tx: &mut Tx<'_>,
        new: &Acceptable,
        waiting: &[DeliveryRow],
    ) -> Result<Acceptance, NotAccepted> {
        let last = self.last_in(tx, &new.lanes).await?;
        let newest = self.newest_readable(waiting);
        let earlier = EarlierScores {
            last: last.as_ref(),
            waiting: newest
                .as_ref()
                .map(|details| ScoreFacts::new(&details.score, &details.options)),
            is_unread: newest.is_none() && !waiting.is_empty(),
            overtakes: None,
        };
        match acceptance::of(new.facts(), earlier, new.vendor, new.over) {
            Acceptance::WouldClear => Err(WOULD_CLEAR.into()),
            Acceptance::OutOfRange => Err(OUT_OF_RANGE.into()),
            accepted => Ok(accepted),
        }
    }

    /// The score's row; its job is not created yet.
    fn row(
        &self,
        new: &Acceptable,
        entered: EnteredLane,
        acceptance: Acceptance,
    ) -> Result<DeliveryRow, StoreError> {
        let is_over = acceptance != Acceptance::Deliver;
        let (state, reason) = match acceptance {
            Acceptance::Equal => (DeliveryState::Delivered, None),
            Acceptance::NotHigher => (DeliveryState::Superseded, Some(DeliveryReason::NotHigher)),
            _ => (DeliveryState::Queued, None),
        };
        let place = &new.details.place;
        Ok(DeliveryRow {
            details_sealed: details::seal_details(&self.rows, &new.id, &new.details)?,
            id: new.id.clone(),
            tool_id: new.tool_id.clone(),
            platform_id: new.key.platform_id.clone(),
            deployment_id: place.deployment_id.clone(),
            context_id: place.context_id.clone(),
            lane: new.key.lane.clone(),
            seq: entered.seq,
            line_item_key: new.line_item_key.clone(),
            user_key: new.key.user_key.clone(),
            place_id: place.id(),
            key_issued_at: new.key_issued_ms,
            job_id: String::new(),
            state,
            reason: reason.map(|reason| reason.code().to_owned()),
            unsure: false,
            failures: 0,
            body_sealed: None,
            attempts_sealed: None,
            note: new.note.clone(),
            created_at: new.now_ms,
            next_attempt_at: (!is_over).then_some(new.now_ms),
            give_up_at: new.give_up_at(),
            held_since: None,
            delivered_at: (acceptance == Acceptance::Equal).then_some(new.now_ms),
            ended_at: is_over.then_some(new.now_ms),
            superseded_by: None,
            deduplicated: acceptance == Acceptance::Equal,
        })
    }

    /// Queues it behind what has been sent, replacing what hasn't.
    async fn queue(
        &self,
        tx: &mut Tx<'_>,
        new: &Acceptable,
        row: DeliveryRow,
        waiting: &[DeliveryRow],
    ) -> Result<DeliveryRow, NotAccepted> {
        let job = self.job_of(&row);
        let row = DeliveryRow {
            job_id: job.id.clone(),
            ..row
        };
        // Lock jobs before deliveries, as everywhere.
        jobs::insert(tx, job).await?;
        let stored = NewDelivery {
            row: row.clone(),
            delete_at: None,
        };
        deliveries::insert(tx, stored).await?;
        for older in waiting {
            if self.replaces(new.facts(), older) {
                let (by, delete_at) = (Some(row.id.as_str()), new.delete_at());
                // A delivery that may have arrived is looked up now, so that this score need not
                // wait for the lookup's turn.
                deliveries::supersede(tx, older, by, new.now_ms, delete_at).await?;
            }
        }
        Ok(row)
    }
}
