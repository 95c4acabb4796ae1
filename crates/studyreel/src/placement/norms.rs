//! RIT norms: from a test score to a grade (studyreel.md §9.2 and §9.3).

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::grade_name;
use crate::Subject;

/// An edition of the norms, one per file in `data/placement/`. Old editions are kept, so that old
/// placements can be explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = NormsEdition))]
pub enum Edition {
    /// NWEA's student norms of 2025.
    #[serde(rename = "nwea-2025")]
    Nwea2025,
}

impl Edition {
    /// The edition's tables, read once.
    pub fn data(self) -> &'static Norms {
        static NWEA_2025: LazyLock<Norms> = LazyLock::new(|| {
            toml::from_str(include_str!("../../data/placement/nwea-2025.toml"))
                .expect("a file of the program, read by its tests")
        });
        match self {
            Self::Nwea2025 => &NWEA_2025,
        }
    }
}

/// The tables of one edition. Only what identifies the edition is serialised.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Norms {
    /// Stored with every placement derived from it.
    pub version: String,
    /// For people.
    pub title: String,
    /// Who publishes the norms.
    pub publisher: String,
    /// The source of the numbers.
    pub source: String,
    #[serde(skip_serializing)]
    cuts: BTreeMap<Subject, Cuts>,
    /// The norms the cuts were made from.
    #[serde(skip_serializing)]
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "tests hold the cuts against them")
    )]
    norms: BTreeMap<Subject, Vec<GradeNorms>>,
}

/// One grade's scores over the year.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "tests hold the cuts against them")
)]
struct GradeNorms {
    /// The grade, K = 0.
    grade: i8,
    /// After 4 weeks of instruction.
    fall: MeanAndDeviation,
    /// After 20 weeks.
    winter: MeanAndDeviation,
    /// After 32 weeks.
    spring: MeanAndDeviation,
}

/// Mean and standard deviation, in RIT.
#[derive(Debug, Deserialize)]
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "tests hold the cuts against them")
)]
struct MeanAndDeviation(f64, f64);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cuts {
    lowest_grade: i8,
    /// A score below the first bound means `lowest_grade`; below the next one, the grade above
    /// that, and so on.
    below: Vec<f64>,
}

/// The grade that a score indicates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RitGrade {
    pub(super) grade: i8,
    lowest: i8,
    highest: i8,
}

impl RitGrade {
    /// How many grades `other` is away. The lowest grade also stands for everything below it and
    /// the highest for everything above, so the distance beyond either end is 0.
    pub(super) fn distance(&self, other: i8) -> u8 {
        let is_below = self.grade == self.lowest && other < self.lowest;
        let is_above = self.grade == self.highest && other > self.highest;
        if is_below || is_above {
            0
        } else {
            other.abs_diff(self.grade)
        }
    }
}

impl fmt::Display for RitGrade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = grade_name(self.grade);
        match self.grade {
            grade if grade >= self.highest => write!(f, "{name} or above"),
            grade if grade <= self.lowest => write!(f, "{name} or below"),
            _ => f.write_str(&name),
        }
    }
}

