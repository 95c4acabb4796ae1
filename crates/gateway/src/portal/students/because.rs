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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placements_are_explained_in_every_language() {
        let english = because(PlacementReason::MapRit, Some(0), Language::English);
        assert_eq!(
            english,
            "The MAP score decided. The path doesn't offer kindergarten."
        );
        for language in Language::ALL {
            let says = because(PlacementReason::Unknown, Some(9), language);
            assert!(says.contains('9') && says.ends_with('.'), "{says}");
        }
        assert_eq!(subject_of("math", Language::German), "Mathematik");
        assert_eq!(subject_of("latin", Language::German), "latin");
    }
}
