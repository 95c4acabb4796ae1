//! What the application is sent, and what it may answer.

use serde::Serialize;
use serde_json::Value;

use crate::kit::clock::iso;
use crate::settings::studyreel::{Disclosed, is_landing_path};
use crate::studyreel::profile::Profile;
use crate::studyreel::student_answers::{MeasureValues, PlacementAnswer, measured, placements};
use lti::json::{mended_value, without_mark};
use store::students::StudentRow;
use studyreel::LearningBlock;
use studyreel::placement::LearningPath;

/// Longest id the application may assign, in characters.
const ID_MAX: usize = 255;

/// What the application answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::studyreel) struct HookAnswer {
    /// The application's id for the student.
    pub(in crate::studyreel) user_id: Option<String>,
    /// Where to land this launch.
    pub(in crate::studyreel) landing_path: Option<String>,
}

/// The event's id. It is the same for a student however often the event is sent, so that the
/// application can recognise a repeat.
pub(super) fn id(student: &StudentRow) -> String {
    format!("msg_{}", student.id)
}

/// The event as sent to the application.
#[derive(Serialize)]
struct HookEvent<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: String,
    data: HookEventData<'a>,
}

#[derive(Serialize)]
struct HookEventData<'a> {
    student: HookStudent<'a>,
}

/// What the tool lets the application see of a student. Unknown values are omitted.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct HookStudent<'a> {
    id: &'a str,
    issuer: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    family_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    age_grade: Option<i8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grades: Option<MeasureValues<i8>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rit: Option<MeasureValues<u16>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    placement: Option<Vec<PlacementAnswer>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    learning_blocks: Option<&'a [LearningBlock]>,
}

/// The event's body, with no more of the student than the tool allows.
pub(super) fn body(
    student: &StudentRow,
    profile: &Profile,
    paths: &[LearningPath],
    disclosed: &[Disclosed],
    now_ms: i64,
) -> Vec<u8> {
    let mut told = HookStudent {
        id: &student.id,
        issuer: &student.issuer,
        ..HookStudent::default()
    };
    for what in disclosed {
        match what {
            Disclosed::Name => {
                told.name = profile.name();
                told.given_name = profile.given_name.as_deref();
                told.family_name = profile.family_name.as_deref();
            }
            Disclosed::Subject => told.subject = Some(&profile.subject),
            Disclosed::Measures => {
                let report = &profile.report;
                told.age_grade = report.age_grade.value;
                told.grades = Some(measured(report, |report| report.grade.value));
                told.rit = Some(measured(report, |report| report.rit.value));
            }
            Disclosed::Placement => told.placement = Some(placements(profile, paths)),
            Disclosed::LearningBlocks => {
                told.learning_blocks = Some(&profile.learning_blocks.blocks);
            }
        }
    }
    let event = HookEvent {
        kind: "student.provisioned",
        timestamp: iso(now_ms),
        data: HookEventData { student: told },
    };
    serde_json::to_vec(&event).unwrap_or_default()
}

/// Reads the answer of a 2xx response. An empty body means that the application has nothing to add.
///
/// # Errors
/// What is wrong with it, for the operator.
pub(super) fn read(body: &[u8]) -> Result<HookAnswer, String> {
    let body = without_mark(body);
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(HookAnswer::default());
    }
    let Ok(Value::Object(members)) = mended_value(body) else {
        return Err("the answer's body is no JSON object".to_owned());
    };
    let text = |name: &str| match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(format!("the answer's {name} is no text")),
    };
    let answer = HookAnswer {
        user_id: text("userID")?,
        landing_path: text("landingPath")?,
    };
    let is_id = |id: &String| {
        (1..=ID_MAX).contains(&id.chars().count())
            && !id.contains(char::is_control)
            // The parser replaced half a surrogate pair: the id could be someone else's.
            && !id.contains(char::REPLACEMENT_CHARACTER)
            && id.trim() == id
    };
    if !answer.user_id.as_ref().is_none_or(is_id) {
        return Err(format!(
            "the answer's userID isn't 1 to {ID_MAX} plain characters"
        ));
    }
    let lands_here =
        |path: &String| is_landing_path(path) && !path.contains(char::REPLACEMENT_CHARACTER);
    if !answer.landing_path.as_ref().is_none_or(lands_here) {
        return Err("the answer's landingPath is no path such as /welcome".to_owned());
    }
    Ok(answer)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_whole_or_not_at_all() {
        let answer = |user: Option<&str>, path: Option<&str>| HookAnswer {
            user_id: user.map(str::to_owned),
            landing_path: path.map(str::to_owned),
        };
        for (body, expected) in [
            ("", answer(None, None)),
            (" \n", answer(None, None)),
            ("{}", answer(None, None)),
            (r#"{"userID":null,"other":[1]}"#, answer(None, None)),
            (
                "\u{feff}{\"userID\":\"7\",\"note\":\"Ada \\ud83d\"}",
                answer(Some("7"), None),
            ),
            (
                r#"{"userID":"7","landingPath":"/a?b=c"}"#,
                answer(Some("7"), Some("/a?b=c")),
            ),
        ] {
            assert_eq!(read(body.as_bytes()), Ok(expected), "{body}");
        }
        for (body, word) in [
            ("[]", "JSON object"),
            ("<html>", "JSON object"),
            (r#"{"userID":7}"#, "userID"),
            (r#"{"userID":""}"#, "userID"),
            (r#"{"userID":"7\ud83d"}"#, "userID"),
            (r#"{"landingPath":"/a\ud83d"}"#, "landingPath"),
            (r#"{"userID":" 7"}"#, "userID"),
            (r#"{"userID":"a\nb"}"#, "userID"),
            (
                r#"{"userID":"7","landingPath":"//evil.example"}"#,
                "landingPath",
            ),
            (r#"{"landingPath":"https://evil.example/"}"#, "landingPath"),
            (r#"{"landingPath":"welcome"}"#, "landingPath"),
            (r#"{"landingPath":"/\\evil.example"}"#, "landingPath"),
            (r#"{"landingPath":"/a\tb"}"#, "landingPath"),
            (r#"{"landingPath":"/a?ltik=forged"}"#, "landingPath"),
            (r#"{"landingPath":{}}"#, "landingPath"),
        ] {
            assert!(read(body.as_bytes()).unwrap_err().contains(word), "{body}");
        }
    }
}
