//! Scores delivered in the background (docs/grades.md, grades.md GR-1 to GR-21).
//!
//! [`accept`] promises a delivery: a row and a job. [`work`] does that job: it creates the request
//! body, checks the gradebook if necessary, sends the body, and stores the outcome. [`lanes`] knows
//! the order of scores, and what the platform has. The rules are in [`rules`], without I/O.

mod accept;
mod admit;
mod answer;
pub(crate) mod api;
mod ask;
mod attempt;
mod attempting;
mod details;
mod ends;
pub(crate) mod erase;
mod failed_host;
mod failure;
mod handles;
mod holds;
pub(crate) mod identities;
mod keys;
mod lanes;
mod line_item;
mod look;
mod new_score;
mod not_accepted;
mod outdated;
mod overdue;
mod paces;
mod read_back;
mod repair;
mod retrying;
mod rules;
mod sending;
mod settle;
mod settled;
mod stops;
mod sync;
mod sync_look;
mod watch;
mod work;

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use store::deliveries::{self, DeliveryRow, LaneKey};
use store::jobs::NewJob;
use store::{Db, StoreError, first_answers};

pub(crate) use answer::{Delivery, cause_in};
pub(crate) use ask::{NOT_CANCELLED, NOT_RETRIED, RetryWhich};
pub(crate) use details::ScoreHandle;
pub(crate) use ends::LineItemEnds;
pub(crate) use handles::{AskedHandle, FindsLineItem, FoundLineItem, NoLineItem};
pub(crate) use keys::DeliveryKeys;
pub(crate) use new_score::{NewScore, ScoreTarget};
pub(crate) use paces::DeliveryPaces;
pub(crate) use repair::Repair;
pub(crate) use rules::cause::AttemptCause;
pub(crate) use rules::facts::ScoreOptions;
pub(crate) use rules::reason::DeliveryReason;
pub(crate) use rules::vendor::Vendor;
pub(crate) use sync::SyncScore;

use crate::directory::platforms::{Platform, Platforms};
use crate::directory::tools::{Tool, Tools};
use crate::events::Events;
use crate::jobs::{JobOrder, Jobs};
use crate::kit::clock::{Clock, Random};
use crate::kit::id::is_id;
use crate::kit::seal::Sealer;
use crate::launch::Launches;
use crate::services::platform_client::PlatformClient;
use crate::settings::grades::GradeSettings;
use crate::web::api_rule::ApiRule;
use crate::web::problem::Problem;

/// The kind of job that delivers a score: the share is the platform's id, the subject the
/// delivery's.
pub(crate) const KIND: &str = "score";
/// How long a lane's last delivery is remembered, in milliseconds: longer than a school year.
const REMEMBERED_MS: i64 = 550 * 24 * 60 * 60 * 1000;
/// How long a request may leave after it was recorded that it will. Others may send theirs later:
/// they wait 17 seconds for a score that is sent at once, and take over a server's jobs after 20
/// seconds of silence (docs/decisions/0433-a-score-leaves-in-time-or-not-at-all.md).
const LEAVES_WITHIN: Duration = Duration::from_secs(12);
/// A day, in milliseconds.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The room of deliveries. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct Deliveries {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    /// Seals personal data.
    pub(crate) rows: Sealer,
    /// The hashes by which rows are found.
    pub(crate) keys: DeliveryKeys,
    pub(crate) jobs: Jobs,
    pub(crate) events: Events,
    /// The tools, for their settings.
    pub(crate) tools: Tools,
    pub(crate) platforms: Platforms,
    /// Records which line items are used.
    pub(crate) launches: Launches,
    /// Sends the scores.
    pub(crate) client: PlatformClient,
    /// How fast each platform may be written to.
    pub(crate) paces: DeliveryPaces,
    /// When line items stop accepting work.
    pub(crate) ends: LineItemEnds,
    /// How long a platform may take to show a grade, page by page.
    pub(crate) reading: Duration,
    /// How long a request retries deliveries before it answers where to continue: all its waits for
    /// the store add up, and its client may not wait much longer
    /// (docs/decisions/0467-many-retries-continue-where-they-stopped.md).
    pub(crate) retrying: Duration,
    /// The most waiting deliveries: for all platforms together, and for one.
    pub(crate) most_waiting: (i64, i64),
    /// Finds line items by their handles; without it, scores with handles are refused.
    pub(crate) handles: Option<Arc<dyn FindsLineItem>>,
}

impl Deliveries {
    /// A delivery of this tool.
    ///
    /// # Errors
    /// 404 if the tool has no such delivery, or the store failed.
    pub(crate) async fn of_tool(&self, tool_id: &str, id: &str) -> Result<DeliveryRow, Problem> {
        let row = match is_id(id) {
            true => self.by_id(id).await?,
            false => None,
        };
        row.filter(|row| row.tool_id == tool_id)
            .ok_or_else(|| NO_DELIVERY.problem())
    }

    pub(crate) async fn by_id(&self, id: &str) -> Result<Option<DeliveryRow>, StoreError> {
        deliveries::by_id(&mut self.db.read().await?.tx(), id.to_owned()).await
    }

    /// The row of the job that sends a delivery.
    fn job_of(&self, row: &DeliveryRow) -> NewJob {
        self.jobs.row(&JobOrder {
            tool_id: &row.tool_id,
            kind: KIND,
            share: &row.platform_id,
            subject: &row.id,
            order_key: Some(&row.lane),
            payload: None,
        })
    }

    /// The lane of a person and a line item, by its address.
    pub(crate) fn lane(&self, platform_id: &str, line_item: &str, user: &str) -> LaneKey {
        let line_item = self.keys.line_item(platform_id, line_item);
        let user_key = self.keys.user(platform_id, user);
        LaneKey {
            lane: self.keys.lane(&line_item, &user_key),
            platform_id: platform_id.to_owned(),
            user_key,
        }
    }

    /// The rules that apply to a platform.
    pub(crate) fn rules(tool: &Tool, platform: &Platform) -> GradeSettings {
        tool.settings.grades.with(&platform.grades)
    }

    /// Erases a person of a platform: all past and pending deliveries for them, and the stored
    /// answers to requests about those. Returns the number of deliveries.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn erase_person(
        &self,
        platform_id: &str,
        user: &str,
    ) -> Result<u64, StoreError> {
        let (user_key, now) = (self.keys.user(platform_id, user), self.clock.now_ms());
        let erase = self.db.write_or_repeat(move |mut tx| {
            let user_key = user_key.clone();
            Box::pin(async move {
                first_answers::erase(&mut tx, &user_key, now).await?;
                deliveries::erase_person(&mut tx, &user_key).await
            })
        });
        erase.await
    }
}

pub(crate) const NO_DELIVERY: ApiRule = ApiRule::new(
    "DELIVERY_NOT_FOUND",
    StatusCode::NOT_FOUND,
    "There is no delivery with this id, or it is no longer kept. GET /api/deliveries lists them.",
);
