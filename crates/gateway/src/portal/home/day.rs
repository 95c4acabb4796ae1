//! The last 24 hours: how many launches came, how many were refused, and the main reasons.

use std::collections::{BTreeMap, HashMap, HashSet};

use store::StoreError;
use store::last_day::{self, RecentFailure};
use store::traces::{self, TraceFilter};

use crate::kit::id::{first_of, time_of};
use crate::portal::chart::{bars, percent_of};
use crate::portal::failures::since::mended_since;
use crate::portal::frame::PortalFrame;
use crate::portal::people::person::Person;
use crate::portal::query::address;
use crate::portal::room::Portal;
use crate::usage::period::hour;
use crate::web::problem::Problem;
use crate::web::texts::{Text, portal_home as texts};

const HOUR_MS: i64 = 60 * 60 * 1000;
const HOURS: usize = 24;
/// How many failures are looked at.
const MOST_FAILURES: i64 = 10_000;
/// How many causes are shown.
const WORST: usize = 3;

/// The last 24 hours.
pub(super) struct Day {
    pub(super) launches: u64,
    pub(super) failed: u64,
    /// Different people since midnight, as far as counted.
    pub(super) people: i64,
    /// Platforms whose keys could not be read.
    pub(super) unreadable: usize,
    /// The percentage of refused attempts, in words.
    pub(super) share: String,
    pub(super) launch_bars: String,
    pub(super) failed_bars: String,
    pub(super) hours: Vec<HourLine>,
}

/// An hour in the table.
pub(super) struct HourLine {
    pub(super) hour: String,
    pub(super) launches: u64,
    pub(super) failed: u64,
}

