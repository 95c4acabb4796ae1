//! What to do, given the current grade in the gradebook (grades.md GR-2, GR-5, GR-13, GR-15, GR-17,
//! GR-21).

use super::facts::ScoreFacts;
use super::last::LastDelivered;
use super::reading::{Reading, SeenGrade};
use super::shown::SentGrade;
use super::vendor::Vendor;

/// What is known when a score is about to be sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Situation<'a> {
    /// What is to be sent.
    pub score: ScoreFacts<'a>,
    pub last: Option<&'a LastDelivered>,
    /// Scores accepted after it that may already be there ([`LastDelivered::newer_than`]).
    pub newer: &'a [SentGrade],
    /// Whether it was sent before, with an unknown outcome.
    pub is_unsure: bool,
    /// Whether a grade that we didn't give takes precedence.
    pub teacher_wins: bool,
    pub vendor: Vendor,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SendingStep {
    /// Send it.
    Send,
    /// Send it again; says whether its comment may already be there.
    SendAgain { comment_may_be_there: bool },
    /// It is sent without its comment, which may have arrived with an earlier score.
    SendWithoutComment,
    /// The platform has it.
    Confirmed,
    /// The platform has a newer score.
    Overtaken,
    /// Whether or not the platform had it, it now has another grade.
    OverriddenSince,
    /// Someone else has graded.
    Overridden,
    /// The work has already been graded.
    AlreadyGraded,
    /// The platform's score is at least as high.
    NotHigher,
}

/// What a look into the gradebook, if there was one, says about a score that is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LookedUp {
    /// Whether the gradebook could show it, but doesn't.
    pub is_missing: bool,
    /// Whether someone else may have graded, with a grade that takes precedence, because the
    /// gradebook may not be read.
    pub may_be_a_teachers: bool,
}

