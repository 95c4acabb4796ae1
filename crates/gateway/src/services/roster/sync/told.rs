//! What an application learns of a roster that was taken.

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

/// Bytes of an answer at most that is sent in one go, with its length.
const SHORT: usize = 512 * 1024;
/// Where the members go in [`RosterChanges`] without them.
const NOBODY: &str = r#""added":[],"changed":[],"#;

/// What has changed since the version that was named.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RosterChanges {
    /// Whether the roster was taken. If not, nothing of it was kept, and the last one counts.
    pub(super) applied: bool,
    /// Why it was not taken: `EMPTY` or `TEACHERS_ONLY`, after a fuller one. Send `confirm` if it is right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) suspicious: Option<&'static str>,
    /// What to send as `since` the next time, once you have stored these changes; absent if the roster was not taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) version: Option<String>,
    /// Whether this is the whole roster: everybody is `added`, and whom you have besides has left.
    pub(super) complete: bool,
    /// Members of the course now.
    pub(super) members: usize,
    /// Who is new, or back.
    pub(super) added: Vec<MemberAnswer>,
    /// Who is described in another way than before.
    pub(super) changed: Vec<MemberAnswer>,
    /// Who has left.
    pub(super) removed: Vec<RemovedMember>,
}

/// A member who has left. What becomes of their work is the application's decision.
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
    /// Of a roster of so many that was taken and has not changed.
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

    /// Of a roster that was not taken, and why; the last one has so many.
    pub(super) fn refused(members: usize, why: &'static str) -> Self {
        Self {
            applied: false,
            suspicious: Some(why),
            ..Self::applied(members)
        }
    }
}

/// The answer about a roster that was taken: [`RosterChanges`], with its members beside it as they are to be written.
pub(super) struct RosterTold {
    pub changes: RosterChanges,
    pub added: MemberTexts,
    pub changed: MemberTexts,
}

/// A part of the answer.
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

impl RosterTold {
    /// Of a roster whose members are not in the answer.
    pub(super) fn without_members(changes: RosterChanges) -> Self {
        Self {
            changes,
            added: MemberTexts::default(),
            changed: MemberTexts::default(),
        }
    }

    /// The answer. A long one is written out piece by piece, when each is to be sent.
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
            let told = RosterTold {
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
