//! Whether a grade in a gradebook is one of our scores. Platforms store points on the line item's
//! scale, round them, and cap them (grades.md GR-2, GR-13, GR-27; decision 0307).

use serde::{Deserialize, Serialize};

use super::vendor::Vendor;

/// The decimals that every platform keeps.
const COARSEST: i32 = 2;
/// The decimals of the most precise platform that rounds, which is Moodle.
const FINEST: i32 = 5;
/// How far a number may deviate from the whole number it should be, because of binary arithmetic.
const WHOLE: f64 = 1e-3;
/// The relative deviation of two numbers that should be equal.
const NOISE: f64 = 1e-9;

/// A score as sent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct SentGrade {
    given: f64,
    /// Above 0.
    maximum: f64,
}

impl SentGrade {
    /// `None` if there is no score, or if its maximum is not known.
    pub(crate) fn new(given: Option<f64>, maximum: Option<f64>) -> Option<Self> {
        let maximum = maximum.filter(|maximum| *maximum > 0.0)?;
        given.map(|given| Self { given, maximum })
    }

    /// A score of which only the fraction of the maximum is known, treated as a percentage.
    pub(crate) const fn of_part(part: f64) -> Self {
        Self {
            given: 100.0 * part,
            maximum: 100.0,
        }
    }

    /// As a fraction of its maximum.
    pub(crate) const fn part(self) -> f64 {
        self.given / self.maximum
    }

    /// Whether it is the same score of the application, regardless of what a platform makes of it.
    pub(crate) fn is_same(self, other: Self) -> bool {
        is_near(self.given, other.given) && is_near(self.maximum, other.maximum)
    }

    /// Capped at the maximum.
    fn at_most_all(self) -> Self {
        Self {
            given: self.given.min(self.maximum),
            ..self
        }
    }
}

/// A grade as shown in the gradebook.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ShownGrade {
    score: f64,
    /// Above 0.
    maximum: f64,
}

impl ShownGrade {
    /// `None` if there is no grade, or if its maximum is not known.
    pub(crate) fn new(score: Option<f64>, maximum: Option<f64>) -> Option<Self> {
        let maximum = maximum.filter(|maximum| *maximum > 0.0)?;
        score.map(|score| Self { score, maximum })
    }

    /// As a fraction of its maximum.
    pub(crate) const fn part(self) -> f64 {
        self.score / self.maximum
    }

    /// Its distance from a score, as a fraction of the maximum.
    pub(crate) fn distance(self, sent: SentGrade) -> f64 {
        (self.part() - sent.part()).abs()
    }

    /// Whether it is what this platform makes of a score.
    pub(crate) fn shows(self, sent: SentGrade, vendor: Vendor) -> bool {
        // Some cap scores at the maximum.
        [sent, sent.at_most_all()]
            .into_iter()
            .any(|sent| self.is_rounded(sent) || (vendor.cuts_hundredths() && self.is_cut(sent)))
    }

    /// Whether it still has the points of a score after its line item got this maximum: some
    /// platforms leave them as they were (GR-25).
    pub(crate) fn keeps_points(self, sent: SentGrade, maximum: f64, vendor: Vendor) -> bool {
        let as_stored = |sent: SentGrade| SentGrade {
            maximum: self.maximum,
            ..sent
        };
        is_near(self.maximum, maximum)
            && [sent, sent.at_most_all()]
                .into_iter()
                .any(|sent| self.shows(as_stored(sent), vendor))
    }

    /// Whether it is the score, rounded as points or as a percentage.
    fn is_rounded(self, sent: SentGrade) -> bool {
        rounds_to(sent.part() * self.maximum, self.score)
            || rounds_to(100.0 * sent.part(), 100.0 * self.part())
    }

    /// Whether it is the score as stored by Sakai's assignments: in whole hundredths, truncated
    /// first on the score's scale and then on their own.
    fn is_cut(self, sent: SentGrade) -> bool {
        let (given, maximum) = ((100.0 * sent.given).trunc(), (100.0 * sent.maximum).trunc());
        let own = (100.0 * self.maximum).round();
        let cut = if maximum == own || maximum == 0.0 {
            given
        } else {
            (given * own / maximum).trunc()
        };
        (100.0 * self.score - cut).abs() < WHOLE
    }
}

fn is_near(one: f64, other: f64) -> bool {
    (one - other).abs() <= NOISE * one.abs().max(other.abs())
}

