//! Reads one person's grade from the gradebook (grades.md GR-2).

use std::time::Duration;

use lti::ags::{self, RESULT_CONTAINER, ResultFilter, ScoreResult};
use lti::claims::scope;
use serde_json::Value;
use url::Url;

use super::Deliveries;
use super::failure::judged;
use super::rules::reading::{Reading, SeenGrade};
use super::rules::reason::DeliveryReason;
use super::rules::shown::ShownGrade;
use super::rules::vendor::Vendor;
use super::rules::verdict::ScoreVerdict;
use crate::directory::platforms::Platform;
use crate::keys::service_tokens::GivenToken;
use crate::services::call::Call;
use crate::services::list_pages::ListPages;
use crate::services::platform_client::{links, list};
use crate::services::platform_failure::CallFailure;

/// The most pages of results.
const MOST_PAGES: usize = 500;

/// A look for one person's grade.
pub(super) struct GradeLook<'a> {
    pub platform: &'a Platform,
    pub vendor: Vendor,
    pub line_item: &'a Url,
    pub user: &'a str,
    /// Whether the launch allows us to read grades.
    pub is_granted: bool,
    /// Whether a teacher's grade takes precedence. Unless the platform itself sees to that, a score
    /// is not sent just because the grade can't be read.
    pub teacher_wins: bool,
    /// How long it may take.
    pub within: Duration,
    /// The access token to begin with, if one was asked for beforehand.
    pub token: Option<&'a GivenToken>,
}

/// Why the grade is not known although it matters.
pub(super) enum Unread {
    /// The platform refuses to show it.
    Refused(CallFailure),
    /// The request failed.
    Failed(CallFailure),
    /// The answer doesn't tell whether the person has a grade; this is why.
    Unclear(&'static str),
    /// It takes too long.
    TooSlow,
}

impl GradeLook<'_> {
    /// Whether a score that is sent without knowing the grade may overwrite a teacher's.
    const fn may_harm(&self) -> bool {
        self.teacher_wins && !self.vendor.keeps_teachers_grade()
    }
}

impl Deliveries {
    /// The grade in the gradebook, on whichever page it is, because some platforms ignore the
    /// filter for the person. If we may not read it, that is a result.
    pub(super) async fn read_back(&self, look: &GradeLook<'_>) -> Result<Reading, Unread> {
        if !look.is_granted {
            return Ok(Reading::Impossible);
        }
        // A slow gradebook must not take a place for long, and what was read must not be old when
        // the score is sent.
        let read = tokio::time::timeout(look.within, self.read_pages(look)).await;
        match read.unwrap_or(Err(Unread::TooSlow)) {
            Err(unread) if !look.may_harm() && !matches!(unread, Unread::Failed(_)) => {
                Ok(Reading::Impossible)
            }
            read => read,
        }
    }

    async fn read_pages(&self, look: &GradeLook<'_>) -> Result<Reading, Unread> {
        let filter = ResultFilter {
            user_id: Some(look.user),
            ..ResultFilter::default()
        };
        let first = filter.apply(&ags::results_url(look.line_item));
        let mut pages = ListPages::beginning(first, MOST_PAGES);
        loop {
            let call = Call {
                token: look.token,
                ..Call::get(pages.url(), scope::RESULT_READONLY, RESULT_CONTAINER)
            };
            let answer = match self.client.try_send(look.platform, &call).await {
                Ok(answer) => answer,
                Err(failure) => return unread(look.vendor, failure),
            };
            let Ok(found) = list(&call, &answer, &["results", "scores"]) else {
                return Err(Unread::Unclear("the list of results can't be read"));
            };
            if let Some(seen) = grade_among(found, look.line_item, filter) {
                return Ok(Reading::Grade(seen));
            }
            let links = links(pages.url(), &answer.headers);
            match pages.turn(&links) {
                Ok(true) => {}
                Ok(false) => return Ok(Reading::Nothing),
                Err(_) => {
                    let why = "the list of results can't be read to its end";
                    return Err(Unread::Unclear(why));
                }
            }
        }
    }
}

/// The platform answered something else.
fn unread(vendor: Vendor, failure: CallFailure) -> Result<Reading, Unread> {
    match judged(vendor, &failure).verdict {
        // That the course is over concerns the score as well.
        ScoreVerdict::Refused(DeliveryReason::CourseConcluded) => Err(Unread::Failed(failure)),
        // The score goes to the same line item, and will tell.
        ScoreVerdict::Refused(DeliveryReason::LineItemGone) => Ok(Reading::Impossible),
        ScoreVerdict::Refused(_) => Err(Unread::Refused(failure)),
        _ => Err(Unread::Failed(failure)),
    }
}

/// One person's grade, if it is among these results.
fn grade_among(found: Vec<Value>, line_item: &Url, filter: ResultFilter<'_>) -> Option<SeenGrade> {
    let results = found.into_iter();
    let results = results.filter_map(|result| ScoreResult::read(result, line_item.as_str()));
    let mut grades = results
        .filter(|result| filter.admits(result))
        .filter_map(grade);
    grades.next_back()
}

fn grade(result: ScoreResult) -> Option<SeenGrade> {
    let members = result.into_members();
    let number = |name: &str| members.get(name)?.as_f64();
    let comment = members.get("comment").and_then(Value::as_str);
    Some(SeenGrade {
        grade: ShownGrade::new(number("resultScore"), number("resultMaximum"))?,
        comment: comment.map(str::to_owned),
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use serde_json::json;
    use test_case::cases;

    use super::*;
    use crate::services::deliveries::rules::shown::tests::of_ten;

    #[cases("GR-2")]
    #[test]
    fn one_persons_grade_is_found_among_all() {
        let item = Url::parse("https://lms.example/items/1").unwrap();
        let filter = ResultFilter {
            user_id: Some("5"),
            ..ResultFilter::default()
        };
        let read = |results: Value| {
            grade_among(
                results.as_array().cloned().unwrap_or_default(),
                &item,
                filter,
            )
        };
        let other = json!({"userId": "6", "resultScore": 1, "resultMaximum": 10});
        assert_eq!(read(json!([other])), None);
        let none = json!({"userId": "5", "resultMaximum": 10, "comment": "see me"});
        assert_eq!(read(json!([none, other])), None);
        let own = json!({"userId": "5", "resultScore": 5, "resultMaximum": 10, "comment": "good"});
        let expected = Some(SeenGrade {
            grade: of_ten(5.0),
            comment: Some("good".into()),
        });
        assert_eq!(read(json!([own, other])), expected);
    }
}
