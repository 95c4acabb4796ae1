//! Everything we say about each rule that a StudyReel launch can break: one row per rule
//! (studyreel.md §6). No row has a page: only programs send launches, and they are answered in
//! their dialect.

use axum::http::StatusCode;
use studyreel::RefusalCode;

use super::refusal::StudyReelRefusal;
use crate::launch::handoff;
use crate::web::meaning::Remedy;
use crate::web::rule::{OUR_SIDE, Rule, rules};
use crate::web::texts::{for_lms, meanings};

const TELL: &str =
    "Tell StudyReel which member is meant and what is wrong with it: the reason's text says so.";
const NO_OBJECT: &str = "StudyReel has to send one whole JSON object. If the reason says that the body broke off, look at the network and the \
     proxies between StudyReel and this service; otherwise tell StudyReel.";
const NOT_POSTED: &str = "Someone opened the launch URL in a browser, or a program looked whether it is there: nothing to do. StudyReel's \
     server posts launches.";
const NO_JSON: &str = "A launch says that it is application/json. If StudyReel's server sent this one, tell StudyReel; otherwise it was none \
     of its launches, or a proxy changed it.";
const TOO_LARGE: &str = "An ordinary launch is far smaller. If StudyReel's server sent this one, tell StudyReel which student's it was; \
     otherwise it was none of its launches, and there is nothing to do.";
const SOURCES: &str = "The sender's address is not among studyreel.sources. If StudyReel sent this launch, add the address to them; behind a \
     proxy correct trusted_proxies, or the proxy's address is the one compared.";
const ERASED: &str = "Nothing to do: the student was erased, and no launch brings them back. What is left of them can't be enabled \
     again.";
const CLOCKS: &str =
    "Compare the clocks, and studyreel.timeZone: a difference of whole hours means a wrong zone.";

/// The row of a body's code; the `studyreel` crate defines its name and status.
const fn payload(code: RefusalCode, advice: &'static str) -> Rule {
    let status = match code.status() {
        401 => StatusCode::UNAUTHORIZED,
        403 => StatusCode::FORBIDDEN,
        _ => StatusCode::BAD_REQUEST,
    };
    Rule::for_programs(code.name(), status, advice)
}

