//! Manages deliveries of scores directly in the store, even while servers are running.

use serde_json::{Value, json};
use store::deliveries::{self, DeliveryFilter, DeliveryRow};
use store::{StoreError, tools as stored_tools};

use super::command_audit::done;
use super::{Operator, OperatorError};
use crate::audit::{AuditAction, AuditEntry};
use crate::directory::platforms::Platforms;
use crate::directory::tools::{self, Tool, Tools};
use crate::jobs::Jobs;
use crate::keys::ours::OurKeys;
use crate::keys::service_tokens::ServiceTokens;
use crate::kit::outbound::Outbound;
use crate::launch::{Adapters, Launches};
use crate::operator::setup;
use crate::services::deliveries::{
    Deliveries, DeliveryKeys, DeliveryPaces, LineItemEnds, RetryWhich,
};
use crate::services::failing::FailingServices;
use crate::services::page_proofs::PageProofs;
use crate::services::platform_client::PlatformClient;
use crate::web::problem::Problem;

/// How long a delivery must have waited to count as stalled, unless it is held or done, in
/// milliseconds (grades.md GR-28).
const STALLED_MS: i64 = 15 * 60 * 1000;

/// A platform whose deliveries make no progress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StalledPlatform {
    /// Our id for it.
    pub platform_id: String,
    /// Since when the oldest one has waited, in milliseconds since 1970.
    pub since_ms: i64,
    /// How many are unfinished.
    pub waiting: i64,
}

impl Operator {
    /// Deliveries of every tool that match a filter, newest first. The filter's tool is ignored.
    ///
    /// # Errors
    /// The store failed.
    pub async fn deliveries(
        &self,
        filter: &DeliveryFilter,
    ) -> Result<Vec<DeliveryRow>, OperatorError> {
        let mut reader = self.db.read().await?;
        let mut found = Vec::new();
        for tool in stored_tools::all(&mut reader.tx()).await? {
            let of_tool = DeliveryFilter {
                tool_id: tool.id,
                ..filter.clone()
            };
            found.extend(deliveries::page(&mut reader.tx(), &of_tool).await?);
        }
        found.sort_by(|one, other| other.id.cmp(&one.id));
        found.truncate(usize::try_from(filter.limit).unwrap_or_default());
        Ok(found)
    }

    /// One delivery, as the API shows it.
    ///
    /// # Errors
    /// There is no such delivery, it can't be read, the secret key isn't the store's, or the store
    /// failed.
    pub async fn delivery(&self, id: &str) -> Result<Value, OperatorError> {
        let room = self.delivery_room().await?;
        let (_, row) = self.delivery_of(&room, id).await?;
        shown(&room, row).await
    }

    /// Makes a running server try a delivery now, and returns it in its new state.
    ///
    /// # Errors
    /// As [`Self::delivery`], and if it can't be tried.
    pub async fn retry_delivery(&self, id: &str) -> Result<Value, OperatorError> {
        let room = self.delivery_room().await?;
        let (tool, before) = self.delivery_of(&room, id).await?;
        let retrying = async {
            let retried = room.retry(&tool, id).await;
            let after = retried.map_err(|problem| not_done(id, &problem))?;
            let entry = changed(AuditAction::DeliveryRetried, &before, &after);
            Ok::<_, OperatorError>((after, vec![entry]))
        };
        let after = self.noted("deliveries retry", &tool.id, &before.id, retrying);
        shown(&room, after.await?).await
    }

    /// Cancels a delivery and returns it in its new state.
    ///
    /// # Errors
    /// As [`Self::delivery`], and if it has ended.
    pub async fn cancel_delivery(&self, id: &str) -> Result<Value, OperatorError> {
        let room = self.delivery_room().await?;
        let (tool, before) = self.delivery_of(&room, id).await?;
        let cancelling = async {
            let cancelled = room.cancel(&tool, id).await;
            let after = cancelled.map_err(|problem| not_done(id, &problem))?;
            let entry = changed(AuditAction::DeliveryCancelled, &before, &after);
            Ok::<_, OperatorError>((after, vec![entry]))
        };
        let after = self.noted("deliveries cancel", &tool.id, &before.id, cancelling);
        shown(&room, after.await?).await
    }

    /// Makes running servers try every undelivered score with this reason and for this platform
    /// now. Returns how many there are. What is done in some seconds has an audit entry each time,
    /// so a failure or a stop leaves at most the last few seconds with one that doesn't say how
    /// many there were.
    ///
    /// # Errors
    /// The secret key isn't the store's, or the store failed; the earlier ones are being retried.
    pub async fn retry_deliveries(
        &self,
        reason: Option<String>,
        platform_id: Option<String>,
    ) -> Result<u64, OperatorError> {
        let room = self.delivery_room().await?;
        let mut retried = 0;
        for tool in tools::stored(&self.db).await? {
            let mut which = RetryWhich::all(reason.clone(), platform_id.clone());
            loop {
                let retrying = async {
                    let some = room.retry_some(&tool, &which).await?;
                    let entry =
                        (some.retried > 0).then(|| retried_some(&tool.id, &which, some.retried));
                    Ok::<_, OperatorError>((some, Vec::from_iter(entry)))
                };
                let some = self.noted("deliveries retry", &tool.id, &tool.id, retrying);
                let some = some.await?;
                retried += some.retried;
                let Some(next) = some.next else {
                    break;
                };
                which.after = next;
            }
        }
        Ok(retried)
    }

