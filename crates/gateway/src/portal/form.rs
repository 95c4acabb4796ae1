//! Forms on pages: fields with their values, explanations and errors.

use std::collections::HashMap;

use crate::web::problem::Problem;
use crate::web::wrong_member::WrongMember;

/// The kind of input.
pub(crate) enum FieldKind {
    /// One line.
    Line,
    /// A whole number.
    Number,
    /// Several lines.
    Area,
    /// A choice of values.
    Choice(Vec<FormChoice>),
}

/// A value to choose.
pub(crate) struct FormChoice {
    pub(crate) value: &'static str,
    pub(crate) label: String,
    pub(crate) is_chosen: bool,
}

/// A labelled input with its help and its error.
pub(crate) struct FormField {
    /// Its name, which is also its id on the page.
    pub(crate) id: &'static str,
    pub(crate) label: String,
    pub(crate) value: String,
    /// Its meaning, default and limits; may be empty.
    pub(crate) help: String,
    /// Its error, in English; empty if there is none.
    pub(crate) error: String,
    kind: FieldKind,
}

impl FormField {
    fn new(
        kind: FieldKind,
        id: &'static str,
        label: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        Self {
            id,
            label: label.into(),
            value: value.into(),
            help: String::new(),
            error: String::new(),
            kind,
        }
    }

    /// A field with one line.
    pub(crate) fn line(
        id: &'static str,
        label: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        Self::new(FieldKind::Line, id, label, value)
    }

    /// A field for a whole number.
    pub(crate) fn number(
        id: &'static str,
        label: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        Self::new(FieldKind::Number, id, label, value)
    }

    /// A field with several lines.
    pub(crate) fn area(
        id: &'static str,
        label: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        Self::new(FieldKind::Area, id, label, value)
    }

    /// A choice of values, each with its label.
    pub(crate) fn choice(
        id: &'static str,
        label: impl Into<String>,
        value: &str,
        choices: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Self {
        let choice = |(name, label): (&'static str, String)| FormChoice {
            is_chosen: name == value,
            value: name,
            label,
        };
        let choices = choices.into_iter().map(choice).collect();
        Self::new(FieldKind::Choice(choices), id, label, value)
    }

    /// Adds its explanation.
    #[must_use]
    pub(crate) fn meaning(self, help: impl Into<String>) -> Self {
        Self {
            help: help.into(),
            ..self
        }
    }

    /// Adds one more sentence to the explanation, if there is one.
    #[must_use]
    pub(crate) fn also(mut self, told: Option<String>) -> Self {
        if let Some(told) = told {
            if !self.help.is_empty() {
                self.help.push(' ');
            }
            self.help.push_str(&told);
        }
        self
    }

    /// Adds its error, if there is one.
    #[must_use]
    pub(crate) fn checked(self, errors: &FormErrors) -> Self {
        Self {
            error: errors.of(self.id).to_owned(),
            ..self
        }
    }

    /// The values to choose from; empty for any other kind of field.
    pub(crate) fn choices(&self) -> &[FormChoice] {
        match &self.kind {
            FieldKind::Choice(choices) => choices,
            _ => &[],
        }
    }

    /// Its value for someone who may only read it: of a choice, the label.
    pub(crate) fn shown(&self) -> &str {
        let chosen = self.choices().iter().find(|choice| choice.is_chosen);
        let shown = chosen.map_or(&self.value, |choice| &choice.label);
        match shown.trim() {
            "" => "–",
            shown => shown,
        }
    }

    pub(crate) fn is_choice(&self) -> bool {
        matches!(self.kind, FieldKind::Choice(_))
    }

    pub(crate) fn is_area(&self) -> bool {
        matches!(self.kind, FieldKind::Area)
    }

    pub(crate) fn is_number(&self) -> bool {
        matches!(self.kind, FieldKind::Number)
    }

    /// Ids of the elements that describe it; empty if there are none.
    pub(crate) fn described_by(&self) -> String {
        let parts = [("e", &self.error), ("h", &self.help)];
        let parts = parts.iter().filter(|(_, text)| !text.is_empty());
        let ids: Vec<String> = parts.map(|(end, _)| format!("{}-{end}", self.id)).collect();
        ids.join(" ")
    }
}

/// The errors in a form that was sent, in the API's words.
#[derive(Debug, Default)]
pub(crate) struct FormErrors {
    by_field: HashMap<String, String>,
    /// All of them in one text; empty if there are none.
    pub(crate) whole: String,
    /// The same one by one, with the names that the page has for them; empty if they have none.
    pub(crate) lines: Vec<ErrorLine>,
    wrong: Vec<WrongMember>,
}

/// An error in the list above a form.
#[derive(Debug)]
pub(crate) struct ErrorLine {
    /// The id of its field, if the form has one.
    pub(crate) id: Option<&'static str>,
    /// The field's label; without a field, the member of the API.
    pub(crate) name: String,
    /// What is wrong, in English.
    pub(crate) message: String,
}

impl FormErrors {
    /// The errors that the API found in the values.
    ///
    /// # Errors
    /// The problem, if it doesn't concern the form.
    pub(crate) fn of_problem(problem: Problem) -> Result<Self, Problem> {
        if !matches!(problem.status.as_u16(), 400 | 409 | 422) {
            return Err(problem);
        }
        let wrong = problem.wrong_members().to_vec();
        let errors = wrong.iter();
        let errors = errors.map(|wrong| (id_of(&wrong.field).to_owned(), wrong.message.clone()));
        Ok(Self {
            by_field: errors.collect(),
            whole: problem.description.into_owned(),
            lines: Vec::new(),
            wrong,
        })
    }

