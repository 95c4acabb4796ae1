//! Why a StudyReel launch was refused.

use thiserror::Error;

/// A row of the table of studyreel.md §6, and what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RefusalRule {
    /// HTTP status.
    pub status: u16,
    /// The stable machine code.
    pub code: &'static str,
    /// What whoever runs the service can do about it, in one or two sentences.
    pub advice: &'static str,
}

impl RefusalRule {
    const fn new(status: u16, code: &'static str, advice: &'static str) -> Self {
        Self {
            status,
            code,
            advice,
        }
    }
}

const TELL: &str =
    "Tell StudyReel which member is meant and what is wrong with it: the launch's answer says so.";
const STRANGER: &str = "This was no launch of StudyReel's server: something else sent it, or something in between changed it.";
const CLOCKS: &str =
    "Compare the clocks, and studyreel.timeZone: a difference of whole hours means a wrong zone.";
const OURS: &str = "This is on our side: look at the cause, and into the log under this reference.";

const MALFORMED_JSON: RefusalRule = RefusalRule::new(400, "malformed_json", TELL);
const MISSING_FIELD: RefusalRule = RefusalRule::new(400, "missing_field", TELL);
const INVALID_FIELD: RefusalRule = RefusalRule::new(400, "invalid_field", TELL);
const UNSUPPORTED_MESSAGE: RefusalRule = RefusalRule::new(400, "unsupported_message", TELL);
const UNSUPPORTED_VERSION: RefusalRule = RefusalRule::new(400, "unsupported_version", TELL);
const INVALID_TIMESTAMP: RefusalRule = RefusalRule::new(400, "invalid_timestamp", TELL);
const EXPIRED: RefusalRule = RefusalRule::new(401, "expired", CLOCKS);
const NOT_YET_VALID: RefusalRule = RefusalRule::new(401, "not_yet_valid", CLOCKS);
const BAD_SIGNATURE: RefusalRule = RefusalRule::new(
    401,
    "bad_signature",
    "Compare the signing secret at StudyReel with GET /admin/studyreel, and studyreel.secrets.",
);
const UNKNOWN_ISSUER: RefusalRule = RefusalRule::new(
    403,
    "unknown_issuer",
    "If the issuer is StudyReel's, add it to studyreel.issuers.",
);
const UNKNOWN_DEPLOYMENT: RefusalRule = RefusalRule::new(
    403,
    "unknown_deployment",
    "If the deployment is yours, add it to studyreel.deployments.",
);
const ROLE_NOT_ALLOWED: RefusalRule = RefusalRule::new(403, "role_not_allowed", TELL);
const ACCOUNT_NOT_LINKABLE: RefusalRule = RefusalRule::new(
    403,
    "account_not_linkable",
    "The student's account came from elsewhere: link it in the application first.",
);
const ACCOUNT_DISABLED: RefusalRule = RefusalRule::new(
    403,
    "account_disabled",
    "Enable the student again if they should come back (PATCH /api/students/<id>).",
);
const REPLAYED: RefusalRule = RefusalRule::new(
    409,
    "replayed",
    "StudyReel has to make a new launch for each try. If its nonce is constant, set studyreel.replay to pair.",
);
const TOO_LARGE: RefusalRule = RefusalRule::new(413, "too_large", STRANGER);
const UNSUPPORTED_MEDIA_TYPE: RefusalRule =
    RefusalRule::new(415, "unsupported_media_type", STRANGER);
const RATE_LIMITED: RefusalRule = RefusalRule::new(
    429,
    "rate_limited",
    "Look whether so many launches are right, and raise studyreel.limits if they are.",
);
const INTERNAL: RefusalRule = RefusalRule::new(500, "internal", OURS);
const UNAVAILABLE: RefusalRule = RefusalRule::new(503, "unavailable", OURS);