    /// A delivery and its tool.
    async fn delivery_of(
        &self,
        room: &Deliveries,
        id: &str,
    ) -> Result<(Tool, DeliveryRow), OperatorError> {
        let none = || OperatorError::NoDelivery(id.to_owned());
        let row = room.by_id(id).await?.ok_or_else(none)?;
        let mut tools = tools::stored(&self.db).await?.into_iter();
        let tool = tools.find(|tool| tool.id == row.tool_id);
        Ok((tool.ok_or_else(none)?, row))
    }

    /// The room of deliveries as a server has it, except for whatever sends something: that is left
    /// to servers.
    async fn delivery_room(&self) -> Result<Deliveries, OperatorError> {
        let rows = setup::sealer_in_use(&self.config, &self.db, &self.random).await?;
        let root = setup::root_in_use(&self.config, &self.db, &self.random).await?;
        let (db, clock, random) = (&self.db, &self.clock, &self.random);
        let our_keys = OurKeys::new(db.clone(), clock.clone(), rows.clone(), 0);
        let outbound = Outbound::new(self.config.outbound_allow.clone());
        let outbound = outbound.map_err(|error| OperatorError::Delivery(error.to_string()))?;
        let platforms = Platforms::new(db.clone(), rows.clone(), our_keys.clone());
        Ok(Deliveries {
            keys: DeliveryKeys::new(&root),
            jobs: Jobs::new(db.clone(), clock.clone(), random.clone(), rows.clone()),
            events: self.events.clone(),
            tools: Tools::new(db.clone()),
            launches: Launches::new(
                db.clone(),
                rows.clone(),
                clock.clone(),
                platforms.clone(),
                self.events.clone(),
                self.config.public_url.clone(),
                Adapters(&[]),
            ),
            platforms,
            client: PlatformClient {
                service_tokens: ServiceTokens::new(
                    our_keys,
                    clock.clone(),
                    random.clone(),
                    outbound.clone(),
                ),
                outbound,
                paging: self.config.fixed.paging,
                patience: self.config.fixed.request,
                proofs: PageProofs::new(&root),
                failing: FailingServices::new(clock.clone()),
            },
            paces: DeliveryPaces::default(),
            ends: LineItemEnds::default(),
            reading: self.config.fixed.search,
            retrying: self.config.fixed.retrying,
            most_waiting: self.config.fixed.waiting_scores,
            handles: None,
            db: db.clone(),
            clock: clock.clone(),
            random: random.clone(),
            rows,
        })
    }

    /// Platforms whose oldest delivery has waited for more than a quarter of an hour without being
    /// held.
    ///
    /// # Errors
    /// The store failed.
    pub async fn stalled_deliveries(&self) -> Result<Vec<StalledPlatform>, OperatorError> {
        let mut reader = self.db.read().await?;
        let until = self.clock.now_ms() - STALLED_MS;
        let mut stalled = Vec::new();
        for platform_id in deliveries::waiting_platforms(&mut reader.tx()).await? {
            let oldest = deliveries::oldest_moving(&mut reader.tx(), &platform_id).await?;
            if let Some(since_ms) = oldest.filter(|at| *at < until) {
                let waiting = deliveries::undelivered(&mut reader.tx(), &platform_id).await?;
                stalled.push(StalledPlatform {
                    platform_id,
                    since_ms,
                    waiting,
                });
            }
        }
        Ok(stalled)
    }
}

/// An entry about what the command line did to a delivery.
fn changed(action: AuditAction, before: &DeliveryRow, after: &DeliveryRow) -> AuditEntry {
    let state = |row: &DeliveryRow| json!({"state": row.state.as_str()});
    let entry = done(&after.tool_id, action, &after.id);
    entry.before(state(before)).after(state(after))
}

/// An entry about so many retries.
fn retried_some(tool_id: &str, which: &RetryWhich, retried: u64) -> AuditEntry {
    let mut after = json!({"retried": retried});
    let (reason, platform) = (&which.reason, &which.platform_id);
    for (name, value) in [("reason", reason), ("platform", platform)] {
        if let Some(value) = value {
            after[name] = value.as_str().into();
        }
    }
    done(tool_id, AuditAction::DeliveriesRetried, tool_id).after(after)
}

async fn shown(room: &Deliveries, row: DeliveryRow) -> Result<Value, OperatorError> {
    let shown = serde_json::to_value(room.told(row).await?);
    shown.map_err(|error| StoreError::Corrupt(error.to_string()).into())
}

fn not_done(id: &str, problem: &Problem) -> OperatorError {
    let (what, cause) = (&problem.description, problem.cause.as_deref());
    let said = match cause {
        Some(cause) => format!("{id}: {what} ({cause})"),
        None => format!("{id}: {what}"),
    };
    match problem.leaves_open() {
        true => OperatorError::DeliveryFailed(said),
        false => OperatorError::Delivery(said),
    }
}
