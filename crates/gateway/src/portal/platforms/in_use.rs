//! Whether a platform works today, so that a change which would end its launches is asked about.

use serde_json::Value;
use store::audit::AuditFilter;
use store::platform_visits;

use crate::audit::{AuditAction, AuditPart};
use crate::directory::platforms::Platform;
use crate::portal::room::Portal;
use crate::web::problem::Problem;

/// A platform works today if it launched within this time: a month, because schools have holidays.
const LATELY_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// How many of its changes since then are looked at.
const MOST_ENTRIES: i64 = 100;

/// When a platform launched last, in milliseconds since 1970.
///
/// # Errors
/// The store failed.
pub(crate) async fn last_launch(
    portal: &Portal,
    platform_id: &str,
) -> Result<Option<i64>, Problem> {
    let mut reader = portal.db.read().await?;
    let visit = platform_visits::of_platform(&mut reader.tx(), platform_id.to_owned()).await?;
    drop(reader);
    let visited_at = visit.map(|visit| visit.last_launch_at);
    Ok(visited_at.max(portal.lti13.visits.unwritten(platform_id)))
}

/// Whether it is active, and launched lately with the issuer and the client id that it has now.
///
/// # Errors
/// The store failed.
pub(crate) async fn works_today(portal: &Portal, platform: &Platform) -> Result<bool, Problem> {
    if !platform.active {
        return Ok(false);
    }
    let last = last_launch(portal, &platform.id).await?;
    let is_lately = last.is_some_and(|at| portal.clock.now_ms() - at < LATELY_MS);
    Ok(is_lately && is_as_it_launched(portal, platform).await? != Some(false))
}

/// Whether it has the issuer and the client id with which it launched last. `None` if it never
/// launched, or if nothing tells: it wasn't changed since, or by an API key, whose entries in the
/// audit don't say what was before (decision 0494).
///
/// # Errors
/// The store failed.
pub(crate) async fn is_as_it_launched(
    portal: &Portal,
    platform: &Platform,
) -> Result<Option<bool>, Problem> {
    let Some(last) = last_launch(portal, &platform.id).await? else {
        return Ok(None);
    };
    let filter = AuditFilter {
        action: Some(AuditAction::PlatformChanged.code().to_owned()),
        subject: Some(platform.id.clone()),
        since: Some(last),
        ..AuditFilter::default()
    };
    let (db, tool_id) = (&portal.db, &platform.tool_id);
    let changes = portal.audit.page(db, tool_id, &filter, None, MOST_ENTRIES);
    let AuditPart { lines, rest } = changes.await?;
    // Newest first: the last one says how it was before all of them.
    let before = lines.last().and_then(|first| first.before.as_ref());
    let found = before.and_then(|before| is_found_by(before, platform));
    match found.is_some() && is_searched(portal, tool_id, rest, last).await? {
        true => Ok(found),
        false => Ok(None),
    }
}

/// Whether a search that stopped at the entry `rest` went through everything since a time.
async fn is_searched(
    portal: &Portal,
    tool_id: &str,
    rest: Option<i64>,
    since: i64,
) -> Result<bool, Problem> {
    let Some(rest) = rest else {
        return Ok(true);
    };
    let (all, before) = (AuditFilter::default(), Some(rest.saturating_add(1)));
    let entry = portal.audit.page(&portal.db, tool_id, &all, before, 1);
    let entry = entry.await?.lines.into_iter().next();
    Ok(entry.is_some_and(|entry| entry.at < since))
}

/// Whether these members have the platform's issuer and client id.
fn is_found_by(members: &Value, platform: &Platform) -> Option<bool> {
    let issuer = members.get("url")?.as_str()?;
    let client_id = members.get("clientId")?.as_str()?;
    Some(issuer == platform.issuer && client_id == platform.client_id)
}
