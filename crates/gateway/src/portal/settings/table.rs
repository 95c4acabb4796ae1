//! The settings in the form: each one's member and kind of field. All others are in the JSON below
//! the form.

use serde_json::{Map, Value};

use crate::portal::form::{FormErrors, FormField};
use crate::web::language::Language;
use crate::web::texts::{Text, portal_pages as pages, portal_settings as texts};

/// The kind of field.
#[derive(Clone, Copy)]
enum RowKind {
    Line,
    Number,
    /// Yes or no.
    Switch,
    Choice(&'static [(&'static str, Text)]),
}

/// A setting in the form.
pub(super) struct SettingRow {
    /// Its field's id: the last part of the member, if the API may report it as wrong.
    id: &'static str,
    /// The path of the member, separated by dots.
    member: &'static str,
    label: Text,
    kind: RowKind,
}

/// A part of the form.
pub(super) struct SettingGroup {
    pub(super) title: Text,
    rows: &'static [SettingRow],
}

const fn row(id: &'static str, member: &'static str, label: Text, kind: RowKind) -> SettingRow {
    SettingRow {
        id,
        member,
        label,
        kind,
    }
}

use RowKind::{Choice, Line, Number, Switch};

/// The form.
pub(super) static GROUPS: [SettingGroup; 6] = [
    SettingGroup {
        title: texts::S_TOOL,
        rows: &[
            row("name", "name", texts::NAME, Line),
            row("description", "description", texts::DESCRIPTION, Line),
            row("logoUrl", "logoUrl", texts::LOGO, Line),
            row("launchUrl", "launchUrl", texts::LAUNCH_URL, Line),
            row(
                "deepLinkingUrl",
                "deepLinkingUrl",
                texts::CHOOSING_URL,
                Line,
            ),
        ],
    },
    SettingGroup {
        title: texts::S_ASKED,
        rows: &[
            row(
                "privacyLevel",
                "privacyLevel",
                texts::PRIVACY,
                Choice(&[
                    ("public", texts::P_PUBLIC),
                    ("name_only", texts::P_NAME),
                    ("email_only", texts::P_EMAIL),
                    ("anonymous", texts::P_NONE),
                ]),
            ),
            row(
                "deepLinking",
                "services.deepLinking",
                texts::CHOOSING,
                Switch,
            ),
            row(
                "namesAndRoles",
                "services.namesAndRoles",
                texts::ROSTERS,
                Switch,
            ),
            row(
                "assignmentAndGrades",
                "services.assignmentAndGrades",
                texts::GRADES,
                Switch,
            ),
            row("groups", "services.groups", texts::GROUPS, Switch),
        ],
    },
    SettingGroup {
        title: texts::S_REGISTRATION,
        rows: &[
            row(
                "registrationEnabled",
                "registration.enabled",
                texts::REG_ON,
                Switch,
            ),
            row("open", "registration.open", texts::REG_OPEN, Switch),
            row(
                "autoActivate",
                "registration.autoActivate",
                texts::REG_ACTIVE,
                Switch,
            ),
            row(
                "confirm",
                "registration.confirm",
                texts::REG_CONFIRM,
                Switch,
            ),
        ],
    },
    SettingGroup {
        title: texts::S_LAUNCHES,
        rows: &[
            row(
                "leewaySeconds",
                "launch.leewaySeconds",
                texts::LEEWAY,
                Number,
            ),
            row(
                "maxAgeSeconds",
                "launch.maxAgeSeconds",
                texts::MAX_AGE,
                Number,
            ),
            row(
                "unknownDeployments",
                "launch.unknownDeployments",
                texts::UNKNOWN,
                Choice(&[
                    ("auto", texts::U_AUTO),
                    ("pending", texts::U_PENDING),
                    ("reject", texts::U_REJECT),
                ]),
            ),
            row(
                "anonymous",
                "launch.anonymous",
                texts::ANONYMOUS,
                Choice(&[("refuse", texts::A_REFUSE), ("allow", texts::A_ALLOW)]),
            ),
            row(
                "deepLinkingBy",
                "launch.deepLinkingBy",
                texts::WHO_CHOOSES,
                Choice(&[("anyone", texts::C_ANYONE), ("staff", texts::C_STAFF)]),
            ),
        ],
    },
    SettingGroup {
        title: texts::GRADES,
        rows: &[
            row(
                "teacherWins",
                "grades.teacherWins",
                texts::TEACHER_WINS,
                Switch,
            ),
            row(
                "holdNotEnrolledDays",
                "grades.holdNotEnrolledDays",
                texts::HOLD_NOT_ENROLLED,
                Number,
            ),
            row(
                "holdConcludedDays",
                "grades.holdConcludedDays",
                texts::HOLD_CONCLUDED,
                Number,
            ),
            row(
                "lineItemGone",
                "grades.lineItemGone",
                texts::COLUMN_GONE,
                Choice(&[
                    ("hold", texts::G_HOLD),
                    ("refuse", texts::G_REFUSE),
                    ("recreate", texts::G_RECREATE),
                ]),
            ),
        ],
    },
    SettingGroup {
        title: texts::S_KEPT,
        rows: &[
            row(
                "launchMinutes",
                "retention.launchMinutes",
                texts::KEEP_LAUNCH,
                Number,
            ),
            row(
                "traceMinutes",
                "retention.traceMinutes",
                texts::KEEP_TRACE,
                Number,
            ),
            row(
                "studentDays",
                "retention.studentDays",
                texts::KEEP_STUDENT,
                Number,
            ),
            row(
                "keepDays",
                "grades.keepDays",
                texts::KEEP_DELIVERIES,
                Number,
            ),
            row("claimValues", "traces.claimValues", texts::VALUES, Switch),
        ],
    },
];

