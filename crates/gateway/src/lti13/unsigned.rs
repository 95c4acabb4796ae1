//! Rows that unauthenticated senders can cause. A platform's error is unsigned, and ends its login
//! with a row for the nonce (A-50, decision 0056). Clean-up may pause for a day, so these rows are
//! limited; beyond the limit, a login is ended only by removing its cookie.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
/// Rows per minute for one platform, and for all of them together, on this replica. Students whose
/// LMS session has expired cause such errors, a few in the first minute of a lesson.
const OF_PLATFORM: u32 = 60;
const OF_ALL: u32 = 600;

/// What was written in this minute.
#[derive(Default)]
pub(crate) struct UnsignedRows(Mutex<UnsignedMinute>);

#[derive(Default)]
struct UnsignedMinute {
    /// When the minute began, by the clock's uptime; `None` before the first row.
    began: Option<Duration>,
    all: u32,
    of_platforms: HashMap<String, u32>,
    is_told: bool,
}

impl UnsignedRows {
    /// Whether one more row may be written for this platform at `now`, an uptime. If not, that is
    /// logged once a minute.
    pub(super) fn admit(&self, platform_id: &str, now: Duration) -> bool {
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if minute
            .began
            .is_none_or(|began| now.saturating_sub(began) >= MINUTE)
        {
            *minute = UnsignedMinute {
                began: Some(now),
                ..UnsignedMinute::default()
            };
        }
        let of_platform = minute.of_platforms.get(platform_id).copied();
        let of_platform = of_platform.unwrap_or_default();
        if minute.all >= OF_ALL || of_platform >= OF_PLATFORM {
            if !minute.is_told {
                tracing::warn!(
                    platform_id,
                    "too many logins end with an unsigned error: for the rest of the minute such errors leave no row, and \
                     their logins end in their browser alone"
                );
                minute.is_told = true;
            }
            return false;
        }
        minute.all += 1;
        let number = of_platform + 1;
        minute.of_platforms.insert(platform_id.to_owned(), number);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_platform_has_its_part_of_the_rows_and_all_have_a_bound() {
        let rows = UnsignedRows::default();
        let at = Duration::from_secs;
        let written = |platform: &str, now| {
            let tries = 0..OF_PLATFORM * 2;
            tries.filter(|_| rows.admit(platform, at(now))).count()
        };
        let part = usize::try_from(OF_PLATFORM).unwrap_or(0);
        assert_eq!(written("one", 100), part);
        assert_eq!(written("other", 100), part, "it has its own");
        for number in 2..OF_ALL / OF_PLATFORM {
            assert_eq!(written(&number.to_string(), 159), part);
        }
        assert_eq!(written("one too many", 159), 0);
        assert_eq!(written("one", 160), part, "another minute");
    }
}
