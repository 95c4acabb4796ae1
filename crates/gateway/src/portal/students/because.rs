//! Grades, subjects and the reasons of placements, in the reader's language. The API explains a
//! placement in English, with what was sent.

use studyreel::Subject;
use studyreel::placement::PlacementReason;

use crate::web::language::Language;
use crate::web::texts::portal_students as texts;

/// A grade in words.
pub(super) fn grade_of(grade: i8, language: Language) -> String {
    match grade {
        -1 => texts::PRE_KINDERGARTEN.to(language).to_owned(),
        0 => texts::KINDERGARTEN.to(language).to_owned(),
        grade => {
            let grade = texts::GRADE.with("grade", grade.to_string());
            grade.to(language).into_owned()
        }
    }
}

/// A subject in words, if StudyReel measures it; otherwise as its path calls it.
pub(super) fn subject_of(subject: &str, language: Language) -> String {
    let text = match Subject::named(subject) {
        Some(Subject::Math) => texts::MATH,
        Some(Subject::Language) => texts::LANGUAGE_USAGE,
        Some(Subject::Science) => texts::SCIENCE,
        Some(Subject::Reading) => texts::READING,
        None => return subject.to_owned(),
    };
    text.to(language).to_owned()
}

/// What decided a grade. `meant` is the intended one, if the path doesn't have it.
pub(super) fn because(reason: PlacementReason, meant: Option<i8>, language: Language) -> String {
    let text = match reason {
        PlacementReason::StudyreelGrade => texts::BY_STUDYREEL,
        PlacementReason::MapRit => texts::BY_RIT,
        PlacementReason::AgeGrade => texts::BY_AGE,
        PlacementReason::Unknown => texts::BY_NOTHING,
    };
    let mut says = text.to(language).to_owned();
    if let Some(meant) = meant {
        let absent = texts::NOT_OFFERED.with("grade", grade_of(meant, language));
        says.push(' ');
        says.push_str(&absent.to(language));
    }
    says
}

/// That the grade and the score disagree, and what the score stands for.
pub(super) fn conflict_of(
    conflict: bool,
    rit_grade: Option<i8>,
    language: Language,
) -> Option<String> {
    let grade = rit_grade.filter(|_| conflict)?;
    let says = texts::CONFLICT.with("grade", grade_of(grade, language));
    Some(says.to(language).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placements_are_explained_in_every_language() {
        let english = because(PlacementReason::MapRit, Some(0), Language::English);
        assert_eq!(
            english,
            "By the MAP score. The path doesn't offer kindergarten."
        );
        let english = conflict_of(true, Some(3), Language::English);
        assert_eq!(
            english.as_deref(),
            Some("StudyReel's grade and the MAP score disagree: the score is that of grade 3")
        );
        assert_eq!(conflict_of(false, Some(3), Language::English), None);
        for language in Language::ALL {
            let says = because(PlacementReason::Unknown, Some(9), language);
            assert!(says.contains('9') && says.ends_with('.'), "{says}");
        }
        assert_eq!(subject_of("math", Language::German), "Mathematik");
        assert_eq!(subject_of("latin", Language::German), "latin");
    }
}
