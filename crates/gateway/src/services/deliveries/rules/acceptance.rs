//! What becomes of a submitted score (grades.md GR-14, GR-18, GR-20, GR-21).

use super::facts::ScoreFacts;
use super::last::LastDelivered;
use super::vendor::Vendor;
use crate::settings::grades::OverMaximum;

/// What becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Acceptance {
    /// Deliver it.
    Deliver,
    /// The platform already has it.
    Equal,
    /// Only a higher score was to be delivered.
    NotHigher,
    /// It would remove a score.
    WouldClear,
    /// It is above its maximum, which the platform doesn't accept.
    OutOfRange,
}

/// The earlier scores that the rules compare it with: the last delivery, and those still waiting.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct EarlierScores<'a> {
    pub(crate) last: Option<&'a LastDelivered>,
    /// The newest of those that wait.
    pub(crate) waiting: Option<ScoreFacts<'a>>,
    /// Whether those that wait can't be read; one of them may have arrived.
    pub(crate) is_unread: bool,
    /// The highest of those that wait and that it would overtake, as a part of its maximum. If it
    /// is sent behind them, their outcome decides about it.
    pub(crate) overtakes: Option<f64>,
}

impl<'a> EarlierScores<'a> {
    /// The waiting ones that have a score that counts.
    fn counting(&self, vendor: Vendor) -> Option<ScoreFacts<'a>> {
        let waiting = self.waiting;
        waiting.filter(|waiting| !waiting.is_status_only(vendor))
    }
}

/// What becomes of a score at a platform of this kind.
pub(crate) fn of(
    score: ScoreFacts<'_>,
    before: EarlierScores<'_>,
    vendor: Vendor,
    over: OverMaximum,
) -> Acceptance {
    let options = score.options();
    let waits_with_score = before.counting(vendor).is_some();
    let had_score = waits_with_score || before.last.is_some_and(|last| last.has_score(vendor));
    if score.is_status_only(vendor) && had_score && !options.clear {
        return Acceptance::WouldClear;
    }
    if over == OverMaximum::Refuse && score.fraction().is_some_and(|part| part > 1.0) {
        return Acceptance::OutOfRange;
    }
    if options.only_if_higher && !is_higher(score, before, vendor) {
        return Acceptance::NotHigher;
    }
    let is_equal = before.last.is_some_and(|last| last.is_equal(score));
    let waits = before.waiting.is_some() || before.is_unread;
    if is_equal && !waits && !options.force {
        return Acceptance::Equal;
    }
    Acceptance::Deliver
}

/// Whether a score is higher than all earlier ones, or may turn out to be; a score without a value
/// is not.
fn is_higher(score: ScoreFacts<'_>, before: EarlierScores<'_>, vendor: Vendor) -> bool {
    let last = before.last.and_then(|last| last.fraction(vendor));
    let Some(new) = score.fraction() else {
        // Without a maximum, which is read later, this can't be decided yet.
        return score.given().is_some();
    };
    // A higher one that waits may still be refused. But what is overtaken is not sent any more, so
    // it counts as if it were there.
    let mut earlier = [last, before.overtakes].into_iter().flatten();
    earlier.all(|one| new > one)
}

/// Whether a score replaces one that is waiting before it (GR-5). A score that is only to be sent
/// if it is higher (GR-21) waits behind it, unless it is known to be higher: the outcome of the
/// other one decides.
pub(crate) fn takes_place_of(new: ScoreFacts<'_>, waiting: ScoreFacts<'_>) -> bool {
    if !new.options().only_if_higher {
        return true;
    }
    match (new.fraction(), waiting.fraction()) {
        (Some(new), Some(waiting)) => new > waiting,
        _ => false,
    }
}