/// Declares the refusals: what each says, and its row.
macro_rules! refusals {
    (
        $(#[$about:meta])*
        pub enum $name:ident {
            $(
                $(#[$row:meta])*
                $variant:ident $(($($field:tt)*))? $({$($fields:tt)*})? => $rule:ident;
            )+
        }
    ) => {
        $(#[$about])*
        pub enum $name {
            $($(#[$row])* $variant $(($($field)*))? $({$($fields)*})?,)+
        }

        impl $name {
            /// The row of every variant; several share one.
            pub const RULES: &'static [RefusalRule] = &[$($rule),+];

            /// The row that this refusal belongs to.
            #[must_use]
            pub const fn rule(&self) -> RefusalRule {
                match self {
                    $(Self::$variant { .. } => $rule,)+
                }
            }
        }
    };
}

refusals! {
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
        NotUtf8 => MALFORMED_JSON;
        /// The body is empty, cut off or otherwise not JSON.
        #[error("The body is not valid JSON; send one JSON object.")]
        NotJson => MALFORMED_JSON;
        /// The body is JSON but no object.
        #[error("The body must be one JSON object.")]
        NotAnObject => MALFORMED_JSON;
        /// Arrays and objects are nested beyond any use.
        #[error("The body is nested too deeply; send a flat JSON object.")]
        TooDeep => MALFORMED_JSON;
        /// A required member stands there twice.
        #[error("Member '{0}' appears more than once; send it once.")]
        DuplicateMember(&'static str) => MALFORMED_JSON;
        /// A string's escapes do not form Unicode text.
        #[error("Member '{0}' holds broken character escapes; send Unicode text.")]
        BrokenText(&'static str) => MALFORMED_JSON;

        /// A required member is absent or JSON `null`.
        #[error("Required member '{0}' is missing.")]
        MissingField(&'static str) => MISSING_FIELD;
        /// A required member has another JSON type.
        #[error("Member '{field}' must be {expected}.")]
        WrongType {
            /// The member.
            field: &'static str,
            /// The type to send, with its article.
            expected: &'static str,
        } => INVALID_FIELD;
        /// A required member holds no value: empty, blank, or a word such as `"null"`.
        #[error("Member '{0}' must not be empty.")]
        EmptyField(&'static str) => INVALID_FIELD;
        /// A required member is too short or too long.
        #[error("Member '{field}' must have {min} to {max} characters.")]
        WrongLength {
            /// The member.
            field: &'static str,
            /// Fewest characters.
            min: usize,
            /// Most characters.
            max: usize,
        } => INVALID_FIELD;
        /// A required member contains control characters.
        #[error("Member '{0}' must not contain control characters.")]
        ControlCharacter(&'static str) => INVALID_FIELD;

        /// Not a resource link launch.
        #[error("Member 'messageType' must be LtiResourceLinkRequest.")]
        UnsupportedMessage => UNSUPPORTED_MESSAGE;
        /// Not version 1.3.
        #[error("Member 'version' must be 1.3 or 1.3.x.")]
        UnsupportedVersion => UNSUPPORTED_VERSION;
        /// The issuer is not on the list.
        #[error("Member 'iss' names an issuer that is not allowed here; ask the app to allow it.")]
        UnknownIssuer => UNKNOWN_ISSUER;
        /// The deployment is not on the list for this issuer.
        #[error("Member 'deployment_id' is not allowed for this issuer; ask the app to allow it.")]
        UnknownDeployment => UNKNOWN_DEPLOYMENT;
        /// Anyone but a student.
        #[error("Member 'role' is not allowed; only students may launch.")]
        RoleNotAllowed => ROLE_NOT_ALLOWED;

        /// A time in a form that studyreel.md §4.3 does not list.
        #[error("Member '{0}' is not a time; send 'YYYY-MM-DD HH:MM:SS' or seconds since 1970.")]
        UnreadableTime(&'static str) => INVALID_TIMESTAMP;
        /// `exp` is not later than `iat`.
        #[error("Member 'exp' must be later than 'iat'.")]
        ExpiryNotAfterIssue => INVALID_TIMESTAMP;
        /// `exp` is too long after `iat`.
        #[error("Member 'exp' is too long after 'iat'; send a launch that lives about an hour.")]
        LifetimeTooLong => INVALID_TIMESTAMP;
        /// `iat` lies in the future, beyond the allowed skew.
        #[error("Member 'iat' is in the future; check the sender's clock and time zone.")]
        IssuedInFuture {
            /// How far ahead of us `iat` is, for the log: hours in round figures mean a wrong zone.
            seconds_ahead: i64,
        } => NOT_YET_VALID;
        /// `exp` has passed, beyond the allowed skew.
        #[error("Member 'exp' is in the past; launch again, or check the sender's time zone.")]
        Expired {
            /// How long ago `exp` was, for the log: hours in round figures mean a wrong zone.
            seconds_ago: i64,
        } => EXPIRED;
        /// `iat` is older than the installation accepts.
        #[error("Member 'iat' is too long ago; launch again.")]
        TooOld {
            /// Age of the launch, for the log.
            seconds_old: i64,
        } => EXPIRED;

        /// A required proof is absent or wrong. Says no more, on purpose.
        #[error("The launch could not be authenticated.")]
        BadSignature => BAD_SIGNATURE;
        /// `nonce` or `jti` was seen before.
        #[error("This launch was already used; launch again.")]
        Replayed => REPLAYED;
        /// The address belongs to an account this issuer did not create.
        #[error("This student cannot be signed in by a launch; link the account first.")]
        AccountNotLinkable => ACCOUNT_NOT_LINKABLE;
        /// The account was disabled or deleted.
        #[error("This student's account is disabled.")]
        AccountDisabled => ACCOUNT_DISABLED;

        /// The body is larger than the service takes.
        #[error("The body is too large; a launch has at most 64 KiB.")]
        TooLarge => TOO_LARGE;
        /// The body is not declared as JSON.
        #[error("Send the launch with Content-Type: application/json.")]
        UnsupportedMediaType => UNSUPPORTED_MEDIA_TYPE;
        /// Too many launches in a short time.
        #[error("Too many launches; try again shortly.")]
        RateLimited => RATE_LIMITED;
        /// The service failed; nothing was created.
        #[error("The launch failed on our side; try again.")]
        Internal => INTERNAL;
        /// The service cannot work at the moment; nothing was created.
        #[error("The service is not available at the moment; try again shortly.")]
        Unavailable => UNAVAILABLE;
    }
}

impl Refusal {
    /// The stable machine code of section 6.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.rule().code
    }

    /// The HTTP status of section 6.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.rule().status
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

    #[test]
    fn a_code_stands_for_one_row() {
        for rule in Refusal::RULES {
            let same = Refusal::RULES.iter().filter(|row| row.code == rule.code);
            assert!(same.clone().all(|row| row == rule), "{}", rule.code);
        }
    }
}
