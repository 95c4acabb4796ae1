//! Why a StudyReel launch was refused.

use thiserror::Error;

/// One variant per rule. The text names the member and what to do about it, and never repeats
/// what the request said (studyreel.md §5, item 12).
///
/// The rules that need the service's store or transport (replay, accounts, size, rate) are listed
/// here too, so that the table of studyreel.md §6 is in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The body is not UTF-8.
    #[error("The body is not UTF-8 text; send JSON in UTF-8.")]
    NotUtf8,
    /// The body is empty, cut off or otherwise not JSON.
    #[error("The body is not valid JSON; send one JSON object.")]
    NotJson,
    /// The body is JSON but no object.
    #[error("The body must be one JSON object.")]
    NotAnObject,
    /// Arrays and objects are nested beyond any use.
    #[error("The body is nested too deeply; send a flat JSON object.")]
    TooDeep,
    /// A required member stands there twice.
    #[error("Member '{0}' appears more than once; send it once.")]
    DuplicateMember(&'static str),
    /// A string's escapes do not form Unicode text.
    #[error("Member '{0}' holds broken character escapes; send Unicode text.")]
    BrokenText(&'static str),

    /// A required member is absent or JSON `null`.
    #[error("Required member '{0}' is missing.")]
    MissingField(&'static str),
    /// A required member has another JSON type.
    #[error("Member '{field}' must be {expected}.")]
    WrongType {
        /// The member.
        field: &'static str,
        /// The type to send, with its article.
        expected: &'static str,
    },
    /// A required member holds no value: empty, blank, or a word such as `"null"`.
    #[error("Member '{0}' must not be empty.")]
    EmptyField(&'static str),
    /// A required member is too short or too long.
    #[error("Member '{field}' must have {min} to {max} characters.")]
    WrongLength {
        /// The member.
        field: &'static str,
        /// Fewest characters.
        min: usize,
        /// Most characters.
        max: usize,
    },
    /// A required member contains control characters.
    #[error("Member '{0}' must not contain control characters.")]
    ControlCharacter(&'static str),

    /// Not a resource link launch.
    #[error("Member 'messageType' must be LtiResourceLinkRequest.")]
    UnsupportedMessage,
    /// Not version 1.3.
    #[error("Member 'version' must be 1.3 or 1.3.x.")]
    UnsupportedVersion,
    /// The issuer is not on the list.
    #[error("Member 'iss' names an issuer that is not allowed here; ask the app to allow it.")]
    UnknownIssuer,
    /// The deployment is not on the list for this issuer.
    #[error("Member 'deployment_id' is not allowed for this issuer; ask the app to allow it.")]
    UnknownDeployment,
    /// Anyone but a student.
    #[error("Member 'role' is not allowed; only students may launch.")]
    RoleNotAllowed,

    /// A time in a form that studyreel.md §4.3 does not list.
    #[error("Member '{0}' is not a time; send 'YYYY-MM-DD HH:MM:SS' or seconds since 1970.")]
    UnreadableTime(&'static str),
    /// `exp` is not later than `iat`.
    #[error("Member 'exp' must be later than 'iat'.")]
    ExpiryNotAfterIssue,
    /// `exp` is too long after `iat`.
    #[error("Member 'exp' is too long after 'iat'; send a launch that lives about an hour.")]
    LifetimeTooLong,
    /// `iat` lies in the future, beyond the allowed skew.
    #[error("Member 'iat' is in the future; check the sender's clock and time zone.")]
    IssuedInFuture {
        /// How far ahead of us `iat` is, for the log: hours in round figures mean a wrong zone.
        seconds_ahead: i64,
    },
    /// `exp` has passed, beyond the allowed skew.
    #[error("Member 'exp' is in the past; launch again, or check the sender's time zone.")]
    Expired {
        /// How long ago `exp` was, for the log: hours in round figures mean a wrong zone.
        seconds_ago: i64,
    },
    /// `iat` is older than the installation accepts.
    #[error("Member 'iat' is too long ago; launch again.")]
    TooOld {
        /// Age of the launch, for the log.
        seconds_old: i64,
    },

    /// A required proof is absent or wrong. Says no more, on purpose.
    #[error("The launch could not be authenticated.")]
    BadSignature,
    /// `nonce` or `jti` was seen before.
    #[error("This launch was already used; launch again.")]
    Replayed,
    /// The address belongs to an account this issuer did not create.
    #[error("This student cannot be signed in by a launch; link the account first.")]
    AccountNotLinkable,
    /// The account was disabled or deleted.
    #[error("This student's account is disabled.")]
    AccountDisabled,

    /// The body is larger than the service takes.
    #[error("The body is too large; a launch has at most 64 KiB.")]
    TooLarge,
    /// The body is not declared as JSON.
    #[error("Send the launch with Content-Type: application/json.")]
    UnsupportedMediaType,
    /// Too many launches in a short time.
    #[error("Too many launches; try again shortly.")]
    RateLimited,
    /// The service failed; nothing was created.
    #[error("The launch failed on our side; try again.")]
    Internal,
    /// The service cannot work at the moment; nothing was created.
    #[error("The service is not available at the moment; try again shortly.")]
    Unavailable,
}

impl Refusal {
    /// The stable machine code of studyreel.md §6.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotUtf8
            | Self::NotJson
            | Self::NotAnObject
            | Self::TooDeep
            | Self::DuplicateMember(_)
            | Self::BrokenText(_) => "malformed_json",
            Self::MissingField(_) => "missing_field",
            Self::WrongType { .. }
            | Self::EmptyField(_)
            | Self::WrongLength { .. }
            | Self::ControlCharacter(_) => "invalid_field",
            Self::UnsupportedMessage => "unsupported_message",
            Self::UnsupportedVersion => "unsupported_version",
            Self::UnreadableTime(_) | Self::ExpiryNotAfterIssue | Self::LifetimeTooLong => {
                "invalid_timestamp"
            }
            Self::Expired { .. } | Self::TooOld { .. } => "expired",
            Self::IssuedInFuture { .. } => "not_yet_valid",
            Self::BadSignature => "bad_signature",
            Self::UnknownIssuer => "unknown_issuer",
            Self::UnknownDeployment => "unknown_deployment",
            Self::RoleNotAllowed => "role_not_allowed",
            Self::AccountNotLinkable => "account_not_linkable",
            Self::AccountDisabled => "account_disabled",
            Self::Replayed => "replayed",
            Self::TooLarge => "too_large",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::RateLimited => "rate_limited",
            Self::Internal => "internal",
            Self::Unavailable => "unavailable",
        }
    }

    /// The HTTP status of studyreel.md §6.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self.code() {
            "expired" | "not_yet_valid" | "bad_signature" => 401,
            "unknown_issuer"
            | "unknown_deployment"
            | "role_not_allowed"
            | "account_not_linkable"
            | "account_disabled" => 403,
            "replayed" => 409,
            "too_large" => 413,
            "unsupported_media_type" => 415,
            "rate_limited" => 429,
            "internal" => 500,
            "unavailable" => 503,
            _ => 400,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_statuses_are_those_of_section_6() {
        let table = [
            (Refusal::NotJson, 400, "malformed_json"),
            (Refusal::DuplicateMember("sub"), 400, "malformed_json"),
            (Refusal::MissingField("sub"), 400, "missing_field"),
            (Refusal::EmptyField("sub"), 400, "invalid_field"),
            (Refusal::UnsupportedMessage, 400, "unsupported_message"),
            (Refusal::UnsupportedVersion, 400, "unsupported_version"),
            (Refusal::UnreadableTime("iat"), 400, "invalid_timestamp"),
            (Refusal::ExpiryNotAfterIssue, 400, "invalid_timestamp"),
            (Refusal::Expired { seconds_ago: 1 }, 401, "expired"),
            (Refusal::TooOld { seconds_old: 1 }, 401, "expired"),
            (
                Refusal::IssuedInFuture { seconds_ahead: 1 },
                401,
                "not_yet_valid",
            ),
            (Refusal::BadSignature, 401, "bad_signature"),
            (Refusal::UnknownIssuer, 403, "unknown_issuer"),
            (Refusal::UnknownDeployment, 403, "unknown_deployment"),
            (Refusal::RoleNotAllowed, 403, "role_not_allowed"),
            (Refusal::AccountNotLinkable, 403, "account_not_linkable"),
            (Refusal::AccountDisabled, 403, "account_disabled"),
            (Refusal::Replayed, 409, "replayed"),
            (Refusal::TooLarge, 413, "too_large"),
            (Refusal::UnsupportedMediaType, 415, "unsupported_media_type"),
            (Refusal::RateLimited, 429, "rate_limited"),
            (Refusal::Internal, 500, "internal"),
            (Refusal::Unavailable, 503, "unavailable"),
        ];
        for (refusal, status, code) in table {
            assert_eq!(
                (refusal.status(), refusal.code()),
                (status, code),
                "{refusal:?}"
            );
        }
    }
}