/// Whether a number is shown as another one: rounding changes it by at most half a unit of the last
/// decimal shown.
fn rounds_to(exact: f64, shown: f64) -> bool {
    let unit = |decimals: i32| 10_f64.powi(-decimals);
    let is_whole = |decimals: &i32| {
        let units = shown / unit(*decimals);
        (units - units.round()).abs() < WHOLE
    };
    let decimals = (COARSEST..=FINEST).find(is_whole);
    let half = unit(decimals.unwrap_or(FINEST)) / 2.0;
    (exact - shown).abs() <= half + NOISE * exact.abs().max(1.0)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
pub(crate) mod tests {
    use test_case::cases;

    use super::*;

    /// A grade out of ten.
    pub(crate) fn of_ten(score: f64) -> ShownGrade {
        ShownGrade::new(Some(score), Some(10.0)).unwrap()
    }

    fn shows(sent: (f64, f64), shown: (f64, f64), vendor: Vendor) -> bool {
        let sent = SentGrade::new(Some(sent.0), Some(sent.1)).unwrap();
        let shown = ShownGrade::new(Some(shown.0), Some(shown.1)).unwrap();
        shown.shows(sent, vendor)
    }

    #[cases("GR-2", "GR-13", "GR-27")]
    #[test]
    fn a_score_is_known_however_it_is_rounded() {
        for (sent, shown) in [
            ((25.0, 30.0), (8.33, 10.0)),
            ((25.0, 30.0), (8.333, 10.0)),
            ((25.0, 30.0), (8.333_33, 10.0)),
            ((25.0, 30.0), (25.0 / 3.0, 10.0)),
            ((20.0, 30.0), (6.67, 10.0)),
            ((25.0, 30.0), (0.833_333, 1.0)),
            ((1.0, 3.0), (0.33, 1.0)),
            ((1.0, 3.0), (333.33, 1000.0)),
            // A percentage with two decimals, in a line item of 30.
            ((1.0, 7.0), (0.1429 * 30.0, 30.0)),
            ((8.0, 10.0), (80.0, 100.0)),
            ((0.0, 10.0), (0.0, 100.0)),
            // Capped at the maximum, and not.
            ((12.0, 10.0), (10.0, 10.0)),
            ((12.0, 10.0), (12.0, 10.0)),
        ] {
            assert!(shows(sent, shown, Vendor::Other), "{sent:?} {shown:?}");
        }
    }

    #[cases("GR-13")]
    #[test]
    fn a_teachers_hundredth_is_told_apart() {
        for (sent, shown) in [
            ((25.0, 30.0), (8.34, 10.0)),
            ((25.0, 30.0), (8.32, 10.0)),
            ((8.33, 10.0), (8.34, 10.0)),
            ((83.33, 100.0), (83.34, 100.0)),
            ((83.33, 100.0), (83.32, 100.0)),
            ((833.33, 1000.0), (833.34, 1000.0)),
            ((25.0, 30.0), (8.334, 10.0)),
            ((25.0, 30.0), (8.333_34, 10.0)),
            ((0.83, 1.0), (0.84, 1.0)),
            // Truncated instead of rounded, which only Sakai does.
            ((20.0, 30.0), (6.66, 10.0)),
            ((0.833_3, 1.0), (83.0, 100.0)),
        ] {
            assert!(!shows(sent, shown, Vendor::Other), "{sent:?} {shown:?}");
        }
    }

    #[cases("GR-13")]
    #[test]
    fn sakai_cuts_hundredths_twice() {
        for (sent, shown, expected) in [
            ((20.0, 30.0), (6.66, 10.0), true),
            ((20.0, 30.0), (6.67, 10.0), true),
            ((20.0, 30.0), (6.65, 10.0), false),
            ((20.0, 30.0), (6.68, 10.0), false),
            // 0.83 of 1 is all it stores.
            ((0.833_3, 1.0), (83.0, 100.0), true),
            ((0.833_3, 1.0), (82.99, 100.0), false),
            ((8.337, 10.0), (8.33, 10.0), true),
            ((55.0, 100.0), (55.0, 100.0), true),
            ((55.0, 100.0), (54.99, 100.0), false),
        ] {
            assert_eq!(
                shows(sent, shown, Vendor::Sakai),
                expected,
                "{sent:?} {shown:?}"
            );
        }
    }

    #[cases("GR-13", "GR-25")]
    #[test]
    fn points_outlive_a_change_of_the_maximum() {
        for (sent, shown, maximum, expected) in [
            ((8.0, 10.0), (8.0, 20.0), 20.0, true),
            ((25.0 / 3.0, 10.0), (8.33, 20.0), 20.0, true),
            ((12.0, 10.0), (10.0, 20.0), 20.0, true),
            ((8.0, 10.0), (9.0, 20.0), 20.0, false),
            // The line item has another maximum than our scores anyway, so these are a teacher's.
            ((8.0, 10.0), (8.0, 20.0), 10.0, false),
        ] {
            let sent = SentGrade::new(Some(sent.0), Some(sent.1)).unwrap();
            let shown = ShownGrade::new(Some(shown.0), Some(shown.1)).unwrap();
            let keeps = shown.keeps_points(sent, maximum, Vendor::Other);
            assert_eq!(keeps, expected, "{sent:?} {shown:?}");
        }
    }

    #[test]
    fn what_is_out_of_nothing_is_no_grade() {
        assert_eq!(SentGrade::new(Some(5.0), None), None);
        assert_eq!(SentGrade::new(Some(5.0), Some(0.0)), None);
        assert_eq!(SentGrade::new(None, Some(10.0)), None);
        assert_eq!(ShownGrade::new(Some(5.0), Some(0.0)), None);
        assert_eq!(SentGrade::of_part(0.5).part(), 0.5);
    }
}
