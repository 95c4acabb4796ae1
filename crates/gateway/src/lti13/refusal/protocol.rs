//! The protocol's own rules, whose sentences and codes are in `lti`: status, page, and what this
//! service's operator can do beyond the protocol.

use axum::http::StatusCode;
use lti::Fault;
use lti::id_token::Refusal;
use lti::login::LoginError;

use crate::keys::theirs;
use crate::web::meaning::{Meaning, Remedy};
use crate::web::rule::{Explanation, Rule};
use crate::web::texts::{Text, for_lms, launch as texts, meanings};

/// The code in the answer if a platform may not launch.
pub(super) const UNREGISTERED: &str = "UNREGISTERED_OR_INACTIVE_PLATFORM";
/// What to do about an inactive platform.
pub(super) const INACTIVE: &str = "Activate the platform: hallpass platforms activate <id>.";
const CLOCKS: &str = "Compare the clocks: skewSeconds says how far the platform's is ahead of (+) or behind (-) ours. Set both by \
     NTP, or raise launch.leewaySeconds.";
/// What to do about a link that leads elsewhere. The refusal itself contains the launch URL.
pub(super) const LINK: &str = "Check the link's URL in the platform: it must be empty, this tool's launch URL, or an address under one of \
     launch.targetOrigins; and the same at login and in the token.";
const TOKEN_TOO_LARGE: &str = "The token is longer than launch.maxTokenKilobytes (PATCH /admin/tool), which may be up to 240. Look first for a \
     custom parameter with very much in it, such as a course's whole roster.";
const ANONYMOUS: &str = "The launch has no user id. Let the platform share at least the user id with this tool, or set \
     launch.anonymous to allow.";

/// The row of an unreadable form: the one that people see most often.
pub(super) fn form(error: LoginError, says: Text) -> Rule {
    let (title, says) = match error.fault() {
        Fault::OldVersion => (texts::TITLE_REFUSED, texts::OLD_VERSION),
        Fault::Address => (texts::TITLE_REFUSED, texts::ADDRESSES_SWAPPED),
        Fault::TooLarge => (texts::TITLE_REFUSED, texts::TOO_LONG),
        _ => (texts::TITLE_FROM_COURSE, says),
    };
    Rule::new(
        error.code(),
        StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST),
        title,
        says,
        advice(error.code(), error.fault()),
    )
    .meant(meaning(error.fault()))
}

/// The row of a token that is not a launch.
pub(super) fn token(refusal: &Refusal) -> Rule {
    let says = match refusal.fault() {
        Fault::Placement => texts::NOT_SUPPORTED,
        _ => texts::NOT_ACCEPTED,
    };
    Rule::new(
        refusal.code(),
        StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::UNAUTHORIZED),
        texts::TITLE_REFUSED,
        says,
        advice(refusal.code(), refusal.fault()),
    )
    .meant(meaning(refusal.fault()))
    .telling("INVALID_ID_TOKEN")
}

/// This service's advice, which can mention what its operator can check and configure.
fn advice(code: &str, fault: Fault) -> &'static str {
    match fault {
        Fault::TooLarge if code == "TOKEN_TOO_LARGE" => TOKEN_TOO_LARGE,
        Fault::Key => theirs::COMPARE_KEY_SETS,
        Fault::Late | Fault::Early => CLOCKS,
        Fault::Anonymous => ANONYMOUS,
        Fault::Link => LINK,
        _ => fault.advice(),
    }
}

/// What a fault means. The unit test in `advice.rs` requires each fault used here.
const fn meaning(fault: Fault) -> Meaning {
    let (name, remedy) = match fault {
        Fault::Request => (meanings::INCOMPLETE, Remedy::Nothing),
        Fault::TooLarge => (meanings::TOO_LARGE, Remedy::Nothing),
        Fault::OldVersion => (meanings::OLD_VERSION, Remedy::Nothing),
        Fault::Address => (meanings::ADDRESSES_SWAPPED, Remedy::Nothing),
        Fault::Malformed | Fault::Content => (meanings::MISSHAPEN, Remedy::Nothing),
        Fault::Algorithm => (meanings::OTHER_ALGORITHM, Remedy::Nothing),
        Fault::Key => (meanings::OTHER_KEY, Remedy::FetchKeys),
        Fault::Registration => (meanings::OTHER_REGISTRATION, Remedy::PlatformSettings),
        Fault::Late => (meanings::CLOCK_SLOW, Remedy::Leeway),
        Fault::Early => (meanings::CLOCK_FAST, Remedy::Leeway),
        Fault::Nonce => (meanings::OTHER_LOGIN, Remedy::Nothing),
        Fault::Placement => (meanings::OTHER_PLACEMENT, Remedy::Nothing),
        Fault::Deployment => (meanings::DEPLOYMENT_DIFFERS, Remedy::Nothing),
        Fault::Link => (meanings::OTHER_TARGET, Remedy::Nothing),
        Fault::Anonymous => (meanings::NOBODY_NAMED, Remedy::PlatformSettings),
        Fault::ReturnAddress => (meanings::RETURN_NOT_SECURE, Remedy::Nothing),
        _ => return Meaning::UNKNOWN,
    };
    let meaning = Meaning::new(name, remedy);
    match fault {
        Fault::OldVersion => meaning.for_lms(for_lms::VERSION),
        Fault::Address | Fault::Link => meaning.for_lms(for_lms::ADDRESSES),
        Fault::Malformed | Fault::Content | Fault::Algorithm | Fault::ReturnAddress => {
            meaning.for_lms(for_lms::VENDOR)
        }
        Fault::Anonymous => meaning.for_lms(for_lms::SHARE_USER),
        _ => meaning,
    }
}

/// What is said about one of the protocol's codes.
pub(crate) fn explained(code: &str) -> Option<Explanation> {
    let mut rules = Refusal::RULES.iter().chain(LoginError::RULES);
    let found = rules.find(|(known, _)| *known == code);
    found.map(|(code, fault)| Explanation {
        advice: advice(code, *fault),
        meaning: meaning(*fault),
    })
}
