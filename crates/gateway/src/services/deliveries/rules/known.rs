//! Refusals known to be final, as data (grades.md GR-9).

use super::reason::DeliveryReason;
use super::vendor::Vendor;

/// A refusal in a platform's wording.
struct KnownRefusal {
    /// The platform with this wording; any if it is `None`.
    vendor: Option<Vendor>,
    /// The status; any from 400 to 499 if it is `None`.
    status: Option<u16>,
    /// Text in the body, in lower case; empty matches anything.
    words: &'static str,
    reason: DeliveryReason,
}

const fn row(
    vendor: Option<Vendor>,
    status: Option<u16>,
    words: &'static str,
    reason: DeliveryReason,
) -> KnownRefusal {
    KnownRefusal {
        vendor,
        status,
        words,
        reason,
    }
}

/// The first match counts.
const KNOWN: &[KnownRefusal] = &[
    // Moodle: if the score is complete, as ours are, this means that the user can't be graded in
    // the course. This row comes first because Moodle appends the score to the message, and its
    // comment may contain anything.
    row(
        None,
        Some(400),
        "incorrect score received",
        DeliveryReason::NotEnrolled,
    ),
    row(
        None,
        None,
        "course has concluded",
        DeliveryReason::CourseConcluded,
    ),
    row(
        None,
        None,
        "maximum number of allowed attempts",
        DeliveryReason::AttemptsExhausted,
    ),
    row(
        None,
        None,
        "user not found in course",
        DeliveryReason::NotEnrolled,
    ),
    row(
        None,
        None,
        "not enrolled in the org unit",
        DeliveryReason::NotEnrolled,
    ),
    // Blackboard's only message for a user who is not in the course.
    row(
        None,
        None,
        "user could not be found",
        DeliveryReason::NotEnrolled,
    ),
    // Sakai refuses almost everything with 400.
    row(
        None,
        Some(400),
        "user does not belong to site",
        DeliveryReason::NotEnrolled,
    ),
    row(
        None,
        None,
        "user in requested score does not exist",
        DeliveryReason::UserUnknown,
    ),
    row(
        None,
        None,
        "still unpublished",
        DeliveryReason::NotGradeable,
    ),
    row(
        None,
        None,
        "cannot be changed at this time",
        DeliveryReason::NotGradeable,
    ),
    row(
        Some(Vendor::Brightspace),
        Some(422),
        "",
        DeliveryReason::NotGradeable,
    ),
    row(None, None, "invalid grade", DeliveryReason::ScoreOutOfRange),
    row(
        Some(Vendor::Canvas),
        Some(400),
        "before last updated timestamp",
        DeliveryReason::OlderThanStored,
    ),
    // Open edX.
    row(
        None,
        Some(400),
        "can only be updated to a later point in time",
        DeliveryReason::OlderThanStored,
    ),
    row(
        None,
        Some(400),
        "already exists for the provided timestamp",
        DeliveryReason::OlderThanStored,
    ),
    row(None, Some(409), "", DeliveryReason::OlderThanStored),
    row(
        None,
        None,
        "course does not exist",
        DeliveryReason::LineItemGone,
    ),
    // Sakai: the column, the link it was created with, the site.
    row(
        None,
        Some(400),
        "unable to load column",
        DeliveryReason::LineItemGone,
    ),
    row(
        None,
        Some(400),
        "could not load content",
        DeliveryReason::LineItemGone,
    ),
    row(
        None,
        Some(400),
        "could not load site",
        DeliveryReason::LineItemGone,
    ),
    row(None, Some(404), "", DeliveryReason::LineItemGone),
    row(None, Some(410), "", DeliveryReason::LineItemGone),
    row(None, Some(403), "scope", DeliveryReason::ScopeMissing),
    // Open edX only says this about scopes.
    row(
        None,
        Some(403),
        "you do not have permission to perform this action",
        DeliveryReason::ScopeMissing,
    ),
    row(
        None,
        Some(400),
        "not in access token",
        DeliveryReason::ScopeMissing,
    ),
];

/// The reason for a refusal with a status from 400 to 499.
pub(crate) fn reason(vendor: Vendor, status: u16, body: &[u8]) -> DeliveryReason {
    let body = String::from_utf8_lossy(body).to_lowercase();
    let fits = |known: &&KnownRefusal| {
        known.vendor.is_none_or(|of| of == vendor)
            && known.status.is_none_or(|of| of == status)
            && body.contains(known.words)
    };
    let found = KNOWN.iter().find(fits);
    found.map_or(DeliveryReason::Other, |known| known.reason)
}

/// Whether Moodle can't write a score because the grade or its column is locked, or the column
/// takes no grades. Only then does its service answer 500 with the empty list that its answers
/// begin with; other failures answer something else (decision 0390).
pub(crate) fn is_locked(vendor: Vendor, status: u16, body: &[u8]) -> bool {
    vendor == Vendor::Moodle && status == 500 && body.trim_ascii() == b"[]"
}

/// Text in refusals that are about timestamps, in lower case.
const OF_TIMES: &[&str] = &["timestamp", "later", "earlier", "older", "newer"];

