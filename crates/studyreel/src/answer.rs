//! The answer to a launch (section 6), before a dialect writes it.

use serde::{Deserialize, Serialize};

/// How the launch went, in the word StudyReel reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The student may follow the link.
    Success,
    /// Refused or failed; there is no link.
    Error,
}

/// Whether the launch created the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UserType {
    /// Only on the launch that did.
    New,
    /// On every other.
    Existing,
}

/// The five documented members of a successful answer, sent with status 200.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaunchAnswer {
    /// Always [`Status::Success`].
    pub status: Status,
    /// Text for people.
    pub message: String,
    /// The app's own identifier of the student, the same on every launch.
    pub user_id: String,
    /// Whether this launch created the account.
    pub user_type: UserType,
    /// Absolute one-time address to send the student's browser to.
    pub login_link: String,
}

impl LaunchAnswer {
    /// The answer to a launch that worked.
    #[must_use]
    pub fn new(user_id: String, user_type: UserType, login_link: String) -> Self {
        let message = match user_type {
            UserType::New => "Student signed up and login token generated.",
            UserType::Existing => "Student logged in and login token generated.",
        };
        let message = message.to_owned();
        Self {
            status: Status::Success,
            message,
            user_id,
            user_type,
            login_link,
        }
    }
}

/// The answer to a launch that was refused or failed. Never holds a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorAnswer {
    /// Always [`Status::Error`].
    pub status: Status,
    /// One sentence saying what to do.
    pub message: String,
    /// Machine code; see [`Refusal::code`](super::Refusal::code).
    pub code: String,
    /// Under which identifier the service's log and traces know the attempt.
    pub request_id: String,
}

impl ErrorAnswer {
    /// The answer for one refusal.
    #[must_use]
    pub fn new(refusal: super::Refusal, request_id: String) -> Self {
        Self {
            status: Status::Error,
            message: refusal.to_string(),
            code: refusal.code().to_owned(),
            request_id,
        }
    }
}
