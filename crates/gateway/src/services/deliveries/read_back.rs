//! Reads one person's grade from the gradebook (grades.md GR-2).

use lti::ags::{self, RESULT_CONTAINER, ResultFilter, ScoreResult};
use lti::claims::scope;
use serde_json::Value;
use url::Url;

use super::Deliveries;
use super::attempting::{AttemptEnd, AttemptFate, DeliveryAttempt, Halt};
use super::failure::judged;
use super::rules::reading::{Reading, SeenGrade};
use super::rules::reason::DeliveryReason;
use super::rules::shown::ShownGrade;
use super::rules::verdict::ScoreVerdict;
use crate::services::call::Call;
use crate::services::list_pages::ListPages;
use crate::services::platform_client::{links, list};
use crate::services::platform_failure::CallFailure;

/// The most pages of results.
const MOST_PAGES: usize = 500;

impl Deliveries {
    /// The grade in the gradebook, on whichever page it is, because some platforms ignore the
    /// filter for the person. If we may not read it, that is a result; if it can't be read now, the
    /// attempt ends.
    pub(super) async fn read_back(
        &self,
        of: &DeliveryAttempt,
        line_item: &Url,
    ) -> Result<Reading, Halt> {
        let may_read = of.scopes().any(|one| one == scope::RESULT_READONLY);
        if !may_read {
            return Ok(Reading::Impossible);
        }
        // A slow gradebook must not take a place for long, and what was read must not be old when
        // the score is sent.
        let reading = tokio::time::timeout(self.reading, self.read_pages(of, line_item));
        let read = reading.await;
        read.unwrap_or_else(|_| unreadable(of, "the list of results takes too long"))
    }

    async fn read_pages(&self, of: &DeliveryAttempt, line_item: &Url) -> Result<Reading, Halt> {
        let user = of.details.user.as_str();
        let filter = ResultFilter {
            user_id: Some(user),
            ..ResultFilter::default()
        };
        let first = filter.apply(&ags::results_url(line_item));
        let mut pages = ListPages::beginning(first, MOST_PAGES);
        loop {
            let call = Call::get(pages.url(), scope::RESULT_READONLY, RESULT_CONTAINER);
            let answer = match self.client.try_send(&of.platform, &call).await {
                Ok(answer) => answer,
                Err(failure) => return unread(of, &failure),
            };
            let Ok(found) = list(&call, &answer, &["results", "scores"]) else {
                return unreadable(of, "the list of results can't be read");
            };
            if let Some(seen) = grade_among(found, line_item, filter) {
                return Ok(Reading::Grade(seen));
            }
            let links = links(pages.url(), &answer.headers);
            match pages.turn(&links) {
                Ok(true) => {}
                Ok(false) => return Ok(Reading::Nothing),
                Err(_) => return unreadable(of, "the list of results can't be read to its end"),
            }
        }
    }
}

/// The gradebook can't be read, because the platform answered something else.
fn unread(of: &DeliveryAttempt, failure: &CallFailure) -> Result<Reading, Halt> {
    let judged = judged(of.vendor, failure);
    match judged.verdict {
        // Sending the score would reveal what is wrong, except that the course accepts none.
        ScoreVerdict::Refused(reason) if reason != DeliveryReason::CourseConcluded => {
            Ok(Reading::Impossible)
        }
        // Reading changes nothing, so an unknown outcome doesn't matter.
        ScoreVerdict::Unknown => Err(AttemptEnd::not_taken(judged.note).into()),
        _ => Err(AttemptEnd::failed(judged).into()),
    }
}

/// The platform answers, but we can't tell whether the person has a grade: if a teacher's grade
/// must stay, that is a reason not to send.
fn unreadable(of: &DeliveryAttempt, said: &str) -> Result<Reading, Halt> {
    let may_harm = of.settings.teacher_wins && !of.vendor.keeps_teachers_grade();
    if !may_harm {
        return Ok(Reading::Impossible);
    }
    let end = AttemptEnd::new(AttemptFate::NotTaken, "not taken");
    Err(end.saying(said.to_owned()).into())
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