/// A member of an object, by its path.
fn member<'v>(whole: &'v Value, path: &str) -> &'v Value {
    path.split('.').fold(whole, |value, part| &value[part])
}

/// A value as shown in a field.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

impl SettingRow {
    /// A submitted value as the API accepts it; `null` resets it to its default.
    fn read(&self, text: &str) -> Value {
        let text = text.trim();
        match self.kind {
            _ if text.is_empty() => Value::Null,
            Number => text
                .parse::<u64>()
                .map_or_else(|_| text.into(), Value::from),
            Switch => (text == "true").into(),
            Line | Choice(_) => text.into(),
        }
    }

    fn field(&self, value: String, default: &Value, language: Language) -> FormField {
        let say = |text: Text| text.to(language).to_owned();
        let label = say(self.label);
        let words: Vec<(&'static str, String)> = match self.kind {
            Choice(words) => words
                .iter()
                .map(|(name, text)| (*name, say(*text)))
                .collect(),
            Switch => vec![("true", say(texts::ON)), ("false", say(texts::OFF))],
            Line | Number => Vec::new(),
        };
        let default = shown(default);
        let in_words = words.iter().find(|(name, _)| *name == default);
        let in_words = in_words.map_or(default.clone(), |(_, word)| word.clone());
        let field = match self.kind {
            Line => FormField::line(self.id, label, value),
            Number => FormField::number(self.id, label, value),
            Choice(_) | Switch => FormField::choice(self.id, label, &value, words),
        };
        if in_words.is_empty() {
            return field;
        }
        let help = pages::DEFAULT_IS.with("value", in_words);
        field.meaning(help.to(language))
    }
}

impl SettingGroup {
    /// The fields with these settings, their errors, and what else to say about a member besides
    /// its default.
    pub(super) fn fields(
        &self,
        settings: &Value,
        defaults: &Value,
        language: Language,
        errors: &FormErrors,
        told: &dyn Fn(&str) -> Option<String>,
    ) -> Vec<FormField> {
        let fields = self.rows.iter().map(|row| {
            let value = shown(member(settings, row.member));
            let field = row.field(value, member(defaults, row.member), language);
            field.also(told(row.member)).checked(errors)
        });
        fields.collect()
    }
}

/// The submitted values that differ from the settings, as a patch for the API.
pub(super) fn patch(settings: &Value, sent: &dyn Fn(&str) -> Option<String>) -> Map<String, Value> {
    let mut patch = Map::new();
    for row in GROUPS.iter().flat_map(|group| group.rows) {
        let Some(text) = sent(row.id) else { continue };
        let value = row.read(&text);
        if value != *member(settings, row.member) {
            put(&mut patch, row.member, value);
        }
    }
    patch
}

/// Sets the member at a path of one or two parts.
fn put(patch: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => drop(patch.insert(path.to_owned(), value)),
        Some((outer, inner)) => {
            let object = patch
                .entry(outer)
                .or_insert_with(|| Value::Object(Map::new()));
            object[inner] = value;
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::settings::tool::ToolSettings;

    #[test]
    fn every_row_is_a_setting_and_only_changes_are_sent() {
        // Settings without a value are missing from this.
        let settings = serde_json::to_value(ToolSettings::default()).unwrap_or_default();
        for row in GROUPS.iter().flat_map(|group| group.rows) {
            let is_optional = matches!(row.kind, Line) && row.id != "name";
            assert!(
                is_optional || !member(&settings, row.member).is_null(),
                "{}",
                row.member
            );
        }
        let same = |id: &str| {
            let mut rows = GROUPS.iter().flat_map(|group| group.rows);
            let row = rows.find(|row| row.id == id)?;
            Some(shown(member(&settings, row.member)))
        };
        assert!(patch(&settings, &same).is_empty());
        let sent = |id: &str| match id {
            "leewaySeconds" => Some(" 90 ".to_owned()),
            "traceMinutes" => Some("soon".to_owned()),
            "open" => Some("false".to_owned()),
            "name" => Some(String::new()),
            _ => None,
        };
        let expected = json!({
            "name": null, "registration": {"open": false}, "launch": {"leewaySeconds": 90},
            "retention": {"traceMinutes": "soon"},
        });
        assert_eq!(Value::Object(patch(&settings, &sent)), expected);
    }
}
