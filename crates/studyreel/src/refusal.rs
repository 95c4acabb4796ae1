//! Why a body is not a launch.

use thiserror::Error;

/// Declares the codes, each with its status and name.
macro_rules! codes {
    (
        $(#[$about:meta])*
        pub enum $name:ident { $($(#[$row:meta])* $code:ident => $status:literal, $word:literal;)+ }
    ) => {
        $(#[$about])*
        pub enum $name {
            $($(#[$row])* $code,)+
        }

        impl $name {
            /// Its name in answers and traces. It must never change.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$code => $word,)+
                }
            }

            /// The HTTP status of the answer.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self {
                    $(Self::$code => $status,)+
                }
            }
        }
    };
}

codes! {
    /// Reasons to refuse a body: those rows of studyreel.md §6 that need neither store nor
    /// transport. Each code covers one or more refusals.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum RefusalCode {
        /// Not one strict JSON object.
        MalformedJson => 400, "malformed_json";
        /// A required member is absent.
        MissingField => 400, "missing_field";
        /// A required member has an unusable value.
        InvalidField => 400, "invalid_field";
        /// Another message.
        UnsupportedMessage => 400, "unsupported_message";
        /// Another version.
        UnsupportedVersion => 400, "unsupported_version";
        /// Not a time, or times that contradict each other.
        InvalidTimestamp => 400, "invalid_timestamp";
        /// Too late.
        Expired => 401, "expired";
        /// Too early.
        NotYetValid => 401, "not_yet_valid";
        /// An issuer that may not launch.
        UnknownIssuer => 403, "unknown_issuer";
        /// A deployment that may not launch.
        UnknownDeployment => 403, "unknown_deployment";
        /// Anyone but a student.
        RoleNotAllowed => 403, "role_not_allowed";
    }
}

/// Declares the refusals, each with its sentence and code.
macro_rules! refusals {
    (
        $(#[$about:meta])*
        pub enum $name:ident {
            $(
                $(#[$row:meta])*
                $variant:ident $(($($field:tt)*))? $({$($fields:tt)*})? => $code:ident;
            )+
        }
    ) => {
        $(#[$about])*
        pub enum $name {
            $($(#[$row])* $variant $(($($field)*))? $({$($fields)*})?,)+
        }

        impl $name {
            /// The code that this refusal belongs to.
            #[must_use]
            pub const fn code(&self) -> RefusalCode {
                match self {
                    $(Self::$variant { .. } => RefusalCode::$code,)+
                }
            }
        }
    };
}

refusals! {
    /// One variant per rule. The text names the member and what to do about it, and never repeats
    /// the request's content (studyreel.md §5, item 12).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
    pub enum PayloadRefusal {
        /// The body is not UTF-8.
        #[error("The body is not UTF-8 text; send JSON in UTF-8.")]
        NotUtf8 => MalformedJson;
        /// The body is empty, truncated or otherwise not JSON.
        #[error("The body is not valid JSON; send one JSON object.")]
        NotJson => MalformedJson;
        /// The body is JSON, but not an object.
        #[error("The body must be one JSON object.")]
        NotAnObject => MalformedJson;
        /// Arrays and objects are nested too deeply.
        #[error("The body is nested too deeply; send a flat JSON object.")]
        TooDeep => MalformedJson;
        /// A required member is present twice.
        #[error("Member '{0}' appears more than once; send it once.")]
        DuplicateMember(&'static str) => MalformedJson;
        /// A string's escapes do not form Unicode text.
        #[error("Member '{0}' holds broken character escapes; send Unicode text.")]
        BrokenText(&'static str) => MalformedJson;

        /// A required member is absent or JSON `null`.
        #[error("Required member '{0}' is missing.")]
        MissingField(&'static str) => MissingField;
        /// A required member has another JSON type.
        #[error("Member '{field}' must be {expected}.")]
        WrongType {
            /// The member.
            field: &'static str,
            /// The type to send, with its article.
            expected: &'static str,
        } => InvalidField;
        /// A required member is empty: no text, only whitespace, or a word such as `"null"`.
        #[error("Member '{0}' must not be empty.")]
        EmptyField(&'static str) => InvalidField;
        /// A required member is too short or too long.
        #[error("Member '{field}' must have {min} to {max} characters.")]
        WrongLength {
            /// The member.
            field: &'static str,
            /// Fewest characters.
            min: usize,
            /// Most characters.
            max: usize,
        } => InvalidField;
        /// A required member contains control characters.
        #[error("Member '{0}' must not contain control characters.")]
        ControlCharacter(&'static str) => InvalidField;

        /// Not a resource link launch.
        #[error("Member 'messageType' must be LtiResourceLinkRequest.")]
        UnsupportedMessage => UnsupportedMessage;
        /// Not version 1.3.
        #[error("Member 'version' must be 1.3 or 1.3.x.")]
        UnsupportedVersion => UnsupportedVersion;
        /// The issuer is not on the list.
        #[error("Member 'iss' names an issuer that is not allowed here; ask the app to allow it.")]
        UnknownIssuer => UnknownIssuer;
        /// The deployment is not on the list for this issuer.
        #[error("Member 'deployment_id' is not allowed for this issuer; ask the app to allow it.")]
        UnknownDeployment => UnknownDeployment;
        /// Anyone but a student.
        #[error("Member 'role' is not allowed; only students may launch.")]
        RoleNotAllowed => RoleNotAllowed;

        /// A time in a form that studyreel.md §4.3 does not list.
        #[error("Member '{0}' is not a time; send 'YYYY-MM-DD HH:MM:SS' or seconds since 1970.")]
        UnreadableTime(&'static str) => InvalidTimestamp;
        /// `exp` is not after `iat`.
        #[error("Member 'exp' must be later than 'iat'.")]
        ExpiryNotAfterIssue => InvalidTimestamp;
        /// `exp` is too long after `iat`.
        #[error("Member 'exp' is too long after 'iat'; send a launch that lives about an hour.")]
        LifetimeTooLong => InvalidTimestamp;
        /// `iat` is in the future, beyond the allowed skew.
        #[error("Member 'iat' is in the future; check the sender's clock and time zone.")]
        IssuedInFuture {
            /// How far ahead of our clock `iat` is, for the log: whole hours suggest a wrong time
            /// zone.
            seconds_ahead: i64,
        } => NotYetValid;
        /// `exp` has passed, beyond the allowed skew.
        #[error("Member 'exp' is in the past; launch again, or check the sender's time zone.")]
        Expired {
            /// How long ago `exp` was, for the log: whole hours suggest a wrong time zone.
            seconds_ago: i64,
        } => Expired;
        /// `iat` is older than the installation accepts.
        #[error("Member 'iat' is too long ago; launch again.")]
        TooOld {
            /// Age of the launch, for the log.
            seconds_old: i64,
        } => Expired;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_statuses_are_those_of_section_6() {
        let table = [
            (PayloadRefusal::NotJson, 400, "malformed_json"),
            (
                PayloadRefusal::DuplicateMember("sub"),
                400,
                "malformed_json",
            ),
            (PayloadRefusal::MissingField("sub"), 400, "missing_field"),
            (PayloadRefusal::EmptyField("sub"), 400, "invalid_field"),
            (
                PayloadRefusal::UnsupportedMessage,
                400,
                "unsupported_message",
            ),
            (
                PayloadRefusal::UnsupportedVersion,
                400,
                "unsupported_version",
            ),
            (
                PayloadRefusal::UnreadableTime("iat"),
                400,
                "invalid_timestamp",
            ),
            (
                PayloadRefusal::ExpiryNotAfterIssue,
                400,
                "invalid_timestamp",
            ),
            (PayloadRefusal::Expired { seconds_ago: 1 }, 401, "expired"),
            (PayloadRefusal::TooOld { seconds_old: 1 }, 401, "expired"),
            (
                PayloadRefusal::IssuedInFuture { seconds_ahead: 1 },
                401,
                "not_yet_valid",
            ),
            (PayloadRefusal::UnknownIssuer, 403, "unknown_issuer"),
            (PayloadRefusal::UnknownDeployment, 403, "unknown_deployment"),
            (PayloadRefusal::RoleNotAllowed, 403, "role_not_allowed"),
        ];
        for (refusal, status, name) in table {
            let code = refusal.code();
            assert_eq!((code.status(), code.name()), (status, name), "{refusal:?}");
        }
    }
}
