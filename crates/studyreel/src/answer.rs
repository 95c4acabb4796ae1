//! The answer to a launch (studyreel.md §6), before a dialect writes it.

use serde::{Deserialize, Serialize};

/// Whether the launch created the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum UserType {
    /// Only on the launch that did.
    New,
    /// On every other.
    Existing,
}

/// A successful answer, sent with status 200.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaunchAnswer {
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
        Self {
            message: message.to_owned(),
            user_id,
            user_type,
            login_link,
        }
    }
}

/// The answer to a launch that was refused or failed. Never contains a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusalAnswer {
    /// One sentence saying what to do.
    pub message: String,
    /// Machine code, such as that of a [`RefusalCode`](crate::RefusalCode).
    pub code: String,
    /// Identifies the attempt in the service's log and traces.
    pub request_id: String,
}
