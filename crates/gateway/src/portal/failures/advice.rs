//! Advice for the reader of a failure, in their language.

use crate::traces::answer::TracedReason;
use crate::web::language::Language;
use crate::web::texts::{Text, meanings, portal_advice as texts};

/// What to do about the failures without a button, by what they mean.
const BY_MEANING: &[(Text, Text)] = &[
    (meanings::ADDRESS_BLOCKED, texts::ADDRESS_BLOCKED),
    (meanings::CONFIGURATION_UNREAD, texts::CONFIGURATION_UNREAD),
    (meanings::LMS_SILENT, texts::LMS_SILENT),
    (meanings::INVITATION_OVER, texts::INVITATION_OVER),
    (meanings::INVITATION_UNKNOWN, texts::INVITATION_UNKNOWN),
    (meanings::REGISTRATION_OVER, texts::REGISTRATION_OVER),
    (meanings::NO_APPROVAL_PAGE, texts::NO_APPROVAL_PAGE),
    (meanings::REGISTRATION_CUT, texts::REGISTRATION_CUT),
    (meanings::PREFETCHED, texts::PREFETCHED),
    (meanings::CONFIGURATION_WRONG, texts::CONFIGURATION_WRONG),
    (meanings::OUR_SIDE, texts::OUR_SIDE),
    (meanings::LMS_NOT_REACHED, texts::LMS_NOT_REACHED),
    (meanings::LMS_ANSWER_ODD, texts::LMS_ANSWER_ODD),
    (meanings::LMS_REFUSED, texts::LMS_REFUSED),
    (meanings::ALREADY_REGISTERED, texts::ALREADY_REGISTERED),
    (meanings::CHOICE_OVER, texts::CHOICE_OVER),
    (meanings::LINK_CUT, texts::LINK_CUT),
    (meanings::LINK_OVER, texts::LINK_OVER),
    (meanings::STUDENT_DISABLED, texts::STUDENT_DISABLED),
    (meanings::STUDENT_ERASED, texts::STUDENT_ERASED),
    (meanings::STUDYREEL_ADDRESS, texts::STUDYREEL_ADDRESS),
    (meanings::STUDYREEL_STRANGER, texts::STUDYREEL_STRANGER),
    (meanings::STUDYREEL_SLOW, texts::STUDYREEL_SLOW),
    (meanings::STUDYREEL_SIGNATURE, texts::STUDYREEL_SIGNATURE),
    (meanings::STUDYREEL_SOURCE, texts::STUDYREEL_SOURCE),
    (meanings::STUDYREEL_MISSHAPEN, texts::STUDYREEL_MISSHAPEN),
    (meanings::STUDYREEL_CLOCK, texts::STUDYREEL_CLOCK),
    (meanings::STUDYREEL_ISSUER, texts::STUDYREEL_ISSUER),
    (meanings::STUDYREEL_ROLE, texts::STUDYREEL_ROLE),
    (meanings::DEPLOYMENT_UNKNOWN, texts::DEPLOYMENT_UNKNOWN),
    (meanings::ODD_REQUEST, texts::ODD_REQUEST),
    (meanings::TOO_LARGE, texts::TOO_LARGE),
    (meanings::TOO_MANY, texts::TOO_MANY),
    (meanings::TWICE, texts::TWICE),
    (meanings::NO_SUCH_ADDRESS, texts::NO_SUCH_ADDRESS),
    (meanings::TOO_MANY_WAIT, texts::TOO_MANY_WAIT),
    (meanings::INCOMPLETE, texts::INCOMPLETE),
    (meanings::OLD_VERSION, texts::OLD_VERSION),
    (meanings::ADDRESSES_SWAPPED, texts::ADDRESSES_SWAPPED),
    (meanings::MISSHAPEN, texts::MISSHAPEN),
    (meanings::OTHER_ALGORITHM, texts::OTHER_ALGORITHM),
    (meanings::OTHER_LOGIN, texts::OTHER_LOGIN),
    (meanings::OTHER_PLACEMENT, texts::OTHER_PLACEMENT),
    (meanings::DEPLOYMENT_DIFFERS, texts::DEPLOYMENT_DIFFERS),
    (meanings::OTHER_TARGET, texts::OTHER_TARGET),
    (meanings::RETURN_NOT_SECURE, texts::RETURN_NOT_SECURE),
    (meanings::NOT_A_LAUNCH, texts::NOT_A_LAUNCH),
    (meanings::LAUNCH_IN_ADDRESS, texts::LAUNCH_IN_ADDRESS),
    (meanings::STATE_OVER, texts::STATE_OVER),
    (meanings::NO_COOKIES, texts::NO_COOKIES),
    (meanings::NO_COOKIES_AT_ALL, texts::NO_COOKIES_AT_ALL),
    (meanings::FOREIGN_PAGE, texts::FOREIGN_PAGE),
    (meanings::UNREGISTERED, texts::UNREGISTERED),
    (meanings::LMS_WANTS_SIGN_IN, texts::LMS_WANTS_SIGN_IN),
    (meanings::LMS_NOT_SIGNED_IN, texts::LMS_NOT_SIGNED_IN),
    (meanings::LMS_FAILED, texts::LMS_FAILED),
    (meanings::OTHERS_SUBMISSION, texts::OTHERS_SUBMISSION),
    (meanings::MANY_REASONS, texts::MANY_REASONS),
    (meanings::OTHER_REASON, texts::OTHER_REASON),
    (meanings::FORM_FORGED, texts::FORM_FORGED),
    (meanings::SESSION_OVER, texts::SESSION_OVER),
];

/// The advice by meaning.
pub(crate) fn by_meaning(meaning: Text) -> Option<Text> {
    let mut rows = BY_MEANING.iter();
    rows.find(|(known, _)| *known == meaning)
        .map(|(_, advice)| *advice)
}

/// What to do about this failure. Advice for the very code exists only in English.
pub(super) fn advice(reason: &TracedReason, language: Language) -> String {
    match language {
        Language::English => reason.advice.clone(),
        _ => by_meaning(reason.meaning.name)
            .map_or_else(String::new, |advice| advice.to(language).to_owned()),
    }
}
