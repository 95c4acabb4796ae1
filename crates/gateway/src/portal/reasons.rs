//! Why attempts fail, in words for people who never read the specification. A code without words here is explained by
//! the rule's own sentence on the attempt's page.

use crate::web::texts::{Text, portal_failures as texts};

/// A reason in a few words.
pub(crate) fn reason_name(code: &str) -> Text {
    match code {
        "TOKEN_EXPIRED" | "TOKEN_TOO_OLD" => texts::CLOCK_SLOW,
        "TOKEN_ISSUED_IN_FUTURE" | "TOKEN_NOT_YET_VALID" => texts::CLOCK_FAST,
        "KID_UNKNOWN"
        | "KEY_NOT_FOUND"
        | "INVALID_SIGNATURE"
        | "KEY_PASSED_OVER"
        | "PLATFORM_KEY_UNUSABLE"
        | "KEY_DOES_NOT_MATCH_ALG" => texts::OTHER_KEY,
        "KEY_SET_UNREACHABLE" | "KEY_SET_UNREADABLE" | "KEY_SET_BLOCKED" => texts::NO_KEYS,
        "ALG_NOT_ALLOWED" => texts::OTHER_ALGORITHM,
        "PLATFORM_INACTIVE" => texts::INACTIVE,
        "DEPLOYMENT_PENDING" => texts::DEPLOYMENT_PENDING,
        "DEPLOYMENT_UNKNOWN" => texts::DEPLOYMENT_UNKNOWN,
        "DEPLOYMENT_DISABLED" => texts::DEPLOYMENT_STOPPED,
        "DEPLOYMENT_ID_DOES_NOT_MATCH" => texts::DEPLOYMENT_DIFFERS,
        "PLATFORM_UNREGISTERED" | "PLATFORM_GONE" | "PLATFORM_OTHER" | "PLATFORM_AMBIGUOUS" => {
            texts::UNREGISTERED
        }
        "ISS_CLAIM_DOES_NOT_MATCH"
        | "AUD_DOES_NOT_MATCH_CLIENTID"
        | "AUD_NOT_TRUSTED"
        | "AZP_DOES_NOT_MATCH_CLIENTID"
        | "INVALID_AUD_CLAIM"
        | "NO_AUD_CLAIM" => texts::OTHER_REGISTRATION,
        "STATE_COOKIE_MISSING" | "FRAME_WITHOUT_COOKIES" | "WINDOW_WITHOUT_COOKIES" => {
            texts::NO_COOKIES
        }
        "FRAME_ORIGIN_NOT_LISTED" => texts::FRAME_NOT_LISTED,
        "STATE_EXPIRED" | "STATE_UNKNOWN" => texts::STATE_OVER,
        "NONCE_ALREADY_RECEIVED" | "PLATFORM_LAUNCH_USED" => texts::TWICE,
        "NONCE_DOES_NOT_MATCH" | "NO_NONCE_CLAIM" => texts::OTHER_LOGIN,
        "PERSON_BLOCKED" => texts::PERSON_BLOCKED,
        "NO_SUB_CLAIM" | "INVALID_SUB_CLAIM" => texts::NOBODY_NAMED,
        "TARGET_NOT_ALLOWED"
        | "TARGET_LINK_URI_NOT_ALLOWED"
        | "TARGET_LINK_URI_DOES_NOT_MATCH"
        | "NO_TARGET_LINK_URI_CLAIM" => texts::OTHER_TARGET,
        "DEEP_LINKING_OFF" | "DEEP_LINKING_STAFF_ONLY" => texts::NO_CHOOSING,
        "LAUNCH_URL_NOT_SET" => texts::NO_LAUNCH_URL,
        "NOT_A_LAUNCH" | "LAUNCH_NOT_A_FORM" => texts::NOT_A_LAUNCH,
        "RATE_LIMITED" | "LIMIT_OF_REGISTRATIONS" => texts::TOO_MANY,
        "SERVICE_UNAVAILABLE" | "INTERNAL_SERVER_ERROR" | "STORE_FAILED" | "OUTBOUND_BUSY" => {
            texts::OUR_SIDE
        }
        code if code.starts_with("STORAGE_") => texts::NO_COOKIES,
        code if code.starts_with("LINK_") => texts::LINK_OVER,
        code if code.starts_with("PLATFORM_") => texts::LMS_REFUSED,
        code if code.contains("REGISTRATION") || code.starts_with("CONFIGURATION_") => {
            texts::REGISTRATION_FAILED
        }
        code if code.starts_with("INVITE_") => texts::INVITATION_OVER,
        code if code.starts_with("NO_") || code.starts_with("INVALID_") => texts::MISSHAPEN,
        _ => texts::OTHER_REASON,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::language::Language;

    #[test]
    fn reasons_have_words_and_unknown_ones_too() {
        let said = |code| reason_name(code).to(Language::English);
        assert_eq!(
            said("PLATFORM_INACTIVE"),
            texts::INACTIVE.to(Language::English)
        );
        assert_eq!(
            said("PLATFORM_DENIED_ACCESS"),
            texts::LMS_REFUSED.to(Language::English)
        );
        assert_eq!(
            said("NO_ROLES_CLAIM"),
            texts::MISSHAPEN.to(Language::English)
        );
        assert_eq!(
            said("SOMETHING_NEWER"),
            texts::OTHER_REASON.to(Language::English)
        );
    }
}
