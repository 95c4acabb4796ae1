//! An operator's requests: another attempt, or none (grades.md GR-26).

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use store::StoreError;
use store::deliveries::{self, DeliveryRow, Retry};

use super::lanes::turn_of;
use super::not_accepted::LastError;
use super::rules::reason::DeliveryReason;
use super::rules::vendor::Vendor;
use super::{DAY_MS, Deliveries, REMEMBERED_MS};
use crate::directory::tools::Tool;
use crate::kit::clock::Stopwatch;
use crate::settings::grades::GradeSettings;
use crate::web::api_rule::ApiRule;
use crate::web::problem::Problem;

/// Its state changed meanwhile, so it can't be retried.
pub(crate) const NOT_RETRIED: ApiRule = ApiRule::new(
    "DELIVERY_NOT_RETRIED",
    StatusCode::CONFLICT,
    "It was delivered, is just being sent, or a newer score of this student and line item takes its place.",
);
/// Its state changed meanwhile, so it can't be cancelled.
pub(crate) const NOT_CANCELLED: ApiRule = ApiRule::new(
    "DELIVERY_NOT_CANCELLED",
    StatusCode::CONFLICT,
    "It has ended, or is just being sent.",
);

/// How many deliveries are read at once.
const PAGE_SIZE: i64 = 200;

/// Which deliveries to retry.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RetryWhich {
    pub reason: Option<String>,
    pub platform_id: Option<String>,
    /// Only those with ids after this one.
    pub after: String,
    /// The most to look at.
    pub most: u64,
}

impl RetryWhich {
    /// All with this reason and to this platform.
    pub(crate) const fn all(reason: Option<String>, platform_id: Option<String>) -> Self {
        Self {
            reason,
            platform_id,
            after: String::new(),
            most: u64::MAX,
        }
    }

    /// Those that are left.
    pub(crate) fn after(self, after: String) -> Self {
        Self { after, ..self }
    }
}

/// How many deliveries are retried so far.
pub(crate) struct RetriedSome {
    pub retried: u64,
    /// The last one that was looked at, if others may follow.
    pub next: Option<String>,
}

impl Deliveries {
    /// Retries a delivery now. If its platform or deployment is inactive or its service key is
    /// revoked, it is held until that changes.
    ///
    /// # Errors
    /// 404 `DELIVERY_NOT_FOUND`, 409 `DELIVERY_NOT_RETRIED` or `LAST_SCORE_NOT_READABLE`, or the
    /// store failed.
    pub(crate) async fn retry(&self, tool: &Tool, id: &str) -> Result<DeliveryRow, Problem> {
        let row = self.of_tool(&tool.id, id).await?;
        if !self.try_again(tool, row).await? {
            return Err(NOT_RETRIED.problem());
        }
        self.jobs.wake();
        self.of_tool(&tool.id, id).await
    }

    /// Retries deliveries that wait, were refused or were given up: those with a given reason,
    /// those to a platform, or all of the tool. Those whose place a newer score has taken end as
    /// superseded. These are the first of them, as many as a request has time for. If the store
    /// fails on the way, those after it are left, too.
    ///
    /// # Errors
    /// The store failed before any was reached.
    pub(crate) async fn retry_some(
        &self,
        tool: &Tool,
        which: &RetryWhich,
    ) -> Result<RetriedSome, StoreError> {
        let begun = Stopwatch::start();
        let mut done = RetriedSome {
            retried: 0,
            next: Some(which.after.clone()),
        };
        let worked = self.retry_until(tool, which, &begun, &mut done).await;
        self.jobs.wake();
        let has_begun = done.next.as_ref() != Some(&which.after);
        match worked {
            Err(error) if !has_begun => Err(error),
            Err(error) => {
                tracing::warn!(%error, "not all deliveries are retried yet");
                Ok(done)
            }
            Ok(()) => Ok(done),
        }
    }

    /// Records in `done` how far it got.
    async fn retry_until(
        &self,
        tool: &Tool,
        which: &RetryWhich,
        begun: &Stopwatch,
        done: &mut RetriedSome,
    ) -> Result<(), StoreError> {
        let (reason, platform) = (which.reason.as_deref(), which.platform_id.as_deref());
        let mut left = which.most;
        while let Some(after) = done.next.clone() {
            let mut reader = self.db.read().await?;
            let mut tx = reader.tx();
            let found =
                deliveries::retryable(&mut tx, &tool.id, reason, platform, &after, PAGE_SIZE);
            let found = found.await?;
            drop(reader);
            if found.is_empty() {
                done.next = None;
            }
            for id in found {
                done.retried += u64::from(self.try_again_if_readable(tool, &id).await?);
                done.next = Some(id);
                left = left.saturating_sub(1);
                if left == 0 || begun.elapsed() >= self.retrying {
                    return Ok(());
                }
            }
            self.jobs.wake();
        }
        Ok(())
    }