/// Whether a platform says that it has something newer, rather than merely 409.
pub(crate) fn speaks_of_times(said: &str) -> bool {
    let said = said.to_lowercase();
    OF_TIMES.iter().any(|word| said.contains(word))
}

#[cfg(test)]
mod tests {
    use test_case::cases;

    use super::*;

    #[cases("GR-9")]
    #[test]
    fn platforms_words_have_a_stable_reason() {
        let (canvas, d2l, other) = (Vendor::Canvas, Vendor::Brightspace, Vendor::Other);
        for (vendor, status, body, expected) in [
            (
                canvas,
                422,
                r#"{"errors":{"message":"This course has concluded. AGS requests will no longer be accepted for this course."}}"#,
                DeliveryReason::CourseConcluded,
            ),
            (
                canvas,
                422,
                "The maximum number of allowed attempts has been reached for this submission",
                DeliveryReason::AttemptsExhausted,
            ),
            (
                canvas,
                422,
                "User not found in course or is not a student",
                DeliveryReason::NotEnrolled,
            ),
            (
                canvas,
                422,
                "cannot be changed at this time: This assignment is still unpublished",
                DeliveryReason::NotGradeable,
            ),
            (
                d2l,
                403,
                "User in requested score is not enrolled in the org unit",
                DeliveryReason::NotEnrolled,
            ),
            (
                d2l,
                404,
                "User in requested score does not exist",
                DeliveryReason::UserUnknown,
            ),
            (d2l, 422, "", DeliveryReason::NotGradeable),
            (other, 422, "", DeliveryReason::Other),
            (
                Vendor::Blackboard,
                400,
                "User could not be found: 5",
                DeliveryReason::NotEnrolled,
            ),
            (
                Vendor::Coursera,
                403,
                "requirement failed: Invalid grade: 2.0",
                DeliveryReason::ScoreOutOfRange,
            ),
            (other, 409, "", DeliveryReason::OlderThanStored),
            (
                other,
                400,
                r#"{"timestamp":["Score timestamp can only be updated to a later point in time"]}"#,
                DeliveryReason::OlderThanStored,
            ),
            (
                other,
                400,
                r#"{"timestamp":["Score already exists for the provided timestamp"]}"#,
                DeliveryReason::OlderThanStored,
            ),
            (other, 404, "", DeliveryReason::LineItemGone),
            (other, 403, "missing scope", DeliveryReason::ScopeMissing),
            (other, 403, "no", DeliveryReason::Other),
        ] {
            assert_eq!(
                reason(vendor, status, body.as_bytes()),
                expected,
                "{status} {body}"
            );
        }
    }

    #[cases("GR-9")]
    #[test]
    fn words_of_open_source_platforms_have_one_too() {
        let (sakai, other) = (Vendor::Sakai, Vendor::Other);
        for (vendor, status, body, expected) in [
            (
                other,
                400,
                r#"{"status": 400, "reason": "Incorrect score received{\"userId\":\"5\"}"}"#,
                DeliveryReason::NotEnrolled,
            ),
            (
                other,
                422,
                "Incorrect score received",
                DeliveryReason::Other,
            ),
            (
                sakai,
                400,
                r#"{"error":"User does not belong to site"}"#,
                DeliveryReason::NotEnrolled,
            ),
            (
                sakai,
                400,
                r#"{"error":"Unable to load column for lineitem_key=7"}"#,
                DeliveryReason::LineItemGone,
            ),
            (
                sakai,
                400,
                r#"{"error":"Could not load Content Item"}"#,
                DeliveryReason::LineItemGone,
            ),
            (
                sakai,
                400,
                r#"{"error":"Scope score not in access token"}"#,
                DeliveryReason::ScopeMissing,
            ),
            (
                sakai,
                403,
                r#"{"error":"signature_error"}"#,
                DeliveryReason::Other,
            ),
            (
                other,
                403,
                r#"{"detail":"You do not have permission to perform this action."}"#,
                DeliveryReason::ScopeMissing,
            ),
        ] {
            assert_eq!(
                reason(vendor, status, body.as_bytes()),
                expected,
                "{status} {body}"
            );
        }
    }

    #[cases("GR-9")]
    #[test]
    fn only_moodles_own_500_says_that_a_grade_is_locked() {
        for (vendor, status, body, expected) in [
            (Vendor::Moodle, 500, "[]", true),
            (Vendor::Moodle, 500, "", false),
            (
                Vendor::Moodle,
                500,
                "<html><body>Error</body></html>",
                false,
            ),
            (Vendor::Moodle, 500, r#"{"status": 500}"#, false),
            (Vendor::Moodle, 502, "[]", false),
            (Vendor::Other, 500, "[]", false),
        ] {
            let says_so = is_locked(vendor, status, body.as_bytes());
            assert_eq!(says_so, expected, "{vendor:?} {status} {body}");
        }
    }

    #[cases("GR-2")]
    #[test]
    fn a_conflict_is_not_always_one_of_times() {
        for said in [
            "Refusing score with an earlier timestamp for user 5",
            "Provided timestamp is before the last updated timestamp of this result",
            "A later score was received before",
        ] {
            assert!(speaks_of_times(said), "{said}");
        }
        assert!(!speaks_of_times("Conflict, try again"));
    }
}
