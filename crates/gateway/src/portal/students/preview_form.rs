//! The form for a preview: one subject. A launch with more is written as JSON.

use serde_json::{Map, Value, json};
use studyreel::Subject;

use super::because::{grade_of, subject_of};
use crate::portal::form::{FormErrors, FormField};
use crate::portal::platforms::form::FieldOf;
use crate::web::language::Language;
use crate::web::texts::portal_students as texts;

/// Grades to choose from, with none at first.
const GRADES: [&str; 16] = [
    "", "-1", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13",
];
/// Names of the subjects to choose from.
const SUBJECTS: [&str; 4] = ["math", "language", "science", "reading"];

/// The values of the form.
pub(super) struct PreviewForm {
    subject: String,
    grade: String,
    score: String,
    age: String,
}

impl Default for PreviewForm {
    fn default() -> Self {
        Self {
            subject: "math".to_owned(),
            grade: "4".to_owned(),
            score: "201".to_owned(),
            age: "3".to_owned(),
        }
    }
}

impl PreviewForm {
    /// The submitted values.
    pub(super) fn sent(field: FieldOf<'_>) -> Self {
        let of = |name: &str| field(name).unwrap_or_default().trim().to_owned();
        Self {
            subject: of("ofSubject"),
            grade: of("knownGrade"),
            score: of("knownScore"),
            age: of("ageGrade"),
        }
    }

    /// The members of a launch.
    pub(super) fn to_json(&self) -> Value {
        let subject = Subject::named(&self.subject).unwrap_or(Subject::Math);
        let members = [
            ("age_grade".to_owned(), &self.age),
            (format!("studyreel_grade_{subject}"), &self.grade),
            (format!("map_rit_{subject}"), &self.score),
        ];
        let members = members.into_iter().filter_map(|(name, value)| {
            let number: i64 = value.parse().ok()?;
            Some((name, json!(number)))
        });
        Value::Object(members.collect::<Map<String, Value>>())
    }

    /// What is wrong with the score, which a launch would ignore.
    pub(super) fn errors(&self) -> Option<FormErrors> {
        let is_wrong = !self.score.is_empty() && self.score.parse::<u16>().is_err();
        let says = "must be a whole number, such as 201".to_owned();
        let wrong = is_wrong.then_some(("knownScore", says));
        FormErrors::of_fields("The MAP score is no whole number.", wrong.into_iter())
    }

    /// The fields with their errors.
    pub(super) fn fields(&self, language: Language, errors: &FormErrors) -> Vec<FormField> {
        let grades = || {
            GRADES.map(|grade| match grade.parse() {
                Ok(number) => (grade, grade_of(number, language)),
                Err(_) => (grade, texts::NOT_KNOWN.to(language).to_owned()),
            })
        };
        let subjects = SUBJECTS.map(|subject| (subject, subject_of(subject, language)));
        let fields = [
            FormField::choice(
                "ofSubject",
                texts::SUBJECT.to(language),
                &self.subject,
                subjects,
            ),
            FormField::choice(
                "knownGrade",
                texts::KNOWN_GRADE.to(language),
                &self.grade,
                grades(),
            ),
            FormField::number("knownScore", texts::KNOWN_SCORE.to(language), &self.score),
            FormField::choice(
                "ageGrade",
                texts::F_AGE_GRADE.to(language),
                &self.age,
                grades(),
            ),
        ];
        fields.map(|field| field.checked(errors)).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_chosen_is_what_a_launch_says() {
        let sent = |score: &'static str| {
            let field = move |name: &str| {
                let value = match name {
                    "ofSubject" => "reading",
                    "knownScore" => score,
                    "ageGrade" => "-1",
                    _ => "",
                };
                Some(value.to_owned())
            };
            PreviewForm::sent(&field)
        };
        let launch = sent("190").to_json();
        assert_eq!(launch, json!({"age_grade": -1, "map_rit_reading": 190}));
        let body = launch.to_string();
        assert!(studyreel::PlacementReport::parse(body.as_bytes()).is_ok());
        assert!(sent("190").errors().is_none() && sent("").errors().is_none());
        assert!(sent("many").errors().is_some());
    }
}
