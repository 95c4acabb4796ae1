//! Dialects: platforms that send this kind of launch in words of their own.
//!
//! A dialect is one file: whose it is, how its members are read into a [`Payload`], and how its answers are written.
//! Everything in between, from the rules of [`check`](crate::check) to the stored launch, is the same for all.

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
    /// Its name in settings, addresses and stored launches; never to be changed.
    pub name: &'static str,
    /// The platform, as people call it.
    pub platform: &'static str,
    /// The issuers that launch, unless the operator names others.
    pub issuers: &'static [&'static str],
    read: fn(&Members<'_>) -> Result<Payload, PayloadRefusal>,
    accept: fn(&LaunchAnswer) -> Value,
    refuse: fn(&RefusalAnswer) -> Value,
}

impl Dialect {
    /// Every dialect.
    pub const ALL: [&'static Self; 2] = [&STUDYREEL, &MAGIC_LINK];

    /// The dialect of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::ALL.into_iter().find(|dialect| dialect.name == name)
    }

    /// Reads a request body. Unknown members and the order of members do not matter.
    ///
    /// # Errors
    /// A [`PayloadRefusal`] of status 400: `malformed_json` when the body is not one strict JSON object or a required member
    /// stands there twice; `missing_field` or `invalid_field` when a required member is absent or cannot be what it
    /// should. Optional members never fail.
    pub fn parse(&self, body: &[u8]) -> Result<Payload, PayloadRefusal> {
        (self.read)(&Members::parse_body(body)?)
    }

    /// The body of the answer to a launch that worked, sent with status 200.
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

/// The answer to a launch that worked: the five documented members. A dialect may add some of its own.
// studyreel.md §6
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = StudyReelAnswer))]
pub struct DocumentedAnswer<'a> {
    /// `success`.
    status: &'static str,
    /// For people.
    message: &'a str,
    /// The application's id of the student, the same on every launch.
    #[serde(rename = "userID")]
    user_id: &'a str,
    /// Whether this launch created the account.
    user_type: UserType,
    /// Where to send the student's browser, once.
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

/// The answer to a launch that was refused or failed: our form, since none is documented.
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
    /// The reference under which the log and the traces know the attempt.
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
