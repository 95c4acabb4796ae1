//! Whether a platform works today, so that a change which would end its launches is asked about.

use store::platform_visits;

use crate::directory::platforms::Platform;
use crate::portal::room::Portal;
use crate::web::problem::Problem;

/// A platform works today if it launched within this time: a month, because schools have holidays.
const LATELY_MS: i64 = 30 * 24 * 60 * 60 * 1000;

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

/// Whether it is active and launched lately.
///
/// # Errors
/// The store failed.
pub(crate) async fn works_today(portal: &Portal, platform: &Platform) -> Result<bool, Problem> {
    if !platform.active {
        return Ok(false);
    }
    let last = last_launch(portal, &platform.id).await?;
    Ok(last.is_some_and(|at| portal.clock.now_ms() - at < LATELY_MS))
}
