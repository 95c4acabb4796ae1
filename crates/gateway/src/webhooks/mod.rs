//! Webhooks: addresses that events are sent to, and the list of events for applications that prefer
//! polling (docs/webhooks.md, grades.md WH-1 to WH-6).
//!
//! [`pass_on`] numbers the events and creates a job for each webhook that wants one; [`deliver`]
//! runs that job. The other files are endpoints.

pub(crate) mod api;
mod deliver;
pub(crate) mod deliveries;
pub(crate) mod event_list;
mod failing;
mod input;
mod memory;
mod message;
mod pass_on;
pub(crate) mod replay;
pub(crate) mod rotation;
mod secret;
pub(crate) mod test_message;
mod trim;

use axum::http::StatusCode;
use store::webhooks::{self, WebhookRow};
use store::{Db, StoreError};

pub(crate) use input::{address, types};
pub(crate) use memory::WebhookMemory;
pub(crate) use secret::{
    FORMER_MS, fresh as fresh_secret, identity as secret_identity, replaced as replaced_secrets,
};

use crate::audit::Audit;
use crate::directory::tools::Tools;
use crate::events::Events;
use crate::jobs::Jobs;
use crate::kit::clock::{Clock, Random};
use crate::kit::id::is_id;
use crate::kit::outbound::Outbound;
use crate::kit::seal::Sealer;
use crate::web::api_rule::ApiRule;
use crate::web::problem::Problem;

/// Jobs that deliver an event to a webhook. The job's share is the webhook's id, its subject the
/// event's.
pub(crate) const KIND: &str = "webhook";
/// How many webhooks a tool may have.
pub(crate) const MOST_WEBHOOKS: usize = 20;
/// How many messages may wait for a webhook. Further events are skipped, and can be replayed.
pub(crate) const MOST_WAITING: i64 = 10_000;

/// The room of webhooks. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct Webhooks {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) rows: Sealer,
    pub(crate) outbound: Outbound,
    /// Whose settings give the schedule.
    pub(crate) tools: Tools,
    /// Writes the event about a disabled webhook, and `audit` the entry.
    pub(crate) events: Events,
    pub(crate) audit: Audit,
    pub(crate) jobs: Jobs,
    pub(crate) memory: WebhookMemory,
}

impl Webhooks {
    /// A webhook of this tool.
    ///
    /// # Errors
    /// 404 if the tool has no such webhook, or the store failed.
    pub(crate) async fn of_tool(&self, tool_id: &str, id: &str) -> Result<WebhookRow, Problem> {
        let row = match is_id(id) {
            true => self.by_id(id).await?,
            false => None,
        };
        row.filter(|row| row.tool_id == tool_id)
            .ok_or_else(|| NO_WEBHOOK.problem())
    }

    pub(crate) async fn by_id(&self, id: &str) -> Result<Option<WebhookRow>, StoreError> {
        webhooks::by_id(&mut self.db.read().await?.tx(), id.to_owned()).await
    }
}

/// The tool has no such webhook.
const NO_WEBHOOK: ApiRule = ApiRule::new(
    "WEBHOOK_NOT_FOUND",
    StatusCode::NOT_FOUND,
    "There is no webhook with this id. GET /admin/webhooks lists them.",
);
