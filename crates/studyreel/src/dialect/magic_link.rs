//! `lti-magic-link`, the launch of TimeBack and AlphaLearn (studyreel.md §10).
//!
//! Little is public. AlphaLearn's front end sends StudyReel's message under its own issuer. The
//! only public receiver adds a member `user` to the five of its answer, and refuses with
//! `{"error": "…"}`. So we read the message by StudyReel's rules, and both our answers contain what
//! a caller used to that receiver may look for. Its `user` contains the student's name; ours only
//! the id, because we send nothing personal back (studyreel.md §6).

use serde::Serialize;
use serde_json::{Value, json};

use super::{Dialect, DocumentedAnswer, OurRefusal, studyreel};
use crate::answer::{LaunchAnswer, RefusalAnswer};

/// TimeBack and AlphaLearn.
pub static MAGIC_LINK: Dialect = Dialect {
    name: "lti-magic-link",
    platform: "AlphaLearn",
    issuers: &["https://alphalearn.school"],
    read: studyreel::read,
    accept,
    refuse,
};

/// The answer of `/lti-magic-link/launch` to a successful launch: StudyReel's five members, and
/// `user`.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MagicLinkAnswer<'a> {
    #[serde(flatten)]
    documented: DocumentedAnswer<'a>,
    user: MagicLinkUser<'a>,
}

/// The student of such a launch.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
struct MagicLinkUser<'a> {
    /// The same as `userID`.
    user_id: &'a str,
}

/// The answer of `/lti-magic-link/launch` to a launch that was refused or failed: the same as for
/// StudyReel, plus `error`.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MagicLinkRefusal<'a> {
    #[serde(flatten)]
    ours: OurRefusal<'a>,
    /// The same as `message`.
    error: &'a str,
}

fn accept(answer: &LaunchAnswer) -> Value {
    json!(MagicLinkAnswer {
        documented: answer.into(),
        user: MagicLinkUser {
            user_id: &answer.user_id,
        },
    })
}

fn refuse(answer: &RefusalAnswer) -> Value {
    json!(MagicLinkRefusal {
        ours: answer.into(),
        error: &answer.message,
    })
}
