//! What has come from a platform that has not launched yet: logins under another client id, and
//! deployments.

use store::deployments::{self, DeploymentStatus};
use store::platform_list::FoundPlatform;
use store::traces::{self, FAILED, TraceFilter, TraceRow};
use store::{StoreError, Tx};

use crate::kit::id::first_of;
use crate::traces::TraceFacts;

/// How many logins of unknown platforms are looked at.
const LOGINS: i64 = 20;

/// How many waiting deployments are offered; the platform's page has the rest.
const MOST_WAITING: usize = 6;

/// A platform's deployments.
#[derive(Default)]
pub(super) struct SeenDeployments {
    /// Whether one may launch.
    pub(super) is_allowed: bool,
    /// The ids of those that wait, oldest first.
    pub(super) waiting: Vec<String>,
}

/// Looks up the deployments of a platform.
///
/// # Errors
/// The store failed.
pub(super) async fn deployments_of(
    tx: &mut Tx<'_>,
    platform_id: &str,
) -> Result<SeenDeployments, StoreError> {
    let all = deployments::of_platform(tx, platform_id.to_owned()).await?;
    let (allowed, others): (Vec<_>, Vec<_>) = all
        .into_iter()
        .partition(|one| one.status == DeploymentStatus::Active);
    let waiting = others
        .into_iter()
        .filter(|one| one.status == DeploymentStatus::Pending);
    Ok(SeenDeployments {
        is_allowed: !allowed.is_empty(),
        waiting: waiting
            .map(|one| one.deployment_id)
            .take(MOST_WAITING)
            .collect(),
    })
}

/// The newest login since then, in milliseconds since 1970, that had the platform's issuer but
/// another client id, and so belonged to no platform.
///
/// # Errors
/// The store failed.
pub(super) async fn under_another_client_id(
    tx: &mut Tx<'_>,
    tool_id: &str,
    platform: &FoundPlatform,
    since: i64,
) -> Result<Option<TraceRow>, StoreError> {
    let filter = TraceFilter {
        tool_id: Some(tool_id.to_owned()),
        kind: Some("login".to_owned()),
        reason: Some("PLATFORM_UNREGISTERED".to_owned()),
        outcome: Some(FAILED.to_owned()),
        from_id: Some(first_of(since)),
        limit: LOGINS,
        ..TraceFilter::default()
    };
    let rows = traces::page(tx, &filter).await?.rows;
    let is_it = |row: &TraceRow| {
        let facts: Option<TraceFacts> = serde_json::from_str(&row.trace).ok();
        let named = facts.and_then(|facts| Some((facts.issuer?, facts.client_id?)));
        named.is_some_and(|(issuer, client_id)| {
            issuer == platform.issuer && client_id != platform.client_id
        })
    };
    Ok(rows.into_iter().find(is_it))
}
