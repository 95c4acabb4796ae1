//! Accepting a score: once this returns, it is delivered, or the row says why not (grades.md GR-5, GR-12, GR-14, GR-18).

use std::sync::Arc;

use axum::http::StatusCode;
use lti::ags::Score;
use store::deliveries::{self, DeliveryRow, EnteredLane, LaneKey, NewDelivery};
use store::{StoreError, Tx, jobs};
use url::Url;

use super::answer::Delivery;
use super::details::{self, DeliveryDetails, DeliveryTarget, ScoreHandle};
use super::rules::acceptance::{self, Acceptance, EarlierScores};
use super::rules::facts::{ScoreFacts, ScoreOptions};
use super::rules::reason::DeliveryReason;
use super::rules::vendor::Vendor;
use super::{DAY_MS, Deliveries, KIND, REMEMBERED_MS};
use crate::directory::platforms::Platform;
use crate::directory::tools::Tool;
use crate::jobs::JobOrder;
use crate::kit::id::new_id;
use crate::launch::ServicePlace;
use crate::settings::grades::{GradeSettings, OverMaximum};
use crate::web::problem::Problem;

/// A score to be delivered.
pub(crate) struct NewScore {
    pub tool: Arc<Tool>,
    pub platform: Arc<Platform>,
    /// Whose services are used.
    pub place: ServicePlace,
    /// When the service key was issued that brought it, in milliseconds since 1970; `None` if an `ltik` did.
    pub key_issued_ms: Option<i64>,
    pub target: ScoreTarget,
    /// Without our own members.
    pub score: Score,
    pub options: ScoreOptions,
    /// What is to be known of it already, in a sentence.
    pub note: Option<String>,
}

/// Where a score goes.
pub(crate) enum ScoreTarget {
    /// To this address.
    LineItem(Url),
    /// To the line item of this name.
    Handle(ScoreHandle),
    /// The same where it is known which one that is: it has its turn among the scores to that address.
    Found(Url, ScoreHandle),
}

/// What the transaction works with.
struct Acceptable {
    id: String,
    key: LaneKey,
    line_item_key: String,
    details: DeliveryDetails,
    tool_id: String,
    key_issued_ms: Option<i64>,
    note: Option<String>,
    settings: GradeSettings,
    over: OverMaximum,
    now_ms: i64,
}

/// Why a score was not accepted.
enum NotAccepted {
    Store(StoreError),
    Rule(Problem),
}

impl From<StoreError> for NotAccepted {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<NotAccepted> for Problem {
    fn from(not: NotAccepted) -> Self {
        match not {
            NotAccepted::Rule(problem) => problem,
            NotAccepted::Store(error @ StoreError::Disk(_)) => no_space().caused_by(error),
            NotAccepted::Store(error) => error.into(),
        }
    }
}

impl Deliveries {
    /// Accepts a score. When this returns, it is stored.
    ///
    /// # Errors
    /// 409 `WOULD_CLEAR_GRADE`, 400 `SCORE_OUT_OF_RANGE`, 503 `DELIVERIES_FULL`, 507 `NO_SPACE`, or the store failed.
    pub(crate) async fn accept(&self, new: NewScore) -> Result<Delivery, Problem> {
        self.admit(&new.platform.id).await?;
        let (room, acceptable) = (self.clone(), self.acceptable(new));
        let accepted = self.db.write::<_, NotAccepted, _>(move |mut tx| {
            Box::pin(async move { room.accept_in(&mut tx, acceptable).await })
        });
        let row = accepted.await?;
        self.jobs.wake();
        Ok(self.shown(row)?)
    }

    fn acceptable(&self, new: NewScore) -> Acceptable {
        let NewScore {
            tool,
            platform,
            place,
            key_issued_ms,
            target,
            score,
            options,
            note,
        } = new;
        let now_ms = self.clock.now_ms();
        let vendor = Vendor::of(platform.family.as_deref(), &platform.issuer);
        let user = score.user_id().to_owned();
        let (line_item_key, target) = self.target(&platform.id, &place, target);
        let user_key = self.keys.user(&platform.id, &user);
        Acceptable {
            id: new_id(now_ms, &self.random),
            key: LaneKey {
                lane: self.keys.lane(&line_item_key, &user_key),
                platform_id: platform.id.clone(),
                user_key,
            },
            line_item_key,
            tool_id: tool.id.clone(),
            key_issued_ms,
            note,
            settings: Self::rules(&tool, &platform),
            over: platform
                .grades
                .over_maximum
                .unwrap_or_else(|| vendor.over_maximum()),
            now_ms,
            details: DeliveryDetails {
                user,
                target,
                place: ServicePlace {
                    memberships: None,
                    groups: None,
                    told: None,
                    ..place
                },
                is_our_time: score.timestamp().is_none(),
                score: score.into_members(),
                options,
            },
        }
    }

    fn target(
        &self,
        platform_id: &str,
        place: &ServicePlace,
        target: ScoreTarget,
    ) -> (String, DeliveryTarget) {
        match target {
            ScoreTarget::LineItem(url) => (
                self.keys.line_item(platform_id, url.as_str()),
                DeliveryTarget::LineItem(url.into()),
            ),
            ScoreTarget::Found(url, handle) => (
                self.keys.line_item(platform_id, url.as_str()),
                DeliveryTarget::Handle(handle),
            ),
            ScoreTarget::Handle(handle) => (
                self.keys.handle(
                    platform_id,
                    &place.deployment_id,
                    place.context_id.as_deref(),
                    &handle.resource_id,
                    handle.tag.as_deref(),
                ),
                DeliveryTarget::Handle(handle),
            ),
        }
    }

