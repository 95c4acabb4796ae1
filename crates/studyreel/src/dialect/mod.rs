//! Dialects: variants of this launch, one for each platform that sends it.
//!
//! Each dialect is one file: the platform, how its members are read into a [`Payload`], and how its
//! answers are written. Everything in between, from the rules of [`check`](crate::check) to the
//! stored launch, is the same for all.

mod magic_link;
mod studyreel;

use serde::Serialize;
use serde_json::{Value, json};

pub use magic_link::{MAGIC_LINK, MagicLinkAnswer, MagicLinkRefusal};
pub use studyreel::{REQUIRED_MEMBERS, STUDYREEL};

use crate::answer::{LaunchAnswer, RefusalAnswer, UserType};
use crate::json::Members;
use crate::payload::Payload;
use crate::refusal::PayloadRefusal;

/// How one platform launches.
#[derive(Debug)]
pub struct Dialect {
    /// Its name in settings, addresses and stored launches. It must never change.
    pub name: &'static str,
    /// The platform's display name.
    pub platform: &'static str,
    /// The issuers that may launch, unless the operator sets others.
    pub issuers: &'static [&'static str],
    read: fn(&Members<'_>) -> Result<Payload, PayloadRefusal>,
    accept: fn(&LaunchAnswer) -> Value,
    refuse: fn(&RefusalAnswer) -> Value,
}

impl Dialect {
    /// Every dialect.
    pub const ALL: [&'static Self; 2] = [&STUDYREEL, &MAGIC_LINK];

    /// The dialect with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::ALL.into_iter().find(|dialect| dialect.name == name)
    }

    /// Reads a request body. Unknown members and the order of members do not matter.
    ///
    /// # Errors
    /// A [`PayloadRefusal`] of status 400: `malformed_json` if the body is not one strict JSON
    /// object or has a required member twice; `missing_field` or `invalid_field` if a required
    /// member is absent or has an unusable value. Optional members never fail.
    pub fn parse(&self, body: &[u8]) -> Result<Payload, PayloadRefusal> {
        (self.read)(&Members::parse_body(body)?)
    }

    /// The body of the answer to a successful launch, sent with status 200.
    #[must_use]
    pub fn accept(&self, answer: &LaunchAnswer) -> Value {
        (self.accept)(answer)
    }

    /// The body of the answer to a launch that was refused or failed.
    #[must_use]
    pub fn refuse(&self, answer: &RefusalAnswer) -> Value {
        (self.refuse)(answer)
    }
}

/// The answer to a successful launch: the five documented members. A dialect may add its own.
// studyreel.md §6
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = StudyReelAnswer))]
pub struct DocumentedAnswer<'a> {
    /// `success`.
    status: &'static str,
    /// For people.
    message: &'a str,
    /// The application's id for the student, the same on every launch.
    #[serde(rename = "userID")]
    user_id: &'a str,
    /// Whether this launch created the account.
    user_type: UserType,
    /// Where to send the student's browser. Works once.
    login_link: &'a str,
}

impl<'a> From<&'a LaunchAnswer> for DocumentedAnswer<'a> {
    fn from(answer: &'a LaunchAnswer) -> Self {
        Self {
            status: "success",
            message: &answer.message,
            user_id: &answer.user_id,
            user_type: answer.user_type,
            login_link: &answer.login_link,
        }
    }
}

fn as_documented(answer: &LaunchAnswer) -> Value {
    json!(DocumentedAnswer::from(answer))
}

/// The answer to a launch that was refused or failed. The form is ours, because none is documented.
// studyreel.md §6
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = StudyReelRefusal))]
pub struct OurRefusal<'a> {
    /// `error`.
    status: &'static str,
    /// What to do.
    message: &'a str,
    /// Stable code for programs.
    code: &'a str,
    /// The reference of the attempt in the log and the traces.
    request_id: &'a str,
}

impl<'a> From<&'a RefusalAnswer> for OurRefusal<'a> {
    fn from(answer: &'a RefusalAnswer) -> Self {
        Self {
            status: "error",
            message: &answer.message,
            code: &answer.code,
            request_id: &answer.request_id,
        }
    }
}

fn as_ours(answer: &RefusalAnswer) -> Value {
    json!(OurRefusal::from(answer))
}
