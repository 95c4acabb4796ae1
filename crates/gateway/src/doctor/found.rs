//! What a check of a platform may find, as data: the command and the API say it in English, the
//! portal in the reader's language.

use super::report::{Finding, Verdict};
use crate::web::language::Language;
use crate::web::texts::{Phrase, Text, platform_check as texts};

/// An address of a platform that is checked before it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CheckedAddress {
    Login,
    KeySet,
    TokenEndpoint,
}

impl CheckedAddress {
    const fn name(self) -> Text {
        match self {
            Self::Login => texts::LOGIN_ADDRESS,
            Self::KeySet => texts::KEY_SET_ADDRESS,
            Self::TokenEndpoint => texts::TOKEN_ADDRESS,
        }
    }
}

/// The result of one check of a platform. A `why` is an error's own words, which are English. If
/// our request couldn't be signed, nothing was sent, so the platform isn't to blame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PlatformFinding {
    Active,
    Inactive,
    KeyIsStored,
    StoredKeyUnusable {
        why: String,
    },
    NoAddress(CheckedAddress, String),
    NotPermitted {
        at: CheckedAddress,
        why: String,
    },
    KeySetStatus(u16),
    KeySetNotFetched {
        host: String,
        why: String,
    },
    KeySetUnusable {
        why: String,
    },
    KeyLeftAside {
        kid: Option<String>,
        why: String,
    },
    KidShared(String),
    UsableKeys(usize),
    /// By so many seconds: ahead of ours if positive, otherwise behind it.
    ClockOff(i64),
    TokenEndpointAnswers,
    TokenGiven,
    TokenNotAsked,
    RequestNotSigned,
    NoToken {
        why: String,
    },
    TokenRefused {
        status: u16,
        code: Option<String>,
    },
    NoTokenEndpoint {
        status: u16,
        is_page: bool,
    },
    TokenAnswerTooLarge {
        why: String,
    },
    TokenEndpointSilent {
        host: String,
        why: String,
    },
}

impl PlatformFinding {
    pub(crate) fn verdict(&self) -> Verdict {
        match self {
            Self::Active | Self::KeyIsStored | Self::TokenEndpointAnswers | Self::TokenGiven => {
                Verdict::Right
            }
            Self::UsableKeys(number) if *number > 0 => Verdict::Right,
            Self::Inactive
            | Self::KeyLeftAside { .. }
            | Self::KidShared(_)
            | Self::ClockOff(_)
            | Self::TokenNotAsked
            | Self::TokenEndpointSilent { .. } => Verdict::Odd,
            Self::TokenRefused { status, code } => refusal(*status, code.as_deref()).0,
            _ => Verdict::Wrong,
        }
    }

    /// What was found, in one sentence. If there is a [`Self::why`], it belongs to its end, and
    /// then a full stop.
    pub(crate) fn what(&self, language: Language) -> String {
        self.phrase(language).to(language).into_owned()
    }

    fn phrase(&self, language: Language) -> Phrase {
        match self {
            Self::Active => texts::IS_ACTIVE.into(),
            Self::Inactive => texts::IS_NOT_ACTIVE.into(),
            Self::KeyIsStored => texts::KEY_IS_STORED.into(),
            Self::StoredKeyUnusable { .. } => texts::STORED_KEY_UNUSABLE.into(),
            Self::NoAddress(which, address) => {
                let said = texts::NO_ADDRESS.with("which", which.name().to(language));
                said.with("address", address)
            }
            Self::NotPermitted { at, .. } => {
                texts::NOT_PERMITTED.with("which", at.name().to(language))
            }
            Self::KeySetStatus(status) => texts::KEY_SET_STATUS.with("status", status.to_string()),
            Self::KeySetNotFetched { host, .. } => texts::KEY_SET_NOT_FETCHED.with("host", host),
            Self::KeySetUnusable { .. } => texts::KEY_SET_UNUSABLE.into(),
            Self::KeyLeftAside { kid: Some(kid), .. } => texts::KEY_LEFT_ASIDE.with("kid", kid),
            Self::KeyLeftAside { kid: None, .. } => texts::KEY_WITHOUT_ID.into(),
            Self::KidShared(kid) => texts::KID_SHARED.with("kid", kid),
            Self::UsableKeys(0) => texts::NO_USABLE_KEY.into(),
            Self::UsableKeys(1) => texts::ONE_USABLE_KEY.into(),
            Self::UsableKeys(number) => texts::USABLE_KEYS.with("number", number.to_string()),
            Self::ClockOff(skew) => {
                let said = match *skew < 0 {
                    true => texts::CLOCK_SLOW,
                    false => texts::CLOCK_FAST,
                };
                said.with("seconds", skew.unsigned_abs().to_string())
            }
            Self::TokenEndpointAnswers => texts::TOKEN_ENDPOINT_ANSWERS.into(),
            Self::TokenGiven => texts::TOKEN_GIVEN.into(),
            Self::TokenNotAsked => texts::TOKEN_NOT_ASKED.into(),
            Self::RequestNotSigned => texts::REQUEST_NOT_SIGNED.into(),
            Self::NoToken { .. } => texts::NO_TOKEN.into(),
            Self::TokenRefused { status, code } => {
                let said = match code {
                    Some(code) => texts::TOKEN_REFUSED_AS.with("code", code),
                    None => texts::TOKEN_REFUSED.into(),
                };
                said.with("status", status.to_string())
            }
            Self::NoTokenEndpoint { status, is_page } => {
                let said = match is_page {
                    true => texts::TOKENS_ARE_A_PAGE,
                    false => texts::TOKENS_ARE_ELSEWHERE,
                };
                said.with("status", status.to_string())
            }
            Self::TokenAnswerTooLarge { .. } => texts::TOKENS_TOO_LARGE.into(),
            Self::TokenEndpointSilent { host, .. } => texts::TOKENS_SILENT.with("host", host),
        }
    }

