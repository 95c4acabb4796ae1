//! What it takes to tolerate the clock of a platform whose token was refused for its times.

use crate::directory::platforms::Platform;
use crate::portal::people::person::Person;
use crate::settings::launch::{LaunchRules, MAX_LEEWAY};
use crate::traces::answer::Trace;

/// What it takes to tolerate a clock.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ClockTolerance {
    /// A leeway of so many seconds.
    Leeway(i64),
    /// More than may be set.
    TooFar {
        /// The clock is ahead of ours (positive) or behind it by so many seconds.
        skew: i64,
        /// What is tolerated at most, in seconds.
        most: i64,
    },
    /// Nothing: tokens as old as this one are accepted by now.
    Granted,
    /// The attempt doesn't say how far the clock was off, or it was right.
    Unknown,
}

impl ClockTolerance {
    /// For the clock of this attempt, with the rules that the platform has now.
    pub(super) fn of(trace: &Trace, person: &Person, platform: &Platform) -> Self {
        let Some(skew) = trace.skew_seconds else {
            return Self::Unknown;
        };
        let of_tool = person.tool.settings.launch.max_age_seconds;
        let age = platform.launch.max_age_seconds.unwrap_or(of_tool);
        let reason = trace.reason.as_ref();
        let is_old = reason.is_some_and(|reason| reason.code == "TOKEN_TOO_OLD");
        Self::new(skew, is_old.then_some(i64::from(age)))
    }

    /// For a clock with this skew. A token that was refused for its age alone may have this age
    /// anyway, so that only the rest needs leeway.
    fn new(skew: i64, allowed_age: Option<i64>) -> Self {
        let off = match allowed_age {
            Some(age) => skew.saturating_add(age),
            None => skew,
        };
        if allowed_age.is_some() && off >= 0 {
            return Self::Granted;
        }
        match leeway_for(off) {
            Some(seconds) => Self::Leeway(seconds),
            None if off == 0 => Self::Unknown,
            None => Self::TooFar {
                skew,
                most: i64::from(MAX_LEEWAY).saturating_add(allowed_age.unwrap_or(0)),
            },
        }
    }

    /// Whether the leeway in force is long enough for it by now. If that is the tool's, a clock
    /// that every tool allows for from the start was hardly the cause.
    pub(super) fn is_granted_by(&self, platform: &Platform, person: &Person) -> bool {
        let has_own = platform.launch.leeway_seconds.is_some();
        let usual = i64::from(LaunchRules::default().leeway_seconds);
        match self {
            Self::Leeway(needed) => {
                leeway_of(platform, person) >= *needed && (has_own || *needed > usual)
            }
            Self::Granted => true,
            Self::TooFar { .. } | Self::Unknown => false,
        }
    }
}

/// The leeway in force at this platform, in seconds: its own, or else the tool's.
pub(super) fn leeway_of(platform: &Platform, person: &Person) -> i64 {
    let of_tool = person.tool.settings.launch.leeway_seconds;
    i64::from(platform.launch.leeway_seconds.unwrap_or(of_tool))
}

/// The leeway that tolerates a clock with this skew, in whole minutes; `None` if it would be too
/// long.
fn leeway_for(skew: i64) -> Option<i64> {
    let (off, most) = (skew.checked_abs()?, i64::from(MAX_LEEWAY));
    if off == 0 || off >= most {
        return None;
    }
    Some(((off + 15 + 59) / 60 * 60).min(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leeway_is_as_long_as_the_clock_is_off_up_to_its_bound() {
        assert_eq!(leeway_for(-184), Some(240));
        assert_eq!(leeway_for(10), Some(60));
        assert_eq!(leeway_for(290), Some(300));
        assert_eq!(leeway_for(301), None);
        assert_eq!(leeway_for(0), None);
        assert_eq!(leeway_for(i64::MIN), None);
    }

    #[test]
    fn a_token_may_be_as_old_as_its_limit_and_the_leeway() {
        let of_age = |skew| ClockTolerance::new(skew, Some(600));
        assert_eq!(of_age(-720), ClockTolerance::Leeway(180));
        let too_far = |skew, most| ClockTolerance::TooFar { skew, most };
        assert_eq!(of_age(-900), too_far(-900, 900));
        assert_eq!(of_age(-590), ClockTolerance::Granted);
        assert_eq!(ClockTolerance::new(-720, None), too_far(-720, 300));
        assert_eq!(ClockTolerance::new(0, None), ClockTolerance::Unknown);
    }
}
