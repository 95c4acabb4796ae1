//! The clock of a platform, as far as its attempts tell.

use store::traces::{self, TraceFilter};
use store::{Db, StoreError};

use super::found::PlatformFinding;
use crate::directory::platforms::Platform;
use crate::directory::room::Directory;
use crate::directory::tools::Tool;
use crate::traces::TraceFacts;

/// How many attempts are searched for its clock's skew.
const LOOKED_AT: i64 = 20;

/// What is wrong with it, if it is off by more than its leeway.
///
/// # Errors
/// The store failed.
pub(super) async fn look_at_clock(
    room: &Directory,
    tool: &Tool,
    platform: &Platform,
) -> Result<Option<PlatformFinding>, StoreError> {
    let skew = skew(&room.db, platform).await?;
    Ok(skew.and_then(|skew| judged(skew, leeway(tool, platform))))
}

/// How far a platform's clock was ahead of ours when it last sent a token, in seconds.
///
/// # Errors
/// The store failed.
pub(crate) async fn skew(db: &Db, platform: &Platform) -> Result<Option<i64>, StoreError> {
    let filter = TraceFilter {
        tool_id: Some(platform.tool_id.clone()),
        platform_id: Some(platform.id.clone()),
        limit: LOOKED_AT,
        ..TraceFilter::default()
    };
    let mut reader = db.read().await?;
    let page = traces::page(&mut reader.tx(), &filter).await?;
    Ok(page.rows.iter().find_map(|row| skew_in(&row.trace)))
}

/// By how many seconds a platform's clock may be off.
pub(crate) fn leeway(tool: &Tool, platform: &Platform) -> u16 {
    let of_tool = tool.settings.launch.leeway_seconds;
    platform.launch.leeway_seconds.unwrap_or(of_tool)
}

/// How far the clock was ahead of ours, in seconds, if this attempt had a token.
fn skew_in(trace: &str) -> Option<i64> {
    let facts: TraceFacts = serde_json::from_str(trace).ok()?;
    facts.skew_seconds
}

fn judged(skew: i64, leeway: u16) -> Option<PlatformFinding> {
    let is_off = skew.unsigned_abs() > u64::from(leeway);
    is_off.then_some(PlatformFinding::ClockOff(skew))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_named_beyond_its_leeway_only() {
        assert_eq!(judged(-60, 60), None);
        assert_eq!(judged(-720, 60), Some(PlatformFinding::ClockOff(-720)));
        assert_eq!(judged(61, 60), Some(PlatformFinding::ClockOff(61)));
        assert_eq!(skew_in(r#"{"w": -720}"#), Some(-720));
        assert_eq!(skew_in("{}"), None);
    }
}