    /// False also if its row, or the record of the last score, can't be read, so that one lane
    /// doesn't stop the others.
    async fn try_again_if_readable(&self, tool: &Tool, id: &str) -> Result<bool, StoreError> {
        let tried = match self.by_id(id).await {
            Ok(Some(row)) => self.try_again(tool, row).await,
            Ok(None) => return Ok(false),
            Err(error) => Err(error.into()),
        };
        match tried {
            Err(LastError::NotReadable(error)) => {
                tracing::error!(%error, "the record of a last score can't be read");
                Ok(false)
            }
            Err(LastError::Store(error)) if error.is_of_a_read_row() => {
                tracing::error!(id, %error, "a delivery can't be read, so it is not retried");
                Ok(false)
            }
            tried => Ok(tried?),
        }
    }

    async fn try_again(&self, tool: &Tool, row: DeliveryRow) -> Result<bool, LastError> {
        let (settings, vendor) = self.settings(tool, &row).await?;
        let now_ms = self.clock.now_ms();
        let patience = i64::try_from(settings.patience().as_millis()).unwrap_or(i64::MAX);
        let job = self.job_of(&row);
        let (key, forget_at) = (row.lane_key(), now_ms.saturating_add(REMEMBERED_MS));
        let (room, turn, lanes) = (self.clone(), turn_of(&row), self.lanes_of(&row));
        let has_ended = row.ended_at.is_some();
        let retry = Retry {
            row,
            now_ms,
            give_up_at: now_ms.saturating_add(patience),
            job,
            stop: None,
        };
        let retried = self.db.write::<_, LastError, _>(move |mut tx| {
            Box::pin(async move {
                // Before lane and job, because an operator who stops or releases deliveries locks
                // the platform's row first.
                let stop = room.stopped_by_now(&mut tx, &retry.row).await?;
                let retry = Retry {
                    stop: stop.map(DeliveryReason::code),
                    ..retry
                };
                deliveries::enter(&mut tx, &key, now_ms, forget_at).await?;
                let newer = room.last_in(&mut tx, &lanes).await?;
                let newer = newer.filter(|last| has_ended && last.is_newer_than(&turn, now_ms));
                let row = retry.row.clone();
                if newer.is_none() && deliveries::retry(&mut tx, retry).await? {
                    return Ok(true);
                }
                room.outdate(&mut tx, &row, newer.as_ref(), vendor).await?;
                Ok(false)
            })
        });
        retried.await
    }

    /// Ends a delivery for good.
    ///
    /// # Errors
    /// 404 `DELIVERY_NOT_FOUND`, 409 `DELIVERY_NOT_CANCELLED`, or the store failed.
    pub(crate) async fn cancel(&self, tool: &Tool, id: &str) -> Result<DeliveryRow, Problem> {
        let row = self.of_tool(&tool.id, id).await?;
        let (settings, _) = self.settings(tool, &row).await?;
        let now = self.clock.now_ms();
        let delete_at = now.saturating_add(i64::from(settings.keep_days) * DAY_MS);
        let room = self.clone();
        let cancel = self.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                let is_cancelled = deliveries::cancel(&mut tx, &row, now, delete_at).await?;
                // It may have been tried since it was read.
                let row = deliveries::by_id(&mut tx, row.id).await?;
                let note = row.and_then(|row| room.note_of_unsure(&row));
                if let (true, Some(note)) = (is_cancelled, note) {
                    room.note(&mut tx, &note).await?;
                }
                Ok(is_cancelled)
            })
        });
        if !cancel.await? {
            return Err(NOT_CANCELLED.problem());
        }
        self.jobs.wake();
        self.of_tool(&tool.id, id).await
    }

    /// The rules that apply to a delivery, and its platform's product.
    async fn settings(
        &self,
        tool: &Tool,
        row: &DeliveryRow,
    ) -> Result<(GradeSettings, Vendor), StoreError> {
        let platform = self.platforms.by_id(&row.platform_id).await?;
        Ok(match platform {
            Some(platform) => (
                Self::rules(tool, &platform),
                Vendor::of(platform.family.as_deref(), &platform.issuer),
            ),
            None => (tool.settings.grades.clone(), Vendor::Other),
        })
    }
}