    async fn accept_in(
        &self,
        tx: &mut Tx<'_>,
        mut new: Acceptable,
    ) -> Result<DeliveryRow, NotAccepted> {
        let forget_at = new.now_ms.saturating_add(REMEMBERED_MS);
        let entered = deliveries::enter(tx, &new.key, new.now_ms, forget_at).await?;
        let waiting = deliveries::unfinished(tx, &new.key.lane).await?;
        if new.details.is_our_time {
            set_time(&mut new.details, entered.last_time);
        }
        let acceptance = self.judged(tx, &new, &waiting).await?;
        let row = self.row(&new, entered, acceptance)?;
        if acceptance == Acceptance::Deliver {
            return self.queue(tx, &new, row, &waiting).await;
        }
        let delete_at = Some(new.delete_at());
        let stored = NewDelivery {
            row: row.clone(),
            delete_at,
        };
        deliveries::insert(tx, stored).await?;
        Ok(row)
    }

    /// What becomes of it, by what was delivered and what waits.
    async fn judged(
        &self,
        tx: &mut Tx<'_>,
        new: &Acceptable,
        waiting: &[DeliveryRow],
    ) -> Result<Acceptance, NotAccepted> {
        let last = deliveries::last(tx, &new.key.lane).await?;
        let open = |sealed: Vec<u8>| details::open_last(&self.rows, &new.key.lane, &sealed);
        let last = last.map(open).transpose()?;
        let newest = waiting.last();
        let newest = newest.map(|row| details::open_details(&self.rows, row));
        let newest = newest.transpose()?;
        let earlier = EarlierScores {
            last: last.as_ref(),
            waiting: newest
                .as_ref()
                .map(|details| ScoreFacts::new(&details.score, &details.options)),
        };
        let score = ScoreFacts::new(&new.details.score, &new.details.options);
        match acceptance::of(score, earlier, new.over) {
            Acceptance::WouldClear => Err(NotAccepted::Rule(would_clear())),
            Acceptance::OutOfRange => Err(NotAccepted::Rule(out_of_range())),
            accepted => Ok(accepted),
        }
    }

    /// Its row; a job is not made yet.
    fn row(
        &self,
        new: &Acceptable,
        entered: EnteredLane,
        acceptance: Acceptance,
    ) -> Result<DeliveryRow, StoreError> {
        let is_over = acceptance != Acceptance::Deliver;
        let (state, reason) = match acceptance {
            Acceptance::Equal => ("delivered", None),
            Acceptance::NotHigher => ("superseded", Some(DeliveryReason::NotHigher.code())),
            _ => ("queued", None),
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
            state: state.to_owned(),
            reason: reason.map(str::to_owned),
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

    /// Queues it behind what was sent, and in the place of what was not.
    async fn queue(
        &self,
        tx: &mut Tx<'_>,
        new: &Acceptable,
        row: DeliveryRow,
        waiting: &[DeliveryRow],
    ) -> Result<DeliveryRow, NotAccepted> {
        let job = self.jobs.row(&JobOrder {
            tool_id: &row.tool_id,
            kind: KIND,
            share: &row.platform_id,
            subject: &row.id,
            order_key: Some(&row.lane),
            payload: None,
        });
        let row = DeliveryRow {
            job_id: job.id.clone(),
            ..row
        };
        // Jobs are locked before deliveries, as everywhere.
        jobs::insert(tx, job).await?;
        let stored = NewDelivery {
            row: row.clone(),
            delete_at: None,
        };
        deliveries::insert(tx, stored).await?;
        for older in waiting {
            let (by, delete_at) = (Some(row.id.as_str()), new.delete_at());
            // One that may have arrived is looked up now, so that this one doesn't wait for its turn.
            deliveries::supersede(tx, older, by, new.now_ms, delete_at).await?;
        }
        Ok(row)
    }
}

impl Acceptable {
    fn delete_at(&self) -> i64 {
        let kept = i64::from(self.settings.keep_days) * DAY_MS;
        self.now_ms.saturating_add(kept)
    }

    fn give_up_at(&self) -> i64 {
        let patience = i64::try_from(self.settings.patience().as_millis()).unwrap_or(i64::MAX);
        self.now_ms.saturating_add(patience)
    }
}

fn set_time(details: &mut DeliveryDetails, ms: i64) {
    let members = std::mem::take(&mut details.score);
    // It was read before, so it can be read again.
    if let Ok(mut score) = Score::read(members.into()) {
        score.set_timestamp(ms);
        details.score = score.into_members();
    }
}

/// 409: a status would take a score away.
pub(super) fn would_clear() -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        "WOULD_CLEAR_GRADE",
        "The platform has a score for this student, and a status without one would take it away. Send scoreGiven with \
         gradingProgress FullyGraded, or clear: true if that is meant.",
    )
}

/// 400: the platform doesn't take so much.
pub(super) fn out_of_range() -> Problem {
    Problem::bad_request(
        "SCORE_OUT_OF_RANGE",
        "scoreGiven is above scoreMaximum, which this platform doesn't take.",
    )
}

fn no_space() -> Problem {
    Problem::new(
        StatusCode::INSUFFICIENT_STORAGE,
        "NO_SPACE",
        "There is no room to store the score, so it was not taken. What was taken before is kept.",
    )
}