impl Norms {
    /// The grade that a score indicates, at most `cap`. Returns `None` for a subject without norms.
    pub(super) fn grade_of(&self, subject: Subject, score: u16, cap: i8) -> Option<RitGrade> {
        let cuts = self.cuts.get(&subject)?;
        let lowest = cuts.lowest_grade;
        let steps = cuts
            .below
            .iter()
            .take_while(|bound| f64::from(score) >= **bound)
            .count();
        let after =
            |steps: usize| i8::try_from(steps).map_or(i8::MAX, |n| lowest.saturating_add(n));
        let highest = after(cuts.below.len()).min(cap).max(lowest);
        Some(RitGrade {
            grade: after(steps).min(highest),
            lowest,
            highest,
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]
mod tests {
    use super::*;

    /// The table in studyreel.md §9.3, cell by cell: subject, grade, bound.
    const CELLS: [(Subject, i8, f64); 28] = [
        (Subject::Math, 0, 159.5),
        (Subject::Math, 1, 174.7),
        (Subject::Math, 2, 186.9),
        (Subject::Math, 3, 198.6),
        (Subject::Math, 4, 208.1),
        (Subject::Math, 5, 213.9),
        (Subject::Math, 6, 218.5),
        (Subject::Math, 7, 223.5),
        (Subject::Reading, 0, 154.3),
        (Subject::Reading, 1, 169.6),
        (Subject::Reading, 2, 183.3),
        (Subject::Reading, 3, 194.7),
        (Subject::Reading, 4, 202.9),
        (Subject::Reading, 5, 208.5),
        (Subject::Reading, 6, 212.2),
        (Subject::Reading, 7, 215.3),
        (Subject::Language, 2, 183.6),
        (Subject::Language, 3, 194.0),
        (Subject::Language, 4, 201.6),
        (Subject::Language, 5, 206.7),
        (Subject::Language, 6, 210.2),
        (Subject::Language, 7, 213.6),
        (Subject::Science, 2, 186.3),
        (Subject::Science, 3, 194.6),
        (Subject::Science, 4, 201.1),
        (Subject::Science, 5, 205.0),
        (Subject::Science, 6, 207.3),
        (Subject::Science, 7, 210.1),
    ];

    fn grade(subject: Subject, score: u16) -> i8 {
        Edition::Nwea2025
            .data()
            .grade_of(subject, score, 8)
            .unwrap()
            .grade
    }

    #[test]
    fn every_cell_of_the_cut_table_at_its_bound() {
        for (subject, cell, bound) in CELLS {
            let first_above = bound.ceil() as u16;
            assert_eq!(
                grade(subject, first_above - 1),
                cell,
                "{subject} below {bound}"
            );
            assert_eq!(
                grade(subject, first_above),
                cell + 1,
                "{subject} from {bound}"
            );
        }
    }

    #[test]
    fn the_ends_of_the_table() {
        for subject in Subject::ALL {
            let lowest = if matches!(subject, Subject::Math | Subject::Reading) {
                0
            } else {
                2
            };
            assert_eq!(grade(subject, 100), lowest);
            assert_eq!(grade(subject, 350), 8);
            let capped = Edition::Nwea2025.data().grade_of(subject, 350, 6).unwrap();
            assert_eq!(
                (capped.grade, capped.to_string().as_str()),
                (6, "grade 6 or above")
            );
        }
    }

    #[test]
    fn the_file_holds_the_printed_cuts_and_they_fit_the_norms() {
        let norms = Edition::Nwea2025.data();
        assert_eq!(
            norms
                .cuts
                .values()
                .map(|cuts| cuts.below.len())
                .sum::<usize>(),
            CELLS.len()
        );
        for (subject, grade, bound) in CELLS {
            let cuts = &norms.cuts[&subject];
            let at = usize::try_from(grade - cuts.lowest_grade).unwrap();
            assert_eq!(
                cuts.below[at].to_bits(),
                bound.to_bits(),
                "{subject} {grade}"
            );
            let mean = |grade| {
                norms.norms[&subject]
                    .iter()
                    .find(|n| n.grade == grade)
                    .unwrap()
                    .winter
                    .0
            };
            let midpoint = f64::midpoint(mean(grade), mean(grade + 1));
            assert!(
                (midpoint - bound).abs() < 0.051,
                "{subject} {grade}: {midpoint}"
            );
        }
    }

    #[test]
    fn the_norms_are_whole() {
        let norms = Edition::Nwea2025.data();
        let grades = |subject: Subject| {
            norms.norms[&subject]
                .iter()
                .map(|norm| norm.grade)
                .collect::<Vec<_>>()
        };
        assert_eq!(grades(Subject::Math), (0..=12).collect::<Vec<_>>());
        assert_eq!(grades(Subject::Reading), (0..=12).collect::<Vec<_>>());
        assert_eq!(grades(Subject::Language), (2..=11).collect::<Vec<_>>());
        assert_eq!(grades(Subject::Science), (2..=10).collect::<Vec<_>>());
        let seasons = norms
            .norms
            .values()
            .flatten()
            .flat_map(|n| [&n.fall, &n.winter, &n.spring]);
        let sane =
            |n: &MeanAndDeviation| (130.0..240.0).contains(&n.0) && (9.0..24.0).contains(&n.1);
        assert_eq!(seasons.map(|n| assert!(sane(n))).count(), 135);
        assert!(norms.source.contains("NWEA MAP Growth 2025") && !norms.title.is_empty());
    }
}