    /// Why, in English.
    pub(crate) fn why(&self) -> Option<&str> {
        match self {
            Self::StoredKeyUnusable { why }
            | Self::NotPermitted { why, .. }
            | Self::KeySetNotFetched { why, .. }
            | Self::KeySetUnusable { why }
            | Self::KeyLeftAside { why, .. }
            | Self::NoToken { why }
            | Self::TokenAnswerTooLarge { why }
            | Self::TokenEndpointSilent { why, .. } => Some(why),
            _ => None,
        }
    }

    /// What it means and what to do, if anything needs doing.
    pub(crate) fn advice(&self) -> Option<Text> {
        Some(match self {
            Self::Inactive => texts::ACTIVATE_IT,
            Self::StoredKeyUnusable { .. } => texts::PASTE_AGAIN,
            Self::NoAddress(..) => texts::CORRECT_IT,
            Self::NotPermitted { .. } => texts::OPEN_ITS_HOST,
            Self::KeySetStatus(_)
            | Self::KeySetNotFetched { .. }
            | Self::KeySetUnusable { .. }
            | Self::UsableKeys(0) => texts::NO_LAUNCHES,
            Self::KeyLeftAside { .. } => texts::LEFT_ASIDE,
            Self::KidShared(_) => texts::IDS_OF_THEIR_OWN,
            Self::ClockOff(_) => texts::SET_THE_CLOCK,
            Self::TokenNotAsked => texts::ASKED_ONCE_ACTIVE,
            Self::RequestNotSigned => texts::OUR_LOG,
            Self::NoToken { .. }
            | Self::NoTokenEndpoint { .. }
            | Self::TokenAnswerTooLarge { .. } => texts::COMPARE_ADDRESS,
            Self::TokenRefused { status, code } => refusal(*status, code.as_deref()).1,
            Self::TokenEndpointSilent { .. } => texts::NOT_REACHED,
            _ => return None,
        })
    }
}

/// How bad a refusal of the token endpoint is, and what to do.
fn refusal(status: u16, code: Option<&str>) -> (Verdict, Text) {
    match (code, status) {
        (Some("invalid_scope"), _) => (Verdict::Odd, texts::NOT_GRANTED),
        (Some("invalid_client"), _) => (Verdict::Wrong, texts::NOT_RECOGNISED),
        (_, 429 | 500..) => (Verdict::Odd, texts::ITS_LOG),
        _ => (Verdict::Wrong, texts::ITS_LOG),
    }
}

impl From<&PlatformFinding> for Finding {
    fn from(found: &PlatformFinding) -> Self {
        let what = found.what(Language::English);
        let advice = found.advice().map(|advice| advice.to(Language::English));
        Self {
            verdict: found.verdict(),
            what: match found.why() {
                Some(why) => format!("{what} {why}."),
                None => what,
            },
            advice: advice.unwrap_or_default().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn english(found: &PlatformFinding) -> String {
        Finding::from(found).what
    }

    #[test]
    fn a_finding_is_one_english_sentence() {
        let host = "https://lms.example".to_owned();
        let why = "it took too long".to_owned();
        assert_eq!(
            english(&PlatformFinding::KeySetNotFetched { host, why }),
            "The key set can't be fetched from https://lms.example: it took too long."
        );
        let code = Some("invalid_client".to_owned());
        assert_eq!(
            english(&PlatformFinding::TokenRefused { status: 400, code }),
            "The token endpoint answers, but gives no access token: status 400, invalid_client."
        );
        let address = "nowhere".to_owned();
        assert_eq!(
            english(&PlatformFinding::NoAddress(CheckedAddress::KeySet, address)),
            "The platform's key set is no address: nowhere."
        );
    }

    #[test]
    fn a_platform_that_is_busy_is_not_wrong() {
        let refused = |status, code: Option<&str>| PlatformFinding::TokenRefused {
            status,
            code: code.map(str::to_owned),
        };
        assert_eq!(refused(503, None).verdict(), Verdict::Odd);
        assert_eq!(refused(400, Some("invalid_scope")).verdict(), Verdict::Odd);
        let unknown = refused(500, Some("invalid_client"));
        assert_eq!(unknown.verdict(), Verdict::Wrong);
        assert_eq!(refused(400, None).verdict(), Verdict::Wrong);
    }

    #[test]
    fn what_is_right_needs_no_advice() {
        assert!(PlatformFinding::UsableKeys(2).advice().is_none());
        assert_eq!(PlatformFinding::UsableKeys(2).verdict(), Verdict::Right);
        assert_eq!(PlatformFinding::UsableKeys(0).verdict(), Verdict::Wrong);
        assert!(PlatformFinding::UsableKeys(0).advice().is_some());
    }
}
