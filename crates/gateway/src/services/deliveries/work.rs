//! The job that delivers a score. A job may be done twice: the row records that a request was about
//! to be sent, so the second time begins by reading the gradebook.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use store::StoreError;
use store::deliveries::{self, DeliveryRow};
use store::service_places::{self, ServicePlaceRow};

use super::attempting::{AttemptEnd, DeliveryAttempt, Halt};
use super::details::{DeliveryDetails, open_body, open_details};
use super::rules::reason::DeliveryReason;
use super::rules::vendor::Vendor;
use super::{Deliveries, KIND};
use crate::directory::tools::Tool;
use crate::jobs::{AttemptNote, JobEnding, JobKind, JobOutcome, Schedule, Task, Work};
use crate::kit::clock::Stopwatch;

/// Parallel deliveries on this server, to all platforms together.
const AT_ONCE: usize = 64;
/// Parallel deliveries to one platform until its pace is known; no setting allows fewer.
const OF_ONE_PLATFORM: i64 = 1;
/// Parallel deliveries to one platform on this server, whatever the settings allow, so that
/// platforms that hang take only part of the slots.
const OF_ONE_PLATFORM_HERE: usize = AT_ONCE / 4;
/// How long a job is kept after it has ended; the delivery has its own row.
pub(super) const KEPT_MS: i64 = 60 * 60 * 1000;
/// How soon to retry a delivery that could not be tried because the store was unavailable.
const A_MOMENT: Duration = Duration::from_secs(5);

impl Deliveries {
    /// The kind of job for deliveries.
    pub(crate) fn kind(&self) -> JobKind {
        JobKind {
            name: KIND,
            at_once: AT_ONCE,
            of_one_share: OF_ONE_PLATFORM,
            of_one_share_here: OF_ONE_PLATFORM_HERE,
            kept_ms: KEPT_MS,
            work: Arc::new(self.clone()),
        }
    }
}

impl Work for Deliveries {
    /// Only for jobs that panicked, because deliveries do their own counting.
    fn schedule(&self, tool_id: &str) -> Schedule {
        let tool = self.tools.by_id(tool_id);
        let settings = tool.map(|tool| tool.settings.grades.clone());
        Schedule {
            patience: Duration::MAX,
            seconds: settings.unwrap_or_default().schedule,
        }
    }

    fn room_for(&self, platform_id: &str) -> Option<i64> {
        self.paces.room(platform_id, self.clock.now_ms())
    }

    fn run(&self, task: Task) -> BoxFuture<'static, JobOutcome> {
        let room = self.clone();
        async move {
            let done = room.deliver(&task).await;
            done.unwrap_or_else(|error| match error {
                StoreError::Corrupt(_) => {
                    tracing::error!(job = task.id, %error, "a delivery can't be read");
                    JobOutcome::new(
                        JobEnding::Later(Duration::from_secs(60 * 60)),
                        noted("not readable"),
                    )
                }
                error => {
                    tracing::warn!(job = task.id, %error, "a score can't be delivered yet");
                    JobOutcome::new(JobEnding::Postponed(A_MOMENT), AttemptNote::default())
                }
            })
        }
        .boxed()
    }
}

/// A delivery whose turn it is.
struct TakenDelivery {
    row: DeliveryRow,
    /// Whose services are used, according to the newest launch.
    place: Option<ServicePlaceRow>,
}

