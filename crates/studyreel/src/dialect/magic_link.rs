//! `lti-magic-link`, the launch of TimeBack and AlphaLearn (studyreel.md §10).
//!
//! Little is public. AlphaLearn's front end sends StudyReel's message under its own issuer; the one public receiver
//! answers it with a member `user` beside the five, and refuses with `{"error": "…"}`. So the message is read by
//! StudyReel's rules, and both answers hold what a caller that knows that receiver may look for. Its `user` names the
//! student; ours holds the id only, since nothing personal goes back (studyreel.md §6).

use serde_json::{Value, json};

use super::{Dialect, as_documented, as_ours, studyreel};
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

fn accept(answer: &LaunchAnswer) -> Value {
    let mut body = as_documented(answer);
    body["user"] = json!({"userId": answer.user_id});
    body
}

fn refuse(answer: &RefusalAnswer) -> Value {
    let mut body = as_ours(answer);
    body["error"] = json!(answer.message);
    body
}
