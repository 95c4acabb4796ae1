//! The form for a learning path. What it doesn't ask for, such as entry points, is set as JSON.

use serde_json::{Value, json};

use crate::portal::form::{FormErrors, FormField};
use crate::portal::platforms::form::FieldOf;
use crate::web::language::Language;
use crate::web::texts::{Text, portal_pages as pages, portal_students as texts};

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
}