rules!(
    StudyReelRefusal,
    match self {
        Self::Nowhere | Self::CapabilityMissing => Rule::for_programs(
            "not_found",
            StatusCode::NOT_FOUND,
            "Compare the launch URL at StudyReel with GET /admin/studyreel.",
        )
        .meaning(meanings::STUDYREEL_ADDRESS, Remedy::Nothing),
        Self::NotPosted => Rule::for_programs(
            "method_not_allowed",
            StatusCode::METHOD_NOT_ALLOWED,
            NOT_POSTED,
        )
        .meaning(meanings::STUDYREEL_STRANGER, Remedy::Nothing),
        Self::UnsupportedMediaType => Rule::for_programs(
            "unsupported_media_type",
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            NO_JSON,
        )
        .meaning(meanings::ODD_REQUEST, Remedy::Nothing),
        Self::TooLarge => Rule::for_programs("too_large", StatusCode::PAYLOAD_TOO_LARGE, TOO_LARGE)
            .meaning(meanings::TOO_LARGE, Remedy::Nothing),
        Self::TooSlow => Rule::for_programs(
            "timeout",
            StatusCode::REQUEST_TIMEOUT,
            "The body did not arrive in time: look at the network between StudyReel and this service.",
        )
        .meaning(meanings::STUDYREEL_SLOW, Remedy::Nothing),
        Self::Unproven(_) => Rule::for_programs(
            "bad_signature",
            StatusCode::UNAUTHORIZED,
            "Compare the signing secret at StudyReel with GET /admin/studyreel, and studyreel.secrets.",
        )
        .meaning(meanings::STUDYREEL_SIGNATURE, Remedy::Nothing),
        Self::SourceUnlisted { .. } =>
            Rule::for_programs("source_unlisted", StatusCode::UNAUTHORIZED, SOURCES)
            .meaning(meanings::STUDYREEL_SOURCE, Remedy::Nothing)
            .telling("bad_signature"),
        Self::BrokenOff(_) | Self::Payload(RefusalCode::MalformedJson, ..) =>
            payload(RefusalCode::MalformedJson, NO_OBJECT)
            .meaning(meanings::STUDYREEL_MISSHAPEN, Remedy::Nothing),
        Self::Payload(RefusalCode::MissingField, ..) => payload(RefusalCode::MissingField, TELL)
            .meaning(meanings::STUDYREEL_MISSHAPEN, Remedy::Nothing),
        Self::Payload(RefusalCode::InvalidField, ..) => payload(RefusalCode::InvalidField, TELL)
            .meaning(meanings::STUDYREEL_MISSHAPEN, Remedy::Nothing),
        Self::Payload(RefusalCode::UnsupportedMessage, ..) =>
            payload(RefusalCode::UnsupportedMessage, TELL)
            .meaning(meanings::STUDYREEL_MISSHAPEN, Remedy::Nothing),
        Self::Payload(RefusalCode::UnsupportedVersion, ..) =>
            payload(RefusalCode::UnsupportedVersion, TELL)
            .meaning(meanings::STUDYREEL_MISSHAPEN, Remedy::Nothing),
        Self::Payload(RefusalCode::InvalidTimestamp, ..) =>
            payload(RefusalCode::InvalidTimestamp, TELL)
            .meaning(meanings::STUDYREEL_MISSHAPEN, Remedy::Nothing),
        Self::Payload(RefusalCode::Expired, ..) => payload(RefusalCode::Expired, CLOCKS)
            .meaning(meanings::STUDYREEL_CLOCK, Remedy::Nothing),
        Self::Payload(RefusalCode::NotYetValid, ..) => payload(RefusalCode::NotYetValid, CLOCKS)
            .meaning(meanings::STUDYREEL_CLOCK, Remedy::Nothing),
        Self::Payload(RefusalCode::UnknownIssuer, ..) => payload(
            RefusalCode::UnknownIssuer,
            "If the issuer is StudyReel's, add it to studyreel.issuers.",
        )
        .meaning(meanings::STUDYREEL_ISSUER, Remedy::Nothing),
        Self::Payload(RefusalCode::UnknownDeployment, ..) => payload(
            RefusalCode::UnknownDeployment,
            "If the deployment is yours, add it to studyreel.deployments.",
        )
        .meaning(meanings::DEPLOYMENT_UNKNOWN, Remedy::Nothing),
        Self::Payload(RefusalCode::RoleNotAllowed, ..) => payload(
            RefusalCode::RoleNotAllowed,
            "Only students launch from StudyReel. If this person is one, tell StudyReel to send the role Student; otherwise there \
             is nothing to do.",
        )
        .meaning(meanings::STUDYREEL_ROLE, Remedy::Nothing),
        Self::NotSetUp => Rule::for_programs(
            "not_set_up",
            StatusCode::SERVICE_UNAVAILABLE,
            handoff::NO_LAUNCH_URL.advice,
        )
        .meaning(meanings::NO_LAUNCH_URL, Remedy::ToolSettings),
        Self::RateLimited(..) => Rule::for_programs(
            "rate_limited",
            StatusCode::TOO_MANY_REQUESTS,
            "Look whether so many launches are right, and raise studyreel.limits if they are.",
        )
        .meaning(meanings::TOO_MANY, Remedy::Nothing),
        Self::Replayed => Rule::for_programs(
            "replayed",
            StatusCode::CONFLICT,
            "StudyReel has to make a new launch for each try. If its nonce is constant, set studyreel.replay to pair.",
        )
        .meaning(meanings::TWICE, Remedy::Nothing),
        Self::AccountDisabled => Rule::for_programs(
            "account_disabled",
            StatusCode::FORBIDDEN,
            "Enable the student again if they should come back (PATCH /api/students/<id>).",
        )
        .meaning(meanings::STUDENT_DISABLED, Remedy::Nothing)
        .for_lms(for_lms::OPERATOR),
        Self::AccountErased => Rule::for_programs("account_erased", StatusCode::FORBIDDEN, ERASED)
            .meaning(meanings::STUDENT_ERASED, Remedy::Nothing)
            .for_lms(for_lms::OPERATOR)
            .telling("account_disabled"),
        Self::Internal(_) =>
            Rule::for_programs("internal", StatusCode::INTERNAL_SERVER_ERROR, OUR_SIDE)
            .meaning(meanings::OUR_SIDE, Remedy::Nothing)
            .for_lms(for_lms::OPERATOR),
        Self::Unavailable(_) =>
            Rule::for_programs("unavailable", StatusCode::SERVICE_UNAVAILABLE, OUR_SIDE)
            .meaning(meanings::OUR_SIDE, Remedy::Nothing)
            .for_lms(for_lms::OPERATOR),
    }
);

