//! Compares what we delivered with the gradebook, one person at a time (grades.md GR-27).

use crate::services::deliveries::rules::shown::{SentGrade, ShownGrade};
use crate::services::deliveries::rules::vendor::Vendor;

/// The gradebook, compared with what we delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    /// It has the last delivered grade.
    Same,
    /// It has no grade.
    Missing,
    /// It has an earlier grade of ours: the platform lost the later one, for example by restoring a
    /// backup.
    Different,
    /// It has a grade that we never delivered: it was changed there.
    Overridden,
}

/// A delivered score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ComparedGrade {
    /// Its score; `None` if it has none.
    sent: Option<SentGrade>,
    /// Whether it counts. If not, only some platforms show it.
    counts: bool,
}

impl ComparedGrade {
    /// A score with this grading progress.
    pub(super) fn new(sent: Option<SentGrade>, grading: &str, vendor: Vendor) -> Self {
        Self {
            sent,
            counts: vendor.counts(grading),
        }
    }

    /// A score that may be in the gradebook.
    pub(super) const fn possible(sent: SentGrade) -> Self {
        Self {
            sent: Some(sent),
            counts: true,
        }
    }

    fn is(self, theirs: Option<ShownGrade>, vendor: Vendor) -> bool {
        match (self.sent, theirs) {
            (Some(sent), Some(theirs)) => theirs.shows(sent, vendor),
            (Some(_), None) => !self.counts,
            (None, theirs) => theirs.is_none(),
        }
    }
}

/// Compares the delivered scores, latest first, with the grade in the gradebook.
pub(super) fn compare(
    ours: &[ComparedGrade],
    theirs: Option<ShownGrade>,
    vendor: Vendor,
) -> Comparison {
    let (last, earlier) = match ours {
        [] => return Comparison::Same,
        [last, earlier @ ..] => (last, earlier),
    };
    match theirs {
        _ if last.is(theirs, vendor) => Comparison::Same,
        None => Comparison::Missing,
        Some(_) if earlier.iter().any(|one| one.is(theirs, vendor)) => Comparison::Different,
        Some(_) => Comparison::Overridden,
    }
}

#[cfg(test)]
mod tests {
    use test_case::cases;

    use super::*;

    fn ours(score: Option<f64>, grading: &str) -> ComparedGrade {
        let sent = SentGrade::new(score, Some(10.0));
        ComparedGrade::new(sent, grading, Vendor::Other)
    }

    fn compared(ours: &[ComparedGrade], theirs: Option<f64>) -> Comparison {
        let theirs = ShownGrade::new(theirs, Some(100.0));
        compare(ours, theirs, Vendor::Other)
    }

    #[cases("GR-27")]
    #[test]
    fn a_grade_is_compared_with_all_that_was_delivered() {
        let graded = |score| ours(Some(score), "FullyGraded");
        let both = [graded(8.0), graded(5.0)];
        for (theirs, expected) in [
            (Some(80.0), Comparison::Same),
            (None, Comparison::Missing),
            (Some(50.0), Comparison::Different),
            (Some(90.0), Comparison::Overridden),
            (Some(80.01), Comparison::Overridden),
        ] {
            assert_eq!(compared(&both, theirs), expected, "{theirs:?}");
        }
        assert_eq!(compared(&[graded(12.0)], Some(100.0)), Comparison::Same);
        assert_eq!(
            compared(&[graded(25.0 / 3.0)], Some(83.33)),
            Comparison::Same
        );
        // A grade that was cleared.
        let cleared = [ours(None, "NotReady"), graded(5.0)];
        assert_eq!(compared(&cleared, None), Comparison::Same);
        assert_eq!(compared(&cleared, Some(50.0)), Comparison::Different);
    }

    #[cases("GR-15", "GR-27")]
    #[test]
    fn a_score_that_is_not_final_is_never_missing() {
        let by_hand = [ours(Some(6.0), "PendingManual")];
        assert_eq!(compared(&by_hand, None), Comparison::Same);
        assert_eq!(compared(&by_hand, Some(60.0)), Comparison::Same);
        assert_eq!(compared(&by_hand, Some(70.0)), Comparison::Overridden);
    }
}
