//! The file as text: TOML for people, JSON for programs, with the same content.

use lti::json::mended_value;
use serde_json::Value;

use super::document::InstallationCode;
use super::error::CodeError;
use super::nulls::strip_nulls;
use crate::kit::toml_text::read_toml;

/// The format of a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeFormat {
    /// For people.
    Toml,
    /// For programs.
    Json,
}

/// Writes a configuration, ending with a newline. The same configuration always gives the same
/// text.
///
/// # Errors
/// A value that this format can't express; we have none.
pub fn write(code: &InstallationCode, format: CodeFormat) -> Result<String, CodeError> {
    let unwritable = |problem: String| CodeError::mistake("", problem);
    let mut value = serde_json::to_value(code).map_err(|error| unwritable(error.to_string()))?;
    strip_nulls(&mut value);
    sort_free_forms(&mut value);
    match format {
        CodeFormat::Json => Ok(format!("{value:#}\n")),
        CodeFormat::Toml => {
            let text = toml::to_string_pretty(&value);
            text.map_err(|error| unwritable(format!("{error}; try JSON")))
        }
    }
}

/// Reads a configuration. A text that starts with a brace is JSON, any other is TOML.
///
/// # Errors
/// What is wrong, with the line or the member.
pub fn read(text: &str) -> Result<InstallationCode, CodeError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with('{') {
        let value = mended_value(text.as_bytes()).map_err(|error| {
            let at = format!("line {}, column {}", error.line(), error.column());
            CodeError::mistake(at, "this is no JSON")
        });
        return InstallationCode::from_json(value?);
    }
    let table = read_toml(text)
        .map_err(|(line, problem)| CodeError::mistake(format!("line {line}"), problem))?;
    let value = serde_json::to_value(table);
    InstallationCode::from_json(value.map_err(|error| CodeError::mistake("", error.to_string()))?)
}

/// Sorts members with free-form content: the store keeps the owner's order, but TOML can't, so the
/// file needs a fixed one.
fn sort_free_forms(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match name.as_str() {
                    "settings" | "weeklyGoal" => sort(member),
                    _ => sort_free_forms(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(sort_free_forms),
        _ => {}
    }
}

fn sort(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.sort_keys();
            members.values_mut().for_each(sort);
        }
        Value::Array(items) => items.iter_mut().for_each(sort),
        _ => {}
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use serde_json::json;

    use super::*;

    fn whole() -> InstallationCode {
        let code = json!({"format": 1, "tools": [
            {
                "settings": {"name": "One", "extensions": {"z": {"b": 1, "a": 2}}, "messages": []},
                "platforms": [{
                    "url": "https://lms.example.edu", "clientId": "a", "name": "School", "active": false,
                    "authenticationEndpoint": "https://lms.example.edu/auth",
                    "accesstokenEndpoint": "https://lms.example.edu/token",
                    "authConfig": {"method": "JWK_SET", "key": "https://lms.example.edu/keys"},
                    "launch": {"leewaySeconds": 120},
                    "deployments": [{"deploymentId": "1", "status": "active"}],
                }],
                "learningPaths": [{"id": "m", "subject": "math", "grades": [1, 2], "weeklyGoal": {"y": 1, "x": null}}],
                "webhooks": [{"url": "https://app.example.com/hooks", "events": ["platform.pending"]}],
            },
            {"host": "quiz.example.com", "platforms": []},
        ]});
        InstallationCode::from_json(code).unwrap()
    }

    #[test]
    fn both_formats_say_the_same_again_and_again() {
        for format in [CodeFormat::Toml, CodeFormat::Json] {
            let text = write(&whole(), format).unwrap();
            let again = read(&text).unwrap();
            assert_eq!(write(&again, format).unwrap(), text);
            for other in [CodeFormat::Toml, CodeFormat::Json] {
                assert_eq!(
                    write(&again, other).unwrap(),
                    write(&whole(), other).unwrap()
                );
            }
        }
    }

    #[test]
    fn toml_is_for_people() {
        let text = write(&whole(), CodeFormat::Toml).unwrap();
        assert!(text.starts_with("format = 1\n\n[[tools]]\n"), "{text}");
        for line in [
            "[tools.settings]",
            "[[tools.platforms]]",
            "clientId = \"a\"",
            "[tools.platforms.authConfig]",
            "[[tools.platforms.deployments]]",
            "[[tools.learningPaths]]",
            "[[tools.webhooks]]",
            "host = \"quiz.example.com\"",
        ] {
            assert!(text.lines().any(|other| other == line), "{line}: {text}");
        }
    }

    #[test]
    fn an_unknown_member_hides_no_other_mistake() {
        let text = "format = 1\nmore = 1\n[[tools]]\nhots = \"a\"\n[[tools.webhooks]]\nadress = 1\nurl = 3";
        let error = read(text).unwrap_err();
        let CodeError::Wrong(mistakes) = error else {
            unreachable!("{error}")
        };
        let mut places: Vec<&str> = mistakes.iter().map(|one| &*one.at).collect();
        places.sort_unstable();
        let wanted = [
            "more",
            "tools[0].hots",
            "tools[0].webhooks[0].adress",
            "tools[0].webhooks[0].url",
        ];
        assert_eq!(places, wanted);
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        for (text, place) in [
            ("format = 1\ntools = [\n[[", "line "),
            ("format = 1\nname = School", "line 2: "),
            ("{\"format\": 1,\n", "line 2"),
            ("format = 2\ntools = []", "format: must be 1"),
            ("tools = []", "format is missing"),
            ("format = 1\ntools = []\nmore = 1", "more"),
            ("format = 1\n[[tools]]\nhots = \"a\"", "tools[0].hots"),
            (
                "format = 1\n[[tools]]\n[[tools.webhooks]]\nurl = 3",
                "tools[0].webhooks[0].url: must be a text",
            ),
            (
                "format = 1\n[[tools]]\n[[tools.learningPaths]]\nid = \"m\"\nsubject = \"math\"\ngrades = []",
                "tools[0].learningPaths[0]: 'grades' must name",
            ),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(place), "{place}: {error}");
            assert!(!error.contains(", expected "), "{error}");
            assert!(error.starts_with("nothing was changed: "), "{error}");
        }
    }
}
