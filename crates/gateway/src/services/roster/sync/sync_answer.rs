//! The changes in a synchronised roster, for the application.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use lti::nrps::MemberStatus;
use serde::Serialize;
use utoipa::ToSchema;

use super::texts::{HeldText, MemberTexts};
use crate::kit::clock::iso;
use crate::kit::media_type::JSON;
use crate::services::roster::answer::MemberAnswer;
use crate::web::problem::Problem;

/// The largest answer that is sent as a whole, with its length, in bytes.
const SHORT: usize = 512 * 1024;
/// Marks where the members go in [`RosterChanges`] without members.
const NOBODY: &str = r#""added":[],"changed":[],"#;

/// The changes since the given version.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RosterChanges {
    /// Whether the roster was accepted. If not, nothing was stored, and the last one remains in
    /// force.
    pub(super) applied: bool,
    /// Why it was not accepted: `EMPTY` or `TEACHERS_ONLY`, after one with more members. Send
    /// `confirm` if it is correct.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) suspicious: Option<&'static str>,
    /// What to send as `since` next time, once you have stored these changes; absent if the roster
    /// was not accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) version: Option<String>,
    /// Whether this is the whole roster: everyone is in `added`, and anyone else you have has left.
    pub(super) complete: bool,
    /// The current number of members.
    pub(super) members: usize,
    /// Members who are new or have returned.
    pub(super) added: Vec<MemberAnswer>,
    /// Members whose data has changed.
    pub(super) changed: Vec<MemberAnswer>,
    /// Members who have left.
    pub(super) removed: Vec<RemovedMember>,
}

/// A member who has left. The application decides what happens to their work.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RemovedMember {
    user_id: String,
    /// Always `Deleted`.
    status: &'static str,
    #[schema(format = DateTime)]
    removed_at: String,
}

pub(super) fn gone(user_id: impl Into<String>, removed_at: i64) -> RemovedMember {
    RemovedMember {
        user_id: user_id.into(),
        status: MemberStatus::Deleted.name(),
        removed_at: iso(removed_at),
    }
}

impl RosterChanges {
    /// For an accepted roster with this many members that has not changed.
    pub(super) fn applied(members: usize) -> Self {
        Self {
            applied: true,
            suspicious: None,
            version: None,
            complete: false,
            members,
            added: Vec::new(),
            changed: Vec::new(),
            removed: Vec::new(),
        }
    }

    /// For a roster that was not accepted, and why; the last one has this many members.
    pub(super) fn refused(members: usize, why: &'static str) -> Self {
        Self {
            applied: false,
            suspicious: Some(why),
            ..Self::applied(members)
        }
    }
}

/// The answer about an accepted roster: [`RosterChanges`], with its members kept separately, ready
/// to be written.
pub(super) struct RosterAnswer {
    pub changes: RosterChanges,
    pub added: MemberTexts,
    pub changed: MemberTexts,
}

enum AnswerPart {
    Members(HeldText),
    Other(Bytes),
}

impl AnswerPart {
    fn length(&self) -> usize {
        match self {
            Self::Members(text) => text.length(),
            Self::Other(bytes) => bytes.len(),
        }
    }

    fn written(self) -> Bytes {
        match self {
            Self::Members(text) => text.written(),
            Self::Other(bytes) => bytes,
        }
    }
}

impl RosterAnswer {
    /// For a roster without members in the answer.
    pub(super) fn without_members(changes: RosterChanges) -> Self {
        Self {
            changes,
            added: MemberTexts::default(),
            changed: MemberTexts::default(),
        }
    }

    /// The answer. A long one is written out piece by piece as it is sent.
    pub(super) fn response(self) -> Result<Response, Problem> {
        let parts = self.parts()?;
        let length: usize = parts.iter().map(AnswerPart::length).sum();
        let written = parts.into_iter().map(AnswerPart::written);
        let body = if length <= SHORT {
            let whole: Vec<u8> = written.collect::<Vec<_>>().concat();
            Body::from(whole)
        } else {
            Body::from_stream(stream::iter(written.map(Ok::<_, Infallible>)))
        };
        Ok(([(CONTENT_TYPE, JSON)], body).into_response())
    }

    fn parts(self) -> Result<Vec<AnswerPart>, Problem> {
        let whole = serde_json::to_string(&self.changes).map_err(Problem::internal)?;
        let around = whole.split_once(NOBODY);
        let (before, after) =
            around.ok_or_else(|| Problem::internal("changes have no place for members"))?;
        let members = |texts: MemberTexts| texts.into_pieces().into_iter().map(AnswerPart::Members);
        let mut parts = vec![AnswerPart::Other(format!("{before}\"added\":[").into())];
        parts.extend(members(self.added));
        parts.push(AnswerPart::Other(Bytes::from_static(br#"],"changed":["#)));
        parts.extend(members(self.changed));
        parts.push(AnswerPart::Other(format!("],{after}").into()));
        Ok(parts)
    }

    /// The answer as JSON.
    #[cfg(test)]
    #[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
    pub(super) fn value(self) -> serde_json::Value {
        let parts = self.parts().unwrap().into_iter();
        let whole: Vec<u8> = parts.map(AnswerPart::written).collect::<Vec<_>>().concat();
        serde_json::from_slice(&whole).unwrap()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use serde_json::json;
    use test_case::cases;

    use super::*;

    fn texts(members: usize) -> MemberTexts {
        let mut texts = MemberTexts::default();
        for number in 0..members {
            texts.push(&json!({"userId": number.to_string(), "name": "x".repeat(300)}).to_string());
        }
        texts
    }

    #[cases("SV-9")]
    #[test]
    fn an_answer_of_any_length_is_one_document() {
        for (added, changed) in [(0, 0), (1, 0), (0, 1), (2, 3), (1_000, 700)] {
            let told = RosterAnswer {
                changes: RosterChanges {
                    version: Some("1.A".into()),
                    removed: vec![gone("gone", 0)],
                    ..RosterChanges::applied(7)
                },
                added: texts(added),
                changed: texts(changed),
            };
            let value = told.value();
            let count = |list: &str| value[list].as_array().unwrap().len();
            assert_eq!((count("added"), count("changed")), (added, changed));
            assert_eq!(
                (&value["members"], &value["version"]),
                (&json!(7), &json!("1.A"))
            );
            assert_eq!(value["removed"][0]["userId"], "gone");
        }
    }
}
