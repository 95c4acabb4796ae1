//! Why the last attempt failed at a delivery that is tried again, in plain words, and what to do.
//! A delivery that is held or refused has a reason instead.

use crate::jobs::JobAttempt;
use crate::web::texts::{Text, delivery_causes as texts};

/// Why an attempt failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AttemptCause {
    /// The token endpoint is another page, or none.
    NoTokenEndpoint,
    /// The platform issues us no token.
    TokenRefused,
    /// There was no answer from the token endpoint, or none that can be used.
    TokenNotGiven,
    /// The platform doesn't accept the token that it issued.
    TokenNotAccepted,
    /// The platform sends us to another page, such as its sign-in.
    SentElsewhere,
    /// Nothing left for the platform's gradebook.
    NotSent,
    /// No answer came.
    NoAnswer,
    /// The platform failed.
    PlatformFailed,
    /// The answer is not what the service should send.
    NotReadable,
    /// The platform is busy.
    Throttled,
}

impl AttemptCause {
    /// The cause, by an attempt's outcome and status. `None` if it arrived, or if a reason says it
    /// all.
    fn of(outcome: &str, status: Option<u16>) -> Option<Self> {
        Some(match (outcome, status) {
            ("no token", Some(300..400 | 404 | 405 | 410)) => Self::NoTokenEndpoint,
            ("no token", Some(400..500)) => Self::TokenRefused,
            ("no token", Some(500..)) => Self::PlatformFailed,
            ("no token", _) => Self::TokenNotGiven,
            ("not taken", Some(300..400)) => Self::SentElsewhere,
            ("not taken", Some(400 | 401 | 403)) => Self::TokenNotAccepted,
            ("not taken", None) => Self::NotSent,
            ("no answer", _) => Self::NoAnswer,
            ("failed", Some(200..300)) => Self::NotReadable,
            ("not taken" | "failed", _) => Self::PlatformFailed,
            ("throttled", _) => Self::Throttled,
            _ => return None,
        })
    }

    /// The cause of the last of these attempts.
    pub(crate) fn of_last(attempts: &[JobAttempt]) -> Option<Self> {
        let last = attempts.last()?;
        Self::of(&last.outcome, last.status)
    }

    /// The cause in a few words.
    pub(crate) const fn words(self) -> Text {
        match self {
            Self::NoTokenEndpoint => texts::NO_TOKEN_ENDPOINT,
            Self::TokenRefused => texts::TOKEN_REFUSED,
            Self::TokenNotGiven => texts::TOKEN_NOT_GIVEN,
            Self::TokenNotAccepted => texts::TOKEN_NOT_ACCEPTED,
            Self::SentElsewhere => texts::SENT_ELSEWHERE,
            Self::NotSent => texts::NOT_SENT,
            Self::NoAnswer => texts::NO_ANSWER,
            Self::PlatformFailed => texts::PLATFORM_FAILED,
            Self::NotReadable => texts::NOT_READABLE,
            Self::Throttled => texts::THROTTLED,
        }
    }

    /// What can be done about it.
    pub(crate) const fn advice(self) -> Text {
        match self {
            Self::NoTokenEndpoint => texts::DO_NO_TOKEN_ENDPOINT,
            Self::TokenRefused => texts::DO_TOKEN_REFUSED,
            Self::TokenNotGiven => texts::DO_TOKEN_NOT_GIVEN,
            Self::TokenNotAccepted => texts::DO_TOKEN_NOT_ACCEPTED,
            Self::SentElsewhere => texts::DO_SENT_ELSEWHERE,
            Self::NotSent | Self::NoAnswer => texts::DO_REACH,
            Self::PlatformFailed | Self::NotReadable => texts::DO_PLATFORM_FAILED,
            Self::Throttled => texts::DO_THROTTLED,
        }
    }

    /// Whether the platform's settings may be what is wrong.
    pub(crate) fn may_be_settings(self) -> bool {
        matches!(
            self,
            Self::NoTokenEndpoint | Self::TokenRefused | Self::TokenNotGiven
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::language::Language;

    #[test]
    fn an_attempts_cause_follows_from_its_outcome() {
        for (outcome, status, cause) in [
            ("no token", Some(404), Some(AttemptCause::NoTokenEndpoint)),
            ("no token", Some(302), Some(AttemptCause::NoTokenEndpoint)),
            ("no token", Some(401), Some(AttemptCause::TokenRefused)),
            ("no token", Some(503), Some(AttemptCause::PlatformFailed)),
            ("no token", None, Some(AttemptCause::TokenNotGiven)),
            ("not taken", Some(401), Some(AttemptCause::TokenNotAccepted)),
            ("not taken", Some(302), Some(AttemptCause::SentElsewhere)),
            ("not taken", Some(425), Some(AttemptCause::PlatformFailed)),
            ("not taken", None, Some(AttemptCause::NotSent)),
            ("no answer", None, Some(AttemptCause::NoAnswer)),
            ("failed", Some(200), Some(AttemptCause::NotReadable)),
            ("failed", Some(500), Some(AttemptCause::PlatformFailed)),
            ("throttled", Some(429), Some(AttemptCause::Throttled)),
            ("refused", Some(422), None),
            ("delivered", Some(204), None),
            ("not sent", None, None),
        ] {
            assert_eq!(
                AttemptCause::of(outcome, status),
                cause,
                "{outcome} {status:?}"
            );
        }
    }

    #[test]
    fn advice_is_sentences_and_a_cause_is_words() {
        let cause = AttemptCause::NoTokenEndpoint;
        assert!(cause.may_be_settings() && !AttemptCause::NoAnswer.may_be_settings());
        let (words, advice) = (cause.words(), cause.advice());
        assert!(advice.to(Language::English).ends_with('.'));
        assert!(!words.to(Language::English).ends_with('.'));
    }
}