impl Deliveries {
    async fn deliver(&self, task: &Task) -> Result<JobOutcome, StoreError> {
        let nothing = || JobOutcome::new(JobEnding::Done, noted("nothing to do"));
        let postponed =
            |pause| JobOutcome::new(JobEnding::Postponed(pause), AttemptNote::default());
        let Some(TakenDelivery { row, place }) = self.taken(task).await? else {
            return Ok(nothing());
        };
        let Some(platform) = self.platforms.by_id(&row.platform_id).await? else {
            return Ok(nothing());
        };
        self.know_pace(&platform).await?;
        if let Some(pause) = self.paces.pause(&row.platform_id, self.clock.now_ms()) {
            return Ok(postponed(pause));
        }
        let tool = match self.tool_now(&row.tool_id).await {
            Ok(Some(tool)) => tool,
            // It was removed, and its deliveries go with it.
            Ok(None) => return Ok(nothing()),
            Err(error) => {
                tracing::warn!(job = task.id, %error, "a tool can't be read, so its score waits");
                return Ok(postponed(A_MOMENT));
            }
        };
        if let Some(reason) = self.stopped(&row, place.as_ref()).await? {
            return Ok(self.stopped_outcome(&row, reason));
        }
        let details = match self.details_of(&row, place) {
            Ok(details) => details,
            Err(error) => {
                tracing::error!(delivery = row.id, %error, "a delivery can't be read");
                return Ok(self.unreadable_outcome(&row));
            }
        };
        let of = DeliveryAttempt {
            details,
            owner: task.owner.clone(),
            claim: task.claim,
            vendor: Vendor::of(platform.family.as_deref(), &platform.issuer),
            settings: Self::rules(&tool, &platform),
            platform,
            row,
        };
        let began = (self.clock.now_ms(), Stopwatch::start());
        let end = if sends_grades(&tool) {
            match self.attempt(&of).await {
                Ok(end) => end,
                Err(Halt::End(end)) => *end,
                Err(Halt::Store(error)) => return Err(error),
            }
        } else {
            AttemptEnd::refused(DeliveryReason::ToolDisabled)
        };
        let millis = u64::try_from(began.1.elapsed().as_millis()).unwrap_or(u64::MAX);
        Ok(self.outcome(&of, end, (began.0, millis)))
    }

    /// The delivery of a job, unless there is nothing to do any more.
    async fn taken(&self, task: &Task) -> Result<Option<TakenDelivery>, StoreError> {
        let mut reader = self.db.read().await?;
        let row = deliveries::by_id(&mut reader.tx(), task.subject.clone()).await?;
        let is_due = |row: &DeliveryRow| row.ended_at.is_none() && row.job_id == task.id;
        let Some(row) = row.filter(is_due) else {
            return Ok(None);
        };
        let place = service_places::by_id(&mut reader.tx(), row.place_id.clone()).await?;
        Ok(Some(TakenDelivery { row, place }))
    }

    /// The tool of a delivery; `None` if it was removed. Before what this server knows of it would
    /// end the delivery, it is read again: another server may have made it, or switched grades on,
    /// a moment ago.
    async fn tool_now(&self, id: &str) -> Result<Option<Arc<Tool>>, StoreError> {
        match self.tools.by_id(id) {
            Some(known) if sends_grades(&known) => Ok(Some(known)),
            _ => self.tools.by_id_now(id).await,
        }
    }

    /// What is delivered. A newer launch than the one that it was accepted by may have told other
    /// addresses and more scopes (GR-31).
    fn details_of(
        &self,
        row: &DeliveryRow,
        place: Option<ServicePlaceRow>,
    ) -> Result<DeliveryDetails, StoreError> {
        let mut details = open_details(&self.rows, row)?;
        // A body that can't be read would stop each attempt, and everything behind it.
        open_body(&self.rows, row)?;
        let place = place.filter(|place| place.tool_id == row.tool_id);
        // If it can't be read, the addresses of then count.
        let known = place.and_then(|place| self.launches.places().open(place).ok());
        if let Some(known) = known {
            details.place.grades = known.place.grades.or(details.place.grades);
        }
        Ok(details)
    }
}

fn sends_grades(tool: &Tool) -> bool {
    tool.settings.services.assignment_and_grades
}

fn noted(outcome: &'static str) -> AttemptNote {
    AttemptNote {
        outcome,
        ..AttemptNote::default()
    }
}
