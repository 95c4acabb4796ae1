//! What to do with a score that the platform calls too old (grades.md GR-2, GR-13; lti.md F-30).

use super::last::LastDelivered;

/// How far a platform's clock may differ from ours, in milliseconds: within that, the newer score
/// there may be our own last one.
const SKEW_MS: i64 = 10 * 1000;
/// How long to keep trying a score with our timestamp, in milliseconds, because the platform's
/// clock is ahead.
const PATIENCE_MS: i64 = 60 * 60 * 1000;

/// A score that the platform calls too old.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TooOld<'a> {
    /// Whether its timestamp is ours.
    pub is_our_time: bool,
    /// Whether the application's timestamp may be changed, once.
    pub may_move: bool,
    /// Whether it was changed in this attempt.
    pub has_moved: bool,
    /// Whether it was sent before, with an unknown outcome.
    pub is_unsure: bool,
    /// Whether the gradebook could show it, but doesn't.
    pub is_missing: bool,
    /// Whether the platform's message is about timestamps.
    pub speaks_of_times: bool,
    /// Whether a teacher's grade takes precedence and could be the reason, because the gradebook
    /// may not be read.
    pub may_be_a_teachers: bool,
    pub last: Option<&'a LastDelivered>,
    /// Its own time, in milliseconds since 1970.
    pub time_ms: i64,
    /// Since when the platform has called it too old, in milliseconds since 1970.
    pub since_ms: Option<i64>,
    pub now_ms: i64,
}

/// What to do with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TooOldStep {
    /// An earlier attempt had arrived.
    Arrived,
    /// Send it with a later timestamp.
    Move,
    /// Retry according to the schedule.
    Wait,
    /// Treat the refusal as final.
    Refused,
}

impl TooOld<'_> {
    pub(crate) fn step(self) -> TooOldStep {
        if self.is_unsure && !self.is_missing {
            return match self.speaks_of_times {
                true => TooOldStep::Arrived,
                false => TooOldStep::Wait,
            };
        }
        let may_move = self.is_our_time || self.may_move;
        if !may_move || (self.may_be_a_teachers && !self.may_be_ours()) {
            return TooOldStep::Refused;
        }
        let since_ms = self.since_ms.unwrap_or(self.now_ms);
        match self.has_moved {
            false => TooOldStep::Move,
            true if self.now_ms.saturating_sub(since_ms) < PATIENCE_MS => TooOldStep::Wait,
            true => TooOldStep::Refused,
        }
    }

    /// Whether the newer score there may be our own last one.
    fn may_be_ours(&self) -> bool {
        self.last.is_some_and(|last| {
            let saved = last.time_ms.max(last.delivered_ms);
            !last.maybe.is_empty()
                || (last.is_known() && self.time_ms <= saved.saturating_add(SKEW_MS))
        })
    }
}

#[cfg(test)]
mod tests {
    use test_case::cases;

    use super::*;

    fn too_old() -> TooOld<'static> {
        TooOld {
            is_our_time: true,
            may_move: false,
            has_moved: false,
            is_unsure: false,
            is_missing: true,
            speaks_of_times: true,
            may_be_a_teachers: false,
            last: None,
            time_ms: 100_000,
            since_ms: None,
            now_ms: 100_000,
        }
    }

    #[cases("GR-5")]
    #[test]
    fn a_clock_that_is_ahead_costs_no_score() {
        assert_eq!(too_old().step(), TooOldStep::Move);
        let moved = TooOld {
            has_moved: true,
            since_ms: Some(50_000),
            ..too_old()
        };
        assert_eq!(moved.step(), TooOldStep::Wait);
        let for_long = TooOld {
            now_ms: 50_000 + PATIENCE_MS,
            ..moved
        };
        assert_eq!(for_long.step(), TooOldStep::Refused);
        let theirs = TooOld {
            is_our_time: false,
            ..too_old()
        };
        assert_eq!(theirs.step(), TooOldStep::Refused);
        let once = TooOld {
            may_move: true,
            ..theirs
        };
        assert_eq!(once.step(), TooOldStep::Move);
    }

    #[cases("GR-13")]
    #[test]
    fn what_may_be_a_teachers_stays_where_nobody_may_look() {
        let blind = TooOld {
            may_be_a_teachers: true,
            ..too_old()
        };
        assert_eq!(blind.step(), TooOldStep::Refused);
        let last = |delivered_ms| LastDelivered {
            delivered_ms,
            ..LastDelivered::default()
        };
        for (delivered_ms, expected) in [
            (99_000, TooOldStep::Move),
            (100_000 - SKEW_MS - 1, TooOldStep::Refused),
        ] {
            let last = last(delivered_ms);
            let ours = TooOld {
                last: Some(&last),
                ..blind
            };
            assert_eq!(ours.step(), expected, "{delivered_ms}");
        }
    }

    #[cases("GR-2")]
    #[test]
    fn a_conflict_shows_an_arrival_only_if_it_says_so() {
        let unsure = TooOld {
            is_unsure: true,
            is_missing: false,
            ..too_old()
        };
        assert_eq!(unsure.step(), TooOldStep::Arrived);
        let conflict = TooOld {
            speaks_of_times: false,
            ..unsure
        };
        assert_eq!(conflict.step(), TooOldStep::Wait);
        // The gradebook was read, and it isn't there.
        let missing = TooOld {
            is_missing: true,
            ..unsure
        };
        assert_eq!(missing.step(), TooOldStep::Move);
    }
}
