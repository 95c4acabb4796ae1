//! The look into the gradebook before a score is sent in the background (grades.md GR-2, GR-13;
//! decision 0504).

use lti::claims::scope::RESULT_READONLY;
use store::deliveries::DeliveryRow;
use url::Url;

use super::Deliveries;
use super::attempting::{AttemptEnd, AttemptFate, DeliveryAttempt, Halt};
use super::failure::judged;
use super::read_back::{GradeLook, Unread};
use super::rules::reading::Reading;
use super::rules::verdict::ScoreVerdict;
use crate::services::platform_failure::CallFailure;

/// A remark about a score that was not sent the first time, because the platform refused to show
/// the grade. By this remark the next attempt knows that it is not the first.
const NOT_SHOWN: &str = "The platform refused to show the student's grade.";
/// A remark about a score that was sent nevertheless.
const UNCHECKED: &str = "It was sent without knowing whether a teacher had graded.";

impl Deliveries {
    /// The grade in the gradebook. If it can't be read now, the attempt ends; so it does when the
    /// platform refuses for the first time, because that may pass. `remark` is what is remarked
    /// about the delivery by now.
    pub(super) async fn look_first(
        &self,
        of: &DeliveryAttempt,
        line_item: &Url,
        remark: Option<&str>,
    ) -> Result<Reading, Halt> {
        let look = GradeLook {
            platform: &of.platform,
            vendor: of.vendor,
            line_item,
            user: &of.details.user,
            is_granted: of.scopes().any(|one| one == RESULT_READONLY),
            teacher_wins: of.settings.teacher_wins,
            within: self.reading,
            token: None,
        };
        let end = match self.read_back(&look).await {
            Ok(reading) => return Ok(reading),
            Err(Unread::Refused(_)) if was_not_shown(&of.row) => return Ok(Reading::Impossible),
            Err(Unread::Refused(failure)) => not_shown(of, &failure, remark),
            Err(Unread::Failed(failure)) => failed(of, &failure),
            Err(Unread::Unclear(why)) => unclear(why),
            Err(Unread::TooSlow) => unclear("the list of results takes too long"),
        };
        Err(end.into())
    }
}

/// Whether the platform has refused to show the grade before.
pub(super) fn was_not_shown(row: &DeliveryRow) -> bool {
    let note = row.note.as_deref();
    note.is_some_and(|note| note.contains(NOT_SHOWN))
}

/// The remarks about a score that is sent although the platform refused twice.
pub(super) fn unchecked(remark: Option<String>) -> String {
    adding(Some(adding(remark, NOT_SHOWN)), UNCHECKED)
}

/// A remark once more, unless it is there already.
fn adding(before: Option<String>, sentence: &str) -> String {
    match before {
        Some(before) if before.contains(sentence) => before,
        Some(before) => format!("{before} {sentence}"),
        None => sentence.to_owned(),
    }
}

fn not_shown(of: &DeliveryAttempt, failure: &CallFailure, remark: Option<&str>) -> AttemptEnd {
    AttemptEnd {
        fate: AttemptFate::NotShown,
        note: judged(of.vendor, failure).note,
        remark: Some(adding(remark.map(str::to_owned), NOT_SHOWN)),
    }
}

fn failed(of: &DeliveryAttempt, failure: &CallFailure) -> AttemptEnd {
    let judged = judged(of.vendor, failure);
    match judged.verdict {
        // Reading changes nothing, so an unknown outcome doesn't matter.
        ScoreVerdict::Unknown => AttemptEnd::not_taken(judged.note),
        _ => AttemptEnd::failed(judged),
    }
}

fn unclear(why: &str) -> AttemptEnd {
    AttemptEnd::new(AttemptFate::NotTaken, "not taken").saying(why.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remark_is_made_once() {
        let sent = "Other. The platform refused to show the student's grade. \
                    It was sent without knowing whether a teacher had graded.";
        let before = adding(Some("Other.".into()), NOT_SHOWN);
        assert_eq!(unchecked(Some(before)), sent);
        assert_eq!(unchecked(Some(sent.into())), sent);
        assert!(unchecked(None).starts_with(NOT_SHOWN));
    }
}