/// Whether a newer score makes an undelivered older one pointless, even if that one ended long ago.
/// A status doesn't, because the older grade is nowhere, unless the status was to remove grades.
pub(crate) fn outdates(newer: ScoreFacts<'_>, older: ScoreFacts<'_>, vendor: Vendor) -> bool {
    let has_grade = !newer.is_status_only(vendor) || newer.options().clear;
    (has_grade || older.is_status_only(vendor)) && takes_place_of(newer, older)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use test_case::cases;

    use super::super::facts::ScoreOptions;
    use super::super::facts::tests::members;
    use super::*;

    fn graded(score: f64) -> Value {
        json!({
            "scoreGiven": score, "scoreMaximum": 10, "activityProgress": "Completed", "gradingProgress": "FullyGraded",
        })
    }

    #[cases("GR-18")]
    #[test]
    fn beside_one_that_cannot_be_read_no_score_is_equal() {
        let (score, none) = (members(graded(5.0)), ScoreOptions::default());
        let score = ScoreFacts::new(&score, &none);
        let last = LastDelivered::default().after(score, None, 1, 2);
        for (is_unread, expected) in [(false, Acceptance::Equal), (true, Acceptance::Deliver)] {
            let before = EarlierScores {
                last: Some(&last),
                is_unread,
                ..EarlierScores::default()
            };
            let accepted = of(score, before, Vendor::Other, OverMaximum::Send);
            assert_eq!(accepted, expected);
        }
    }

    fn accepted(
        score: Value,
        options: &ScoreOptions,
        last: Option<f64>,
        waiting: Option<Value>,
    ) -> Acceptance {
        accepted_as(score, options, last, waiting, false)
    }

    fn accepted_as(
        score: Value,
        options: &ScoreOptions,
        last: Option<f64>,
        waiting: Option<Value>,
        is_behind: bool,
    ) -> Acceptance {
        let none = ScoreOptions::default();
        let last = last.map(|score| {
            let score = members(graded(score));
            LastDelivered::default().after(ScoreFacts::new(&score, &none), None, 1, 2)
        });
        let waiting = waiting.map(members);
        let waiting = waiting.as_ref().map(|score| ScoreFacts::new(score, &none));
        let overtaken = waiting.filter(|one| !is_behind && !one.is_status_only(Vendor::Other));
        let before = EarlierScores {
            last: last.as_ref(),
            waiting,
            is_unread: false,
            overtakes: overtaken.and_then(|one| one.fraction()),
        };
        let score = members(score);
        of(
            ScoreFacts::new(&score, options),
            before,
            Vendor::Other,
            OverMaximum::Refuse,
        )
    }

    #[cases("GR-14")]
    #[test]
    fn a_status_after_a_score_is_refused_unless_it_is_meant() {
        let status = || json!({"activityProgress": "InProgress", "gradingProgress": "Pending"});
        let by_hand = json!({"activityProgress": "Submitted", "gradingProgress": "PendingManual"});
        let none = ScoreOptions::default();
        let clear = ScoreOptions {
            clear: true,
            ..none.clone()
        };
        assert_eq!(accepted(status(), &none, None, None), Acceptance::Deliver);
        assert_eq!(
            accepted(status(), &none, Some(8.0), None),
            Acceptance::WouldClear
        );
        assert_eq!(
            accepted(by_hand.clone(), &none, Some(8.0), None),
            Acceptance::WouldClear
        );
        // Even with a score, which does not count.
        let mut scored = by_hand.clone();
        scored["scoreGiven"] = json!(6);
        scored["scoreMaximum"] = json!(10);
        assert_eq!(
            accepted(scored.clone(), &none, Some(8.0), None),
            Acceptance::WouldClear
        );
        assert_eq!(
            accepted(scored.clone(), &none, None, Some(graded(8.0))),
            Acceptance::WouldClear
        );
        assert_eq!(
            accepted(scored.clone(), &none, None, Some(by_hand)),
            Acceptance::Deliver
        );
        assert_eq!(
            accepted(scored, &clear, Some(8.0), None),
            Acceptance::Deliver
        );
        assert_eq!(
            accepted(status(), &none, None, Some(graded(8.0))),
            Acceptance::WouldClear
        );
        assert_eq!(
            accepted(status(), &clear, Some(8.0), None),
            Acceptance::Deliver
        );
    }

    #[cases("GR-18")]
    #[test]
    fn an_equal_score_is_not_sent_unless_it_is_meant() {
        let none = ScoreOptions::default();
        let force = ScoreOptions {
            force: true,
            ..none.clone()
        };
        let equal = |options, waiting| accepted(graded(8.0), options, Some(8.0), waiting);
        assert_eq!(equal(&none, None), Acceptance::Equal);
        assert_eq!(equal(&force, None), Acceptance::Deliver);
        // The waiting one would undo it.
        assert_eq!(equal(&none, Some(graded(5.0))), Acceptance::Deliver);
    }

    #[cases("GR-20", "GR-21")]
    #[test]
    fn too_high_and_not_higher_scores_are_told_apart() {
        let none = ScoreOptions::default();
        let higher = ScoreOptions {
            only_if_higher: true,
            ..none.clone()
        };
        assert_eq!(
            accepted(graded(10.5), &none, None, None),
            Acceptance::OutOfRange
        );
        for (score, last, waiting, expected) in [
            (8.0, None, None, Acceptance::Deliver),
            (8.0, Some(7.0), None, Acceptance::Deliver),
            (8.0, Some(8.0), None, Acceptance::NotHigher),
            (8.0, Some(7.0), Some(9.0), Acceptance::NotHigher),
            (8.0, None, Some(7.0), Acceptance::Deliver),
        ] {
            let waiting = waiting.map(graded);
            assert_eq!(accepted(graded(score), &higher, last, waiting), expected);
        }
        // If it is sent after the waiting one, that one's outcome decides.
        for (last, expected) in [(7.0, Acceptance::Deliver), (8.0, Acceptance::NotHigher)] {
            let waiting = Some(graded(9.0));
            let behind = accepted_as(graded(8.0), &higher, Some(last), waiting, true);
            assert_eq!(behind, expected);
        }
    }

    #[cases("GR-5", "GR-21")]
    #[test]
    fn only_what_is_known_to_be_higher_takes_a_higher_ones_place() {
        let none = ScoreOptions::default();
        let higher = ScoreOptions {
            only_if_higher: true,
            ..none.clone()
        };
        let without_maximum = json!({
            "scoreGiven": 5, "activityProgress": "Completed", "gradingProgress": "FullyGraded",
        });
        for (new, options, waiting, expected) in [
            (graded(5.0), &none, graded(9.0), true),
            (graded(5.0), &higher, graded(9.0), false),
            (graded(9.5), &higher, graded(9.0), true),
            (without_maximum.clone(), &higher, graded(9.0), false),
            (graded(9.5), &higher, without_maximum.clone(), false),
            (without_maximum, &none, graded(9.0), true),
        ] {
            let (new, waiting) = (members(new), members(waiting));
            let takes = takes_place_of(
                ScoreFacts::new(&new, options),
                ScoreFacts::new(&waiting, &none),
            );
            assert_eq!(takes, expected, "{new:?} {waiting:?}");
        }
    }
    #[cases("GR-5")]
    #[test]
    fn a_status_makes_no_older_grade_pointless() {
        let none = ScoreOptions::default();
        let clear = ScoreOptions {
            clear: true,
            ..none.clone()
        };
        let higher = ScoreOptions {
            only_if_higher: true,
            ..none.clone()
        };
        let status = json!({"activityProgress": "InProgress", "gradingProgress": "NotReady"});
        for (newer, options, older, expected) in [
            (graded(5.0), &none, graded(9.0), true),
            (graded(5.0), &higher, graded(9.0), false),
            (graded(5.0), &none, status.clone(), true),
            (status.clone(), &none, graded(9.0), false),
            (status.clone(), &clear, graded(9.0), true),
            (status.clone(), &none, status, true),
        ] {
            let (newer, older) = (members(newer), members(older));
            let is_pointless = outdates(
                ScoreFacts::new(&newer, options),
                ScoreFacts::new(&older, &none),
                Vendor::Other,
            );
            assert_eq!(is_pointless, expected, "{newer:?} {older:?}");
        }
    }
}