    /// Names the errors as these fields are labelled, instead of as the API does.
    #[must_use]
    pub(crate) fn labelled<'f>(self, fields: impl IntoIterator<Item = &'f FormField>) -> Self {
        // A problem of the body as a whole has no name.
        if self
            .wrong
            .iter()
            .any(|wrong| id_of(&wrong.field).is_empty())
        {
            return self;
        }
        let fields: Vec<&FormField> = fields.into_iter().collect();
        let line = |wrong: &WrongMember| {
            let field = fields.iter().find(|field| field.id == id_of(&wrong.field));
            let name = field.map_or(&*wrong.field, |field| field.label.as_str());
            ErrorLine {
                id: field.map(|field| field.id),
                name: name.to_owned(),
                message: wrong.message.clone(),
            }
        };
        Self {
            lines: self.wrong.iter().map(line).collect(),
            ..self
        }
    }

    /// The errors of fields, by their ids; `None` if there are none. All texts are English.
    pub(crate) fn of_fields(
        whole: &str,
        fields: impl Iterator<Item = (&'static str, String)>,
    ) -> Option<Self> {
        let by_field: HashMap<String, String> =
            fields.map(|(id, told)| (id.to_owned(), told)).collect();
        (!by_field.is_empty()).then(|| Self {
            by_field,
            whole: whole.to_owned(),
            ..Self::default()
        })
    }

    /// The error of the field with this id.
    fn of(&self, id: &str) -> &str {
        self.by_field.get(id).map_or("", String::as_str)
    }
}

/// The id of a field for the member it stands for: `launch.leewaySeconds` becomes `leewaySeconds`.
fn id_of(member: &str) -> &str {
    let member = member.split('[').next().unwrap_or_default();
    member.rsplit('.').next().unwrap_or_default()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use axum::http::StatusCode;

    use super::*;
    use crate::web::api_rule::ApiRule;

    #[test]
    fn what_the_api_says_is_told_at_the_field() {
        let errors = vec![
            WrongMember::new("launch.leewaySeconds", "must be at most 300"),
            WrongMember::new("frameOrigins[2]", "no origin"),
        ];
        let rule = ApiRule::new("X", StatusCode::BAD_REQUEST, "All of it.");
        let problem = rule.problem().naming(errors);
        let errors = FormErrors::of_problem(problem).unwrap();
        assert_eq!(errors.whole, "All of it.");
        let field = FormField::number("leewaySeconds", "Leeway", "400").checked(&errors);
        assert_eq!(field.error, "must be at most 300");
        let field = field.meaning("Seconds.");
        assert_eq!(field.described_by(), "leewaySeconds-e leewaySeconds-h");
        let origins = FormField::area("frameOrigins", "Origins", "").checked(&errors);
        assert_eq!(origins.error, "no origin");
        let errors = errors.labelled([&field, &origins]);
        let (first, last) = (errors.lines.first().unwrap(), errors.lines.last().unwrap());
        assert_eq!((first.id, &*first.name), (Some("leewaySeconds"), "Leeway"));
        assert_eq!((&*last.name, &*last.message), ("Origins", "no origin"));
        let errors = errors.labelled([&field]);
        let last = errors.lines.last().unwrap();
        assert_eq!((last.id, &*last.name), (None, "frameOrigins[2]"));
        let fine = FormField::line("name", "Name", "").checked(&errors);
        assert_eq!(
            (fine.error.as_str(), fine.described_by().as_str()),
            ("", "")
        );
        assert!(FormErrors::of_problem(Problem::internal("disk")).is_err());
    }

    #[test]
    fn who_may_only_read_sees_the_label_of_what_is_chosen() {
        let choices = [("a", "One".to_owned()), ("b", "Two".to_owned())];
        assert_eq!(FormField::choice("x", "X", "b", choices).shown(), "Two");
        assert_eq!(FormField::line("x", "X", "5").shown(), "5");
        assert_eq!(FormField::area("x", "X", "\n").shown(), "–");
    }
}
