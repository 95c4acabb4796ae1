//! Redelivers what a gradebook has lost (grades.md GR-27).

use std::sync::Arc;

use lti::ags::Score;
use serde_json::{Map, Value};
use store::Tx;
use store::deliveries::{self, DeliveryRow};
use url::Url;

use super::Deliveries;
use super::details::open_details;
use super::lanes::turn_of;
use super::new_score::{Acceptable, NewScore, ScoreTarget};
use super::not_accepted::{LastError, NotAccepted};
use super::rules::facts::{CANVAS, ScoreOptions};
use crate::directory::platforms::Platform;
use crate::directory::tools::Tool;
use crate::launch::ServicePlace;
use crate::web::problem::Problem;

/// A delivery that a gradebook has lost.
pub(crate) struct Repair {
    pub tool: Arc<Tool>,
    pub platform: Arc<Platform>,
    /// The place whose services are used.
    pub place: ServicePlace,
    pub line_item: Url,
    /// The last delivery.
    pub row: DeliveryRow,
}

impl Deliveries {
    /// Redelivers a delivered score. Returns false if that isn't necessary, because something newer
    /// is waiting or was delivered meanwhile.
    ///
    /// # Errors
    /// See [`Self::accept`].
    pub(crate) async fn repair(&self, repair: Repair) -> Result<bool, Problem> {
        self.admit(&repair.platform.id).await?;
        let Repair {
            tool,
            platform,
            place,
            line_item,
            row,
        } = repair;
        let mut details = open_details(&self.rows, &row)?;
        let score = as_before(&mut details.score, details.is_our_time)?;
        let acceptable = self.acceptable(NewScore {
            tool,
            platform,
            place,
            key_issued_ms: None,
            target: ScoreTarget::LineItem(line_item),
            score,
            options: ScoreOptions {
                // Because it equals the last delivery.
                force: true,
                only_if_higher: false,
                sync_line_item: false,
                ..details.options
            },
            note: Some("The gradebook had lost it, so it is delivered once more.".into()),
        });
        let room = self.clone();
        let repaired = self.db.write::<_, NotAccepted, _>(move |mut tx| {
            Box::pin(async move { room.repair_in(&mut tx, acceptable, &row).await })
        });
        let is_repaired = repaired.await?;
        self.jobs.wake();
        Ok(is_repaired)
    }

    async fn repair_in(
        &self,
        tx: &mut Tx<'_>,
        mut new: Acceptable,
        lost: &DeliveryRow,
    ) -> Result<bool, NotAccepted> {
        let lane = self.enter(tx, &mut new).await?;
        if !lane.waiting.is_empty() || self.is_followed(tx, &new, lost).await? {
            return Ok(false);
        }
        self.accept_in(tx, new, &lane).await?;
        Ok(true)
    }

    /// Whether something newer is waiting in the delivery's lane, is being sent at once, or was
    /// delivered since.
    async fn is_followed(
        &self,
        tx: &mut Tx<'_>,
        new: &Acceptable,
        lost: &DeliveryRow,
    ) -> Result<bool, LastError> {
        let is_elsewhere = lost.lane != new.key.lane;
        if is_elsewhere && !deliveries::unfinished(tx, &lost.lane).await?.is_empty() {
            return Ok(true);
        }
        let (turn, now_ms) = (turn_of(lost), new.now_ms);
        let last = self.last_in(tx, &new.lanes).await?;
        Ok(last.is_some_and(|last| {
            let mut newer = last.newer_than(&turn, now_ms);
            last.is_newer_than(&turn, now_ms) || newer.any(|one| one.is_on_its_way(now_ms))
        }))
    }
}

/// The score as it was accepted. If the timestamp was ours, it is set again; and the work doesn't
/// count as new.
fn as_before(score: &mut Map<String, Value>, is_our_time: bool) -> Result<Score, Problem> {
    let mut members = std::mem::take(score);
    if is_our_time {
        members.shift_remove("timestamp");
    }
    let extension = members.get_mut(CANVAS).and_then(Value::as_object_mut);
    if let Some(is_new) = extension.and_then(|members| members.get_mut("new_submission")) {
        *is_new = false.into();
    }
    Score::read(Value::Object(members)).map_err(Problem::internal)
}