#[cfg(test)]
mod tests {
    use studyreel::PayloadRefusal;

    use super::*;

    #[test]
    fn codes_and_statuses_are_those_of_section_6() {
        let text = String::new;
        for (refusal, status, code) in [
            (PayloadRefusal::NotJson.into(), 400, "malformed_json"),
            (
                PayloadRefusal::MissingField("sub").into(),
                400,
                "missing_field",
            ),
            (
                PayloadRefusal::UnreadableTime("iat").into(),
                400,
                "invalid_timestamp",
            ),
            (
                PayloadRefusal::Expired { seconds_ago: 1 }.into(),
                401,
                "expired",
            ),
            (StudyReelRefusal::Unproven(None), 401, "bad_signature"),
            (
                StudyReelRefusal::SourceUnlisted { is_inside: true },
                401,
                "bad_signature",
            ),
            (PayloadRefusal::UnknownIssuer.into(), 403, "unknown_issuer"),
            (StudyReelRefusal::AccountDisabled, 403, "account_disabled"),
            (StudyReelRefusal::AccountErased, 403, "account_disabled"),
            (StudyReelRefusal::Nowhere, 404, "not_found"),
            (StudyReelRefusal::CapabilityMissing, 404, "not_found"),
            (StudyReelRefusal::NotPosted, 405, "method_not_allowed"),
            (StudyReelRefusal::TooSlow, 408, "timeout"),
            (StudyReelRefusal::Replayed, 409, "replayed"),
            (StudyReelRefusal::TooLarge, 413, "too_large"),
            (
                StudyReelRefusal::UnsupportedMediaType,
                415,
                "unsupported_media_type",
            ),
            (
                StudyReelRefusal::RateLimited(text(), 1),
                429,
                "rate_limited",
            ),
            (StudyReelRefusal::Internal(text()), 500, "internal"),
            (StudyReelRefusal::NotSetUp, 503, "not_set_up"),
            (StudyReelRefusal::Unavailable(text()), 503, "unavailable"),
        ] {
            let rule = refusal.rule();
            assert_eq!(
                (rule.status.as_u16(), rule.told),
                (status, code),
                "{refusal:?}"
            );
            assert!(rule.page.is_none(), "{refusal:?}");
        }
    }

    #[test]
    fn what_studyreel_may_have_sent_is_not_called_a_strangers() {
        for refusal in [
            StudyReelRefusal::TooLarge,
            StudyReelRefusal::UnsupportedMediaType,
        ] {
            let advice = refusal.rule().advice;
            assert!(advice.contains("tell StudyReel"), "{advice}");
        }
        let advice = StudyReelRefusal::from(PayloadRefusal::NotJson)
            .rule()
            .advice;
        assert!(
            advice.contains("broke off") && !advice.contains("member"),
            "{advice}"
        );
    }
}
