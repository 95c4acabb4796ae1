//! What a score that is sent at once has in common with those that are delivered in the background: it erases no grade and
//! doubles no attempt or comment, and later ones know of it (grades.md GR-13, GR-14, GR-16 to GR-18, GR-20, GR-21).

use lti::ags::Score;
use serde_json::Value;
use store::StoreError;
use store::deliveries::{self, LaneKey};
use url::Url;

use super::accept::{out_of_range, would_clear};
use super::details;
use super::rules::acceptance::{self, Acceptance, EarlierScores};
use super::rules::body::{self, BodyParts};
use super::rules::facts::{ScoreFacts, ScoreOptions};
use super::rules::last::LastDelivered;
use super::rules::vendor::Vendor;
use super::{DAY_MS, Deliveries, REMEMBERED_MS};
use crate::kit::id::new_id;
use crate::launch::WithServices;
use crate::web::problem::Problem;

/// A score that is sent at once.
pub(crate) struct SyncScore {
    /// What is sent.
    pub score: Score,
    key: LaneKey,
    /// The piece of work that the platform has with it.
    work: Option<String>,
    options: ScoreOptions,
    last: Option<LastDelivered>,
    delete_at: i64,
}

impl Deliveries {
    /// Makes a score ready to be sent at once; `None` if it need not be sent.
    ///
    /// # Errors
    /// 409 `WOULD_CLEAR_GRADE`, 400 `SCORE_OUT_OF_RANGE`, or the store failed.
    pub(crate) async fn begin_sync(
        &self,
        services: &WithServices,
        line_item: &Url,
        score: Score,
        options: ScoreOptions,
    ) -> Result<Option<SyncScore>, Problem> {
        let platform = &services.platform;
        let settings = Self::rules(&services.tool, platform);
        let vendor = Vendor::of(platform.family.as_deref(), &platform.issuer);
        let own = platform.grades.over_maximum;
        let over_maximum = own.unwrap_or_else(|| vendor.over_maximum());
        let key = self.lane(&platform.id, line_item.as_str(), score.user_id());
        let mut reader = self.db.read().await?;
        let waiting = deliveries::unfinished(&mut reader.tx(), &key.lane).await?;
        drop(reader);
        let last = self.last(&key.lane).await?;
        let newest = waiting.last();
        let newest = newest.map(|row| details::open_details(&self.rows, row));
        let newest = newest.transpose()?;
        let earlier = EarlierScores {
            last: last.as_ref(),
            waiting: newest
                .as_ref()
                .map(|details| ScoreFacts::new(&details.score, &details.options)),
        };
        let facts = ScoreFacts::new(score.members(), &options);
        match acceptance::of(facts, earlier, over_maximum) {
            Acceptance::Deliver => {}
            Acceptance::Equal | Acceptance::NotHigher => return Ok(None),
            Acceptance::WouldClear => return Err(would_clear()),
            Acceptance::OutOfRange => return Err(out_of_range()),
        }
        let now_ms = self.clock.now_ms();
        let made = body::make(BodyParts {
            delivery: &new_id(now_ms, &self.random),
            score,
            options: &options,
            vendor,
            over_maximum,
            teacher_wins: settings.teacher_wins,
            last: last.as_ref(),
            // It is given a time when its turn comes.
            is_our_time: false,
            accepted_ms: now_ms,
            now_ms,
        });
        let made = made.map_err(|_| out_of_range())?;
        let score = Score::read(Value::Object(made.score)).map_err(|_| out_of_range())?;
        Ok(Some(SyncScore {
            score,
            key,
            work: made.work,
            options,
            last,
            delete_at: now_ms.saturating_add(i64::from(settings.keep_days) * DAY_MS),
        }))
    }

    /// The platform took a score. It takes the place of those that wait for the same student and line item. The grade is at
    /// the platform, so a store that fails is no reason to say otherwise.
    pub(crate) async fn end_sync(&self, sent: SyncScore) {
        if let Err(error) = self.keep_sync(sent).await {
            tracing::warn!(%error, "a score that was sent is not noted as delivered");
        }
    }

    async fn keep_sync(&self, sent: SyncScore) -> Result<(), StoreError> {
        let SyncScore {
            score,
            key,
            work,
            options,
            last,
            delete_at,
        } = sent;
        let now = self.clock.now_ms();
        let time_ms = score.timestamp().unwrap_or(now);
        let facts = ScoreFacts::new(score.members(), &options);
        let last = last.unwrap_or_default();
        let last = last.after(facts, work.as_deref(), time_ms, now);
        let sealed = details::seal_last(&self.rows, &key.lane, &last)?;
        let forget_at = now.saturating_add(REMEMBERED_MS);
        let keep = self.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                deliveries::enter(&mut tx, &key, now, forget_at).await?;
                for older in deliveries::unfinished(&mut tx, &key.lane).await? {
                    deliveries::supersede(&mut tx, &older, None, now, delete_at).await?;
                }
                deliveries::keep_last(&mut tx, &key, sealed, forget_at).await
            })
        });
        keep.await
    }
}
