//! Why attempts were refused in the last 24 hours: what goes wrong now comes first, and what has
//! been mended since comes last.

use std::collections::HashMap;

use store::StoreError;
use store::last_day::RecentFailure;
use store::traces::{self, TraceFilter};

use crate::kit::id::time_of;
use crate::portal::failures::order::{OpenFirst, rank};
use crate::portal::failures::since::mended_since;
use crate::portal::frame::PortalFrame;
use crate::portal::people::person::Person;
use crate::portal::query::address;
use crate::portal::room::Portal;
use crate::portal::short::short_id;
use crate::web::problem::Problem;
use crate::web::texts::{Text, portal_home as texts};

/// How many causes are shown.
const WORST: usize = 4;
/// How many are looked at for them, as some may have been mended.
const LOOKED_AT: usize = 12;

/// Why attempts from one platform were refused.
pub(super) struct PlatformCause {
    pub(super) number: i64,
    pub(super) code: String,
    /// The platform's name, if known.
    pub(super) platform: Option<String>,
    /// The reason in words.
    pub(super) name: Text,
    pub(super) last: String,
    /// The newest failure if it has a remedy, otherwise the list of them.
    pub(super) address: String,
    /// The list of them.
    pub(super) all: String,
    /// Whether there is something to mend here.
    pub(super) is_ours: bool,
    /// What has been mended since the newest.
    pub(super) mended: Option<Text>,
}

/// A reason and a platform, with their failures counted.
struct CountedCause<'a> {
    reason: &'a str,
    platform_id: Option<&'a str>,
    number: i64,
    last_at: i64,
}

/// The causes to show of these failures, which are the newest first.
pub(super) async fn worst(
    portal: &Portal,
    person: &Person,
    frame: &PortalFrame,
    failures: &[RecentFailure],
) -> Result<Vec<PlatformCause>, Problem> {
    let mut causes = OpenFirst::new(WORST);
    for counted in counted(failures, frame.now).into_iter().take(LOOKED_AT) {
        let cause = cause_of(portal, person, frame, counted).await?;
        let is_mended = cause.mended.is_some();
        if causes.add(cause, is_mended) {
            break;
        }
    }
    Ok(causes.into_list())
}

/// The causes in their order.
fn counted(failures: &[RecentFailure], now: i64) -> Vec<CountedCause<'_>> {
    let mut by_cause: HashMap<(&str, Option<&str>), (i64, i64)> = HashMap::new();
    for failure in failures {
        let Some(reason) = failure.reason.as_deref() else {
            continue;
        };
        // The first one found is the newest.
        let cause = by_cause
            .entry((reason, failure.platform_id.as_deref()))
            .or_insert((0, time_of(&failure.id).unwrap_or(0)));
        cause.0 += 1;
    }
    let causes = by_cause.into_iter();
    let causes = causes.map(|((reason, platform_id), (number, last_at))| CountedCause {
        reason,
        platform_id,
        number,
        last_at,
    });
    let mut causes: Vec<CountedCause<'_>> = causes.collect();
    causes.sort_by_key(|cause| {
        let rank = rank(cause.last_at, cause.number, now);
        (rank, cause.reason, cause.platform_id)
    });
    causes
}

async fn cause_of(
    portal: &Portal,
    person: &Person,
    frame: &PortalFrame,
    counted: CountedCause<'_>,
) -> Result<PlatformCause, Problem> {
    let (reason, platform_id) = (counted.reason, counted.platform_id);
    let newest = newest(portal, &person.tool.id, reason, platform_id).await?;
    let platform = match platform_id {
        Some(id) => {
            let mut reader = portal.db.read().await?;
            store::platforms::by_id(&mut reader.tx(), id.to_owned()).await?
        }
        None => None,
    };
    let id = platform.as_ref().map(|platform| platform.id.as_str());
    let parameters = [
        ("show", Some("each")),
        ("platform", id),
        ("reason", Some(reason)),
    ];
    let all = address("/portal/failures", &parameters);
    let meaning = portal.traces.meaning(reason);
    let mended = mended_since(portal, person, meaning.remedy, newest.as_deref()).await?;
    let newest = newest.map(|reference| format!("/portal/failures/{reference}"));
    let last = texts::LAST_ONE.with("when", frame.when(counted.last_at));
    Ok(PlatformCause {
        number: counted.number,
        name: meaning.name,
        address: newest.unwrap_or_else(|| all.clone()),
        all,
        is_ours: meaning.remedy.is_here(),
        mended,
        code: reason.to_owned(),
        platform: platform.map(|platform| short_id(&platform.name)),
        last: frame.phrase(last),
    })
}

/// The reference of the newest failure with this cause.
async fn newest(
    portal: &Portal,
    tool_id: &str,
    reason: &str,
    platform_id: Option<&str>,
) -> Result<Option<String>, StoreError> {
    let filter = TraceFilter {
        tool_id: Some(tool_id.to_owned()),
        platform_id: platform_id.map(str::to_owned),
        reason: Some(reason.to_owned()),
        outcome: Some(traces::FAILED.to_owned()),
        limit: 1,
        ..TraceFilter::default()
    };
    let mut reader = portal.db.read().await?;
    let page = traces::page(&mut reader.tx(), &filter).await?;
    let newest = page.rows.into_iter().next();
    // Without a platform, the look-up finds failures of any platform.
    let newest = newest.filter(|row| row.platform_id.as_deref() == platform_id);
    Ok(newest.and_then(|row| row.correlation_id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::id::first_of;

    /// The time when these tests are.
    const NOW: i64 = 1_795_517_760_000;

    fn failure(minutes_ago: i64, reason: &str) -> RecentFailure {
        RecentFailure {
            id: first_of(NOW - minutes_ago * 60_000),
            reason: Some(reason.to_owned()),
            platform_id: None,
        }
    }

    #[test]
    fn what_goes_wrong_now_comes_before_what_did() {
        let failures = [
            failure(1, "STOPPED"),
            failure(2, "STATE"),
            failure(3, "STATE"),
            failure(70, "OLD"),
            failure(70, "OLD"),
            failure(71, "OLD"),
        ];
        let causes = counted(&failures, NOW);
        let causes: Vec<_> = causes
            .iter()
            .map(|cause| (cause.reason, cause.number))
            .collect();
        assert_eq!(causes, [("STATE", 2), ("STOPPED", 1), ("OLD", 3)]);
    }
}
