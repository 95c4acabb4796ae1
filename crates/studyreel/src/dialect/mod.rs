//! Dialects: platforms that send this kind of launch in words of their own.
//!
//! A dialect is one file: whose it is, how its members are read into a [`Payload`], and how its answers are written.
//! Everything in between, from the rules of [`check`](crate::check) to the stored launch, is the same for all.

mod magic_link;
mod studyreel;

use serde_json::{Value, json};

pub use magic_link::MAGIC_LINK;
pub use studyreel::{REQUIRED_MEMBERS, STUDYREEL};

use crate::answer::{ErrorAnswer, LaunchAnswer};
use crate::json::Members;
use crate::payload::Payload;
use crate::refusal::Refusal;

/// How one platform launches.
#[derive(Debug)]
pub struct Dialect {
    /// Its name in settings, addresses and stored launches; never to be changed.
    pub name: &'static str,
    /// The platform, as people call it.
    pub platform: &'static str,
    /// The issuers that launch, unless the operator names others.
    pub issuers: &'static [&'static str],
    read: fn(&Members<'_>) -> Result<Payload, Refusal>,
    accept: fn(&LaunchAnswer) -> Value,
    refuse: fn(&ErrorAnswer) -> Value,
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
    /// A [`Refusal`] of status 400: `malformed_json` when the body is not one strict JSON object or a required member
    /// stands there twice; `missing_field` or `invalid_field` when a required member is absent or cannot be what it
    /// should. Optional members never fail.
    pub fn parse(&self, body: &[u8]) -> Result<Payload, Refusal> {
        (self.read)(&Members::parse_body(body)?)
    }

    /// The body of the answer to a launch that worked, sent with status 200.
    #[must_use]
    pub fn accept(&self, answer: &LaunchAnswer) -> Value {
        (self.accept)(answer)
    }

    /// The body of the answer to a launch that was refused or failed.
    #[must_use]
    pub fn refuse(&self, answer: &ErrorAnswer) -> Value {
        (self.refuse)(answer)
    }
}

/// The five documented members (studyreel.md §6).
fn as_documented(answer: &LaunchAnswer) -> Value {
    json!({
        "status": "success",
        "message": answer.message,
        "userID": answer.user_id,
        "userType": answer.user_type,
        "loginLink": answer.login_link,
    })
}

/// Our form of a refusal, since none is documented (studyreel.md §6).
fn as_ours(answer: &ErrorAnswer) -> Value {
    json!({
        "status": "error",
        "message": answer.message,
        "code": answer.code,
        "requestId": answer.request_id,
    })
}
