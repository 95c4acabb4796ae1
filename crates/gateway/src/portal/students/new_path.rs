//! The form for a learning path. What it doesn't ask for, such as entry points, is set as JSON.

use serde_json::{Value, json};
use studyreel::placement::LearningPath;

use crate::portal::form::{FormErrors, FormField};
use crate::portal::platforms::form::FieldOf;
use crate::web::language::Language;
use crate::web::problem::Problem;
use crate::web::texts::{Text, portal_pages as pages, portal_students as texts};
use crate::web::wrong_member::WrongMember;

/// The fields of the form, in its order, which are also the API's names.
const NAMES: [&str; 4] = ["title", "id", "subject", "grades"];

/// The values of the form.
#[derive(Default)]
pub(super) struct NewPathForm {
    id: String,
    subject: String,
    title: String,
    /// With commas or spaces between them.
    grades: String,
}

impl NewPathForm {
    /// The submitted values.
    pub(super) fn sent(field: FieldOf<'_>) -> Self {
        let of = |name: &str| field(name).unwrap_or_default().trim().to_owned();
        Self {
            id: of("id"),
            subject: of("subject"),
            title: of("title"),
            grades: of("grades"),
        }
    }

    /// The path for the API.
    pub(super) fn to_json(&self) -> Value {
        let grades = self.grades.split([',', ' ']);
        let grades = grades.filter(|grade| !grade.is_empty());
        // The API says what is wrong with anything but a number.
        let number = |grade: &str| {
            grade
                .parse::<i8>()
                .map_or_else(|_| json!(grade), Value::from)
        };
        let grades: Vec<Value> = grades.map(number).collect();
        json!({
            "id": self.id, "subject": self.subject, "title": self.title, "grades": grades,
        })
    }

    /// Everything that is wrong with the form, where the API stops at the first.
    pub(super) fn problem(&self) -> Option<Problem> {
        let sent = self.to_json();
        let wrong = NAMES.into_iter().filter_map(|name| {
            let mut path = json!({"id": "x", "subject": "x", "title": "x", "grades": [1]});
            let member = path.get_mut(name)?;
            *member = sent.get(name)?.clone();
            let error = serde_json::from_value::<LearningPath>(path).err()?;
            let says = error.to_string();
            let says = says.strip_prefix(&format!("'{name}' ")).unwrap_or(&says);
            Some(WrongMember::new(name, says))
        });
        let wrong: Vec<WrongMember> = wrong.collect();
        let first = wrong.first()?;
        let says = format!(
            "The request body is wrong: '{}' {}",
            first.field, first.message
        );
        Some(Problem::wrong_body(says).naming(wrong))
    }

    /// The fields with their errors.
    pub(super) fn fields(&self, language: Language, errors: &FormErrors) -> Vec<FormField> {
        let say = |text: Text| text.to(language).to_owned();
        let fields = [
            FormField::line("title", say(pages::NAME), &self.title),
            FormField::line("id", say(texts::PATH_ID), &self.id).meaning(say(texts::PATH_ID_HELP)),
            FormField::line("subject", say(texts::SUBJECT), &self.subject)
                .meaning(say(texts::SUBJECT_HELP)),
            FormField::line("grades", say(texts::GRADES), &self.grades)
                .meaning(say(texts::GRADES_HELP)),
        ];
        fields.map(|field| field.checked(errors)).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grades_are_numbers_with_anything_between_them() {
        let sent = |grades: &str| {
            let field = |name: &str| Some(if name == "grades" { grades } else { name }.to_owned());
            NewPathForm::sent(&field).to_json()["grades"].clone()
        };
        assert_eq!(sent("-1, 0 3,4"), json!([-1, 0, 3, 4]));
        assert_eq!(sent("3, four"), json!([3, "four"]));
        assert_eq!(sent(""), json!([]));
    }

    #[test]
    fn each_field_that_is_wrong_is_named() {
        let form = |id: &str, title: &str, grades: &str| NewPathForm {
            id: id.to_owned(),
            subject: "math".to_owned(),
            title: title.to_owned(),
            grades: grades.to_owned(),
        };
        assert!(form("halves", "Halves", "3, 4").problem().is_none());
        let problem = form("half past", "", "").problem();
        let wrong = problem.iter().flat_map(Problem::wrong_members);
        let wrong: Vec<(&str, &str)> = wrong
            .map(|wrong| (&*wrong.field, wrong.message.as_str()))
            .collect();
        assert_eq!(
            wrong,
            [
                ("title", "must be 1 to 200 characters of plain text"),
                ("id", "must be 1 to 100 letters, digits, '.', '_' or '-'"),
                (
                    "grades",
                    "must name at least one grade, as a list or as {from, to}"
                ),
            ]
        );
    }
}