impl Situation<'_> {
    /// What the gradebook says if the score is sent.
    pub(crate) fn looked_up(&self, reading: Option<&Reading>) -> LookedUp {
        let is_blind = reading == Some(&Reading::Impossible);
        LookedUp {
            // What the gradebook doesn't show can't be missing there.
            is_missing: !is_blind && !self.is_status(),
            may_be_a_teachers: is_blind && self.teacher_wins && !self.platform_knows(),
        }
    }

    /// Whether the score itself tells the platform that a teacher's grade takes precedence.
    pub(crate) fn platform_knows(&self) -> bool {
        self.vendor.keeps_teachers_grade()
    }

    /// Whether it is a status, which removes the current grade.
    pub(crate) fn is_status(&self) -> bool {
        self.score.is_status_only(self.vendor)
    }

    /// Whether the gradebook has to be read.
    pub(crate) fn needs_reading(&self) -> bool {
        self.is_unsure
            || self.score.is_for_grading_by_hand()
            || self.score.options().only_if_higher
            || (self.teacher_wins && !self.platform_knows())
            || self.may_double_comment()
            || !self.newer.is_empty()
    }

    /// What to do, given the gradebook.
    pub(crate) fn step(&self, reading: &Reading) -> SendingStep {
        if self.shows_newer(reading) {
            return SendingStep::Overtaken;
        }
        let comment = self.score.comment().filter(|_| !self.is_status());
        let is_missing =
            comment.is_some_and(|comment| reading.lacks_comment(comment, self.last, self.vendor));
        match self.step_of_score(reading) {
            SendingStep::SendAgain { .. } if is_missing => SendingStep::SendAgain {
                comment_may_be_there: false,
            },
            SendingStep::SendAgain { .. } if self.may_double_comment() => SendingStep::SendAgain {
                comment_may_be_there: true,
            },
            SendingStep::Send if !is_missing && self.may_double_comment() => {
                SendingStep::SendWithoutComment
            }
            step => step,
        }
    }

    /// Whether the same comment may have arrived with an earlier score that got no answer.
    fn may_double_comment(&self) -> bool {
        self.last
            .is_some_and(|last| last.may_double_comment(self.score))
    }

    /// Whether the gradebook shows a score newer than this one.
    fn shows_newer(&self, reading: &Reading) -> bool {
        let Reading::Grade(seen) = reading else {
            return false;
        };
        let mut newer = self.newer.iter();
        newer.any(|one| seen.grade.shows(*one, self.vendor))
    }

    /// What to do, apart from what other scores may have brought.
    fn step_of_score(&self, reading: &Reading) -> SendingStep {
        match (reading, self.is_unsure) {
            (Reading::Grade(seen), true) => self.unsure(seen),
            (Reading::Grade(seen), false) => self.first(seen),
            // A status isn't visible, so we don't know whether its comment arrived.
            (Reading::Nothing, true) => SendingStep::SendAgain {
                comment_may_be_there: self.is_status(),
            },
            (Reading::Impossible, true) => SendingStep::SendAgain {
                comment_may_be_there: true,
            },
            (Reading::Nothing | Reading::Impossible, false) if self.is_not_above_last() => {
                SendingStep::NotHigher
            }
            (Reading::Nothing | Reading::Impossible, false) => SendingStep::Send,
        }
    }

    fn unsure(&self, seen: &SeenGrade) -> SendingStep {
        if self.is_ours(seen) && !self.is_rather_last(seen) {
            let (sent, there) = (self.score.comment(), seen.comment.as_deref());
            // A platform that shows no comments can't tell.
            return match (sent, there) {
                (Some(sent), Some(there)) if sent != there => SendingStep::SendAgain {
                    comment_may_be_there: false,
                },
                _ if self.is_hidden_by_last(seen) => SendingStep::SendAgain {
                    comment_may_be_there: true,
                },
                _ => SendingStep::Confirmed,
            };
        }
        if self.is_last(seen) || !self.teacher_wins {
            return SendingStep::SendAgain {
                comment_may_be_there: self.is_status(),
            };
        }
        SendingStep::OverriddenSince
    }

    fn first(&self, seen: &SeenGrade) -> SendingStep {
        let is_last = self.is_last(seen);
        if self.score.is_for_grading_by_hand() && !is_last {
            return SendingStep::AlreadyGraded;
        }
        if self.score.options().only_if_higher {
            let new = self.score.fraction();
            if self.is_not_above_last() || new.is_none_or(|new| new <= seen.grade.part()) {
                return SendingStep::NotHigher;
            }
        }
        let is_ours = is_last || (!self.is_status() && self.is_ours(seen));
        if self.teacher_wins && !self.platform_knows() && !is_ours {
            return SendingStep::Overridden;
        }
        SendingStep::Send
    }

    fn is_not_above_last(&self) -> bool {
        let last = self.last.and_then(|last| last.fraction(self.vendor));
        let (Some(new), Some(last)) = (self.score.fraction(), last) else {
            return false;
        };
        self.score.options().only_if_higher && new <= last
    }

    /// Whether a grade is the one to be sent.
    fn is_ours(&self, seen: &SeenGrade) -> bool {
        let sent = self.score.sent();
        sent.is_some_and(|sent| seen.grade.shows(sent, self.vendor))
    }

    /// Whether a grade is the last delivered one, or one that may have arrived since.
    fn is_last(&self, seen: &SeenGrade) -> bool {
        self.shown_of_last(seen).next().is_some()
    }

    /// The scores that were delivered or may have arrived, and would be shown as this grade.
    fn shown_of_last(&self, seen: &SeenGrade) -> impl Iterator<Item = SentGrade> {
        let (grade, vendor, maximum) = (seen.grade, self.vendor, self.score.maximum());
        let all = self.last.into_iter().flat_map(LastDelivered::may_show);
        all.filter(move |one| {
            let keeps_points = |maximum| grade.keeps_points(*one, maximum, vendor);
            grade.shows(*one, vendor) || maximum.is_some_and(keeps_points)
        })
    }

    /// Whether a grade that could be the one to be sent is more likely an earlier one: because that
    /// is nearer, or because a status was to be sent, which is not a grade. Sending again what is
    /// there does less harm than calling something delivered that isn't.
    fn is_rather_last(&self, seen: &SeenGrade) -> bool {
        let Some(sent) = self.score.sent() else {
            return false;
        };
        let distance = seen.grade.distance(sent);
        let is_status = self.is_status();
        self.shown_of_last(seen)
            .any(|one| is_status || seen.grade.distance(one) < distance)
    }

    /// Whether the last score looks the same there, so that the comment or the attempt of the new
    /// one may be missing.
    fn is_hidden_by_last(&self, seen: &SeenGrade) -> bool {
        let (Some(last), Some(new)) = (self.last, self.score.sent()) else {
            return false;
        };
        let distance = seen.grade.distance(new);
        let looks_same = last.sent().is_some_and(|one| {
            seen.grade.shows(one, self.vendor) && seen.grade.distance(one) <= distance
        });
        let comment = self.score.comment();
        // If its new comment is there, this score has arrived.
        let is_there =
            comment.is_some() && comment == seen.comment.as_deref() && !last.came_with(comment);
        looks_same && !is_there && last.differs_besides(self.score)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use test_case::cases;

    use super::super::facts::tests::members;
    use super::super::facts::{CANVAS, ScoreOptions};
    use super::super::shown::tests::of_ten;
    use super::super::taken::{LaneTurn, TriedScore};
    use super::*;

    fn graded(score: f64) -> Value {
        json!({
            "scoreGiven": score, "scoreMaximum": 10, "activityProgress": "Completed", "gradingProgress": "FullyGraded",
            "comment": "good",
        })
    }

    fn grade(score: f64) -> Reading {
        Reading::Grade(SeenGrade {
            grade: of_ten(score),
            comment: None,
        })
    }

    /// A score that is sent after another one was delivered.
    struct SendingCase {
        score: Value,
        options: ScoreOptions,
        last: Option<f64>,
        is_unsure: bool,
        teacher_wins: bool,
        vendor: Vendor,
    }

    impl SendingCase {
        fn new(score: Value, last: Option<f64>) -> Self {
            Self {
                score,
                options: ScoreOptions::default(),
                last,
                is_unsure: false,
                teacher_wins: true,
                vendor: Vendor::Other,
            }
        }

        fn step(&self, reading: &Reading) -> SendingStep {
            let none = ScoreOptions::default();
            let last = self.last.map(|score| {
                let score = members(graded(score));
                LastDelivered::default().after(ScoreFacts::new(&score, &none), None, 1, 2)
            });
            let score = members(self.score.clone());
            let situation = Situation {
                score: ScoreFacts::new(&score, &self.options),
                last: last.as_ref(),
                newer: &[],
                is_unsure: self.is_unsure,
                teacher_wins: self.teacher_wins,
                vendor: self.vendor,
            };
            situation.step(reading)
        }
    }

    #[cases("GR-13")]
    #[test]
    fn a_teachers_grade_stays() {
        let case = SendingCase::new(graded(8.0), Some(5.0));
        assert_eq!(case.step(&grade(5.0)), SendingStep::Send);
        assert_eq!(case.step(&grade(7.0)), SendingStep::Overridden);
        assert_eq!(case.step(&Reading::Nothing), SendingStep::Send);
        assert_eq!(case.step(&Reading::Impossible), SendingStep::Send);
        // A score from before our first.
        assert_eq!(
            SendingCase::new(graded(8.0), None).step(&grade(7.0)),
            SendingStep::Overridden
        );
        let overwrites = SendingCase {
            teacher_wins: false,
            ..SendingCase::new(graded(8.0), Some(5.0))
        };
        assert_eq!(overwrites.step(&grade(7.0)), SendingStep::Send);
        let canvas = SendingCase {
            vendor: Vendor::Canvas,
            ..SendingCase::new(graded(8.0), Some(5.0))
        };
        assert_eq!(canvas.step(&grade(7.0)), SendingStep::Send);
    }

    #[cases("GR-2", "GR-13")]
    #[test]
    fn a_grade_of_ours_that_was_rounded_is_no_teachers() {
        let thirds = |given: f64| {
            let mut score = graded(given);
            score["scoreMaximum"] = json!(30);
            score
        };
        let case = |last: f64, new: f64, is_unsure, reading: &Reading, vendor| {
            let none = ScoreOptions::default();
            let (last, new) = (members(thirds(last)), members(thirds(new)));
            let last = LastDelivered::default().after(ScoreFacts::new(&last, &none), None, 1, 2);
            let situation = Situation {
                score: ScoreFacts::new(&new, &none),
                last: Some(&last),
                newer: &[],
                is_unsure,
                teacher_wins: true,
                vendor,
            };
            situation.step(reading)
        };
        let other = Vendor::Other;
        for shown in [8.33, 8.333, 8.333_33] {
            let step = case(25.0, 28.0, false, &grade(shown), other);
            assert_eq!(step, SendingStep::Send, "{shown}");
        }
        let changed = case(25.0, 28.0, false, &grade(8.34), other);
        assert_eq!(changed, SendingStep::Overridden);
        assert_eq!(
            case(25.0, 28.0, true, &grade(9.33), other),
            SendingStep::Confirmed
        );
        // Sakai truncates: 6.66 of 6.667.
        assert_eq!(
            case(20.0, 28.0, false, &grade(6.66), Vendor::Sakai),
            SendingStep::Send
        );
        assert_eq!(
            case(20.0, 28.0, false, &grade(6.66), other),
            SendingStep::Overridden
        );
        // Of two that look the same there, assume the nearer one.
        let again = SendingStep::SendAgain {
            comment_may_be_there: false,
        };
        assert_eq!(case(25.0, 25.004, true, &grade(8.33), other), again);
        assert_eq!(
            case(25.0, 24.99, true, &grade(8.33), other),
            SendingStep::Confirmed
        );
    }

    #[cases("GR-14", "GR-15")]
    #[test]
    fn a_status_takes_no_teachers_grade_for_its_own() {
        let mut by_hand = graded(7.0);
        by_hand["gradingProgress"] = json!("Pending");
        let case = SendingCase::new(by_hand, None);
        assert_eq!(case.step(&grade(7.0)), SendingStep::Overridden);
        assert_eq!(case.step(&Reading::Nothing), SendingStep::Send);
    }

    #[cases("GR-2")]
    #[test]
    fn what_is_unsure_is_looked_up_before_it_is_sent_again() {
        let case = SendingCase {
            is_unsure: true,
            ..SendingCase::new(graded(8.0), Some(5.0))
        };
        let again = |comment_may_be_there| SendingStep::SendAgain {
            comment_may_be_there,
        };
        assert_eq!(case.step(&grade(8.0)), SendingStep::Confirmed);
        assert_eq!(case.step(&grade(5.0)), again(false));
        assert_eq!(case.step(&grade(7.0)), SendingStep::OverriddenSince);
        assert_eq!(case.step(&Reading::Nothing), again(false));
        assert_eq!(case.step(&Reading::Impossible), again(true));
        let other_comment = Reading::Grade(SeenGrade {
            grade: of_ten(8.0),
            comment: Some("bad".into()),
        });
        assert_eq!(case.step(&other_comment), again(false));
        // A score above the maximum may have been reduced.
        let high = SendingCase {
            is_unsure: true,
            ..SendingCase::new(graded(12.0), None)
        };
        assert_eq!(high.step(&grade(10.0)), SendingStep::Confirmed);
    }

    #[cases("GR-2", "GR-16", "GR-17")]
    #[test]
    fn the_same_value_confirms_no_other_comment_or_attempt() {
        let score = |comment: Option<&str>| {
            let mut score = graded(8.0);
            score["comment"] = json!(comment);
            score
        };
        let shown = |comment: Option<&str>| {
            Reading::Grade(SeenGrade {
                grade: of_ten(8.0),
                comment: comment.map(str::to_owned),
            })
        };
        // The last score's comment is "good".
        let step = |new: Value, reading: &Reading| {
            let case = SendingCase {
                is_unsure: true,
                ..SendingCase::new(new, Some(8.0))
            };
            case.step(reading)
        };
        let again = SendingStep::SendAgain {
            comment_may_be_there: true,
        };
        assert_eq!(step(score(None), &shown(Some("good"))), again);
        assert_eq!(step(score(None), &shown(None)), again);
        assert_eq!(step(score(Some("better")), &shown(None)), again);
        let better = shown(Some("better"));
        assert_eq!(step(score(Some("better")), &better), SendingStep::Confirmed);
        let same = step(score(Some("good")), &shown(Some("good")));
        assert_eq!(same, SendingStep::Confirmed);
        // On Canvas comments stay, so an absent one changes nothing; an attempt does.
        let at_canvas = |is_new: bool| {
            let mut score = score(None);
            score[CANVAS] = json!({"new_submission": is_new});
            step(score, &shown(Some("good")))
        };
        assert_eq!(at_canvas(false), SendingStep::Confirmed);
        assert_eq!(at_canvas(true), again);
    }

    /// A grade out of ten at Canvas, and its comment.
    fn commented(score: f64, comment: Option<&str>) -> Reading {
        Reading::Grade(SeenGrade {
            grade: of_ten(score),
            comment: comment.map(str::to_owned),
        })
    }

    #[cases("GR-2", "GR-17")]
    #[test]
    fn canvas_shows_whether_a_comment_arrived() {
        let none = ScoreOptions::default();
        let without = json!({
            "scoreGiven": 8, "scoreMaximum": 10, "activityProgress": "Completed", "gradingProgress": "FullyGraded",
        });
        let (without, mut new) = (members(without), graded(8.0));
        new[CANVAS] = json!({"new_submission": false});
        let new = members(new);
        let last = LastDelivered::default().after(ScoreFacts::new(&without, &none), None, 1, 2);
        let situation = Situation {
            score: ScoreFacts::new(&new, &none),
            last: Some(&last),
            newer: &[],
            is_unsure: true,
            teacher_wins: true,
            vendor: Vendor::Canvas,
        };
        // The same value was already there, without a comment.
        let again = SendingStep::SendAgain {
            comment_may_be_there: false,
        };
        assert_eq!(situation.step(&commented(8.0, None)), again);
        let arrived = situation.step(&commented(8.0, Some("good")));
        assert_eq!(arrived, SendingStep::Confirmed);
    }

    #[cases("GR-2", "GR-17")]
    #[test]
    fn a_comment_of_a_lost_score_is_looked_up() {
        let none = ScoreOptions::default();
        let lost = TriedScore {
            turn: LaneTurn::default(),
            members: members(graded(8.0)),
            options: none.clone(),
            work: None,
            has_comment: true,
            time_ms: 1,
        };
        let last = LastDelivered::default().may_have(&lost);
        let mut new = graded(9.0);
        new[CANVAS] = json!({"new_submission": false});
        let new = members(new);
        let first = Situation {
            score: ScoreFacts::new(&new, &none),
            last: Some(&last),
            newer: &[],
            is_unsure: false,
            teacher_wins: true,
            vendor: Vendor::Canvas,
        };
        assert!(first.needs_reading());
        let again = Situation {
            is_unsure: true,
            ..first
        };
        for (reading, is_there) in [
            (commented(8.0, Some("good")), true),
            (commented(7.0, Some("other")), false),
            (commented(7.0, None), false),
            (Reading::Nothing, false),
            (Reading::Impossible, true),
        ] {
            let expected = match is_there {
                true => SendingStep::SendWithoutComment,
                false => SendingStep::Send,
            };
            assert_eq!(first.step(&reading), expected, "{reading:?}");
        }
        let sent_again = |comment_may_be_there| SendingStep::SendAgain {
            comment_may_be_there,
        };
        let arrived = again.step(&commented(8.0, Some("good")));
        assert_eq!(arrived, sent_again(true));
        assert_eq!(again.step(&Reading::Nothing), sent_again(false));
    }

    #[cases("GR-5")]
    #[test]
    fn what_shows_a_newer_score_gets_no_older_one() {
        let none = ScoreOptions::default();
        let score = members(graded(5.0));
        let newer = [SentGrade::of_part(0.8)];
        let situation = Situation {
            score: ScoreFacts::new(&score, &none),
            last: None,
            newer: &newer,
            is_unsure: false,
            teacher_wins: false,
            vendor: Vendor::Canvas,
        };
        assert!(situation.needs_reading());
        assert_eq!(situation.step(&grade(8.0)), SendingStep::Overtaken);
        assert_eq!(situation.step(&Reading::Nothing), SendingStep::Send);
    }

    #[cases("GR-15", "GR-21")]
    #[test]
    fn graded_work_is_not_put_before_the_teacher_again() {
        let by_hand = json!({"activityProgress": "Submitted", "gradingProgress": "PendingManual"});
        let case = SendingCase {
            vendor: Vendor::Canvas,
            ..SendingCase::new(by_hand, None)
        };
        assert_eq!(case.step(&grade(7.0)), SendingStep::AlreadyGraded);
        assert_eq!(case.step(&Reading::Nothing), SendingStep::Send);
        let higher = SendingCase {
            options: ScoreOptions {
                only_if_higher: true,
                ..ScoreOptions::default()
            },
            teacher_wins: false,
            ..SendingCase::new(graded(8.0), Some(5.0))
        };
        assert_eq!(higher.step(&grade(9.0)), SendingStep::NotHigher);
        assert_eq!(higher.step(&grade(7.0)), SendingStep::Send);
    }
}
