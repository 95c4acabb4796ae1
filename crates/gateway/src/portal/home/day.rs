//! The last 24 hours: how many launches came, and how many were refused.

use std::collections::{BTreeMap, HashSet};

use store::last_day::{self, RecentFailure};

use super::causes::{PlatformCause, worst};
use crate::kit::id::{first_of, time_of};
use crate::portal::chart::{bars, percent_of};
use crate::portal::frame::PortalFrame;
use crate::portal::people::person::Person;
use crate::portal::room::Portal;
use crate::usage::period::hour;
use crate::web::problem::Problem;
use crate::web::texts::portal_home as texts;

const HOUR_MS: i64 = 60 * 60 * 1000;
const HOURS: usize = 24;
/// How many failures are looked at.
const MOST_FAILURES: i64 = 10_000;

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