/// Why attempts from one platform were refused.
pub(super) struct PlatformCause {
    pub(super) number: usize,
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

/// What happened in a tool in the last 24 hours.
pub(super) async fn of(
    portal: &Portal,
    person: &Person,
    frame: &PortalFrame,
) -> Result<(Day, Vec<PlatformCause>), Problem> {
    let tool_id = &person.tool.id;
    // Whole hours; the last one isn't over yet.
    let first_hour = frame.now / HOUR_MS - i64::try_from(HOURS).unwrap_or(0) + 1;
    let from = first_of(first_hour * HOUR_MS);
    let mut reader = portal.db.read().await?;
    let failures =
        last_day::failures(&mut reader.tx(), from, tool_id.to_owned(), MOST_FAILURES).await?;
    let today = portal.usage.today(&mut reader.tx(), tool_id, "").await?;
    let (first, last) = (hour(first_hour * HOUR_MS), hour(frame.now));
    let launches = portal
        .usage
        .by_hour(&mut reader.tx(), tool_id, first, last)
        .await?;
    drop(reader);
    let by_hour = in_order(&launches, first_hour);
    let times = failures.iter().filter_map(|failure| time_of(&failure.id));
    let failed_by_hour = counted(times, first_hour);
    let came: u64 = by_hour.iter().sum();
    let failed = failed_by_hour.iter().sum();
    let percent = percent_of(failed, came.saturating_add(failed));
    let highest = |numbers: &[u64]| numbers.iter().copied().max().unwrap_or(0);
    let (most, most_failed) = (highest(&by_hour), highest(&failed_by_hour));
    let label = frame.phrase(texts::BY_HOUR.with("most", most.to_string()));
    let failed_label = texts::FAILED_BY_HOUR.with("most", most_failed.to_string());
    let failed_label = frame.phrase(failed_label);
    // Both charts have one scale, or a single refusal would be as tall as all launches.
    let most = most.max(most_failed);
    let hours = (first_hour..).zip(by_hour.iter().zip(&failed_by_hour));
    let told = Day {
        launches: came,
        failed,
        people: today.people,
        unreadable: unreadable(&failures),
        share: frame.phrase(texts::SHARE.with("percent", percent.to_string())),
        launch_bars: bars(&by_hour, most, "accent", &label),
        failed_bars: bars(&failed_by_hour, most, "bad", &failed_label),
        hours: hours
            .map(|(hour, (launches, failed))| HourLine {
                hour: format!("{}:00", hour.rem_euclid(24)),
                launches: *launches,
                failed: *failed,
            })
            .collect(),
    };
    let causes = worst(portal, person, frame, &failures).await?;
    Ok((told, causes))
}

/// Number of platforms whose keys could not be read.
fn unreadable(failures: &[RecentFailure]) -> usize {
    let of_keys = failures.iter().filter(|failure| {
        let reason = failure.reason.as_deref();
        reason.is_some_and(|reason| reason.starts_with("KEY_SET_"))
    });
    let platforms: HashSet<&str> = of_keys
        .filter_map(|failure| failure.platform_id.as_deref())
        .collect();
    platforms.len()
}

/// How many of these times are in each hour.
fn counted(times: impl Iterator<Item = i64>, first_hour: i64) -> Vec<u64> {
    let mut counted = vec![0; HOURS];
    for time in times {
        let at = usize::try_from(time / HOUR_MS - first_hour);
        if let Some(number) = at.ok().and_then(|at| counted.get_mut(at)) {
            *number += 1;
        }
    }
    counted
}

/// The launches of every hour shown, oldest first.
fn in_order(launches: &BTreeMap<i64, i64>, first_hour: i64) -> Vec<u64> {
    let hours = (first_hour..).take(HOURS);
    let launches = hours.map(|at| launches.get(&hour(at * HOUR_MS)).copied().unwrap_or(0));
    launches
        .map(|number| u64::try_from(number).unwrap_or(0))
        .collect()
}

async fn worst(
    portal: &Portal,
    person: &Person,
    frame: &PortalFrame,
    failures: &[RecentFailure],
) -> Result<Vec<PlatformCause>, Problem> {
    let mut by_cause: HashMap<(&str, Option<&str>), (usize, i64)> = HashMap::new();
    for failure in failures {
        let Some(reason) = failure.reason.as_deref() else {
            continue;
        };
        let cause = by_cause
            .entry((reason, failure.platform_id.as_deref()))
            .or_insert((0, time_of(&failure.id).unwrap_or(0)));
        cause.0 += 1;
    }
    let mut worst: Vec<_> = by_cause.into_iter().collect();
    worst.sort_by_key(|((reason, platform), (number, _))| {
        (std::cmp::Reverse(*number), *reason, *platform)
    });
    worst.truncate(WORST);
    let mut causes = Vec::new();
    for ((reason, platform_id), (number, last_at)) in worst {
        let newest = newest(portal, &person.tool.id, reason, platform_id).await?;
        let platform = match platform_id {
            Some(id) => {
                let mut reader = portal.db.read().await?;
                store::platforms::by_id(&mut reader.tx(), id.to_owned()).await?
            }
            None => None,
        };
        let parameters = [
            ("show", Some("each")),
            (
                "platform",
                platform.as_ref().map(|platform| platform.id.as_str()),
            ),
            ("reason", Some(reason)),
        ];
        let all = address("/portal/failures", &parameters);
        let meaning = portal.traces.meaning(reason);
        let mended = mended_since(portal, person, meaning.remedy, newest.as_deref()).await?;
        let newest = newest.map(|reference| format!("/portal/failures/{reference}"));
        causes.push(PlatformCause {
            number,
            name: meaning.name,
            address: newest.unwrap_or_else(|| all.clone()),
            all,
            is_ours: meaning.remedy.is_here(),
            mended,
            code: reason.to_owned(),
            platform: platform.map(|platform| platform.name),
            last: frame.phrase(texts::LAST_ONE.with("when", frame.when(last_at))),
        });
    }
    Ok(causes)
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

    #[test]
    fn times_are_counted_by_their_hour_and_others_left_out() {
        let first = 1000;
        let times = [
            first * HOUR_MS - 1,
            first * HOUR_MS,
            (first + 1) * HOUR_MS - 1,
            (first + 23) * HOUR_MS,
            (first + 24) * HOUR_MS,
        ];
        let counted = counted(times.into_iter(), first);
        assert_eq!(
            (counted.len(), counted[0], counted[1], counted[23]),
            (24, 2, 0, 1)
        );
    }

    #[test]
    fn every_hour_has_its_number_of_launches() {
        let first = 1_795_517_760_000 / HOUR_MS;
        let noted = [(0, 7), (14, 2), (30, 9)];
        let noted = noted.map(|(at, launches)| (hour((first + at) * HOUR_MS), launches));
        let all = in_order(&noted.into(), first);
        assert_eq!((all.len(), all[0], all[1], all[14]), (HOURS, 7, 0, 2));
        assert_eq!(all.iter().sum::<u64>(), 9);
    }
}
