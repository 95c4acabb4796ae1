//! Deliveries of scores beside running servers.

use store::deliveries::{self, DeliveryFilter, DeliveryRow};
use store::tools;

use super::{Operator, OperatorError};

/// After how long a delivery that is neither held nor done has stalled, in milliseconds (grades.md GR-28).
const STALLED_MS: i64 = 15 * 60 * 1000;

/// A platform whose deliveries don't get on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StalledPlatform {
    /// Its id.
    pub platform_id: String,
    /// Since when the oldest one waits, in milliseconds since 1970.
    pub since_ms: i64,
    /// How many have not ended.
    pub waiting: i64,
}

impl Operator {
    /// Deliveries of every tool that fit a filter, the newest first; its tool doesn't matter.
    ///
    /// # Errors
    /// The store failed.
    pub async fn deliveries(
        &self,
        filter: &DeliveryFilter,
    ) -> Result<Vec<DeliveryRow>, OperatorError> {
        let mut reader = self.db.read().await?;
        let mut found = Vec::new();
        for tool in tools::all(&mut reader.tx()).await? {
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

    /// Platforms whose oldest delivery waits for more than a quarter of an hour, and is not held.
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
