//! Looking into the gradebook for one person's grade (grades.md GR-2).

use lti::ags::{self, RESULT_CONTAINER, ResultFilter, ScoreResult};
use lti::claims::scope;
use serde_json::Value;
use url::Url;

use super::Deliveries;
use super::attempting::{AttemptEnd, Attempting, Halt};
use super::failure::judged;
use super::rules::before::{Reading, SeenGrade};
use super::rules::reason::DeliveryReason;
use super::rules::verdict::ScoreVerdict;
use crate::services::call::Call;
use crate::services::platform_client::list;

impl Deliveries {
    /// What stands in the gradebook. If it may not be read, that is an answer; if it can't be read now, the attempt ends.
    pub(super) async fn read_back(
        &self,
        of: &Attempting,
        line_item: &Url,
    ) -> Result<Reading, Halt> {
        let may_read = of.scopes().any(|one| one == scope::RESULT_READONLY);
        if !may_read {
            return Ok(Reading::Impossible);
        }
        let user = of.details.user.as_str();
        let filter = ResultFilter {
            user_id: Some(user),
            limit: None,
        };
        let url = filter.apply(&ags::results_url(line_item));
        let call = Call::get(&url, scope::RESULT_READONLY, RESULT_CONTAINER);
        let answer = match self.client.try_send(&of.platform, &call).await {
            Ok(answer) => answer,
            Err(failure) => {
                let judged = judged(of.vendor, &failure);
                return match judged.verdict {
                    // The score itself will be told what is wrong, but not that the course takes none.
                    ScoreVerdict::Refused(reason) if reason != DeliveryReason::CourseConcluded => {
                        Ok(Reading::Impossible)
                    }
                    // Reading changes nothing, so what is unknown of it doesn't matter.
                    ScoreVerdict::Unknown => Err(AttemptEnd::not_taken(judged.note).into()),
                    _ => Err(AttemptEnd::failed(judged).into()),
                };
            }
        };
        let Ok(found) = list(&call, &answer, &["results", "scores"]) else {
            return Ok(Reading::Impossible);
        };
        Ok(reading(found, line_item, filter))
    }
}

/// What the results of one person say.
fn reading(found: Vec<Value>, line_item: &Url, filter: ResultFilter<'_>) -> Reading {
    let results = found.into_iter();
    let results = results.filter_map(|result| ScoreResult::read(result, line_item.as_str()));
    let grades = results
        .filter(|result| filter.admits(result))
        .filter_map(grade);
    grades.last().map_or(Reading::Nothing, Reading::Grade)
}

fn grade(result: ScoreResult) -> Option<SeenGrade> {
    let members = result.into_members();
    let score = members.get("resultScore")?.as_f64()?;
    let maximum = members.get("resultMaximum")?.as_f64();
    let comment = members.get("comment").and_then(Value::as_str);
    Some(SeenGrade {
        fraction: score / maximum.filter(|maximum| *maximum > 0.0)?,
        comment: comment.map(str::to_owned),
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use serde_json::json;
    use test_case::cases;

    use super::*;

    #[cases("GR-2")]
    #[test]
    fn one_persons_grade_is_found_among_all() {
        let item = Url::parse("https://lms.example/items/1").unwrap();
        let filter = ResultFilter {
            user_id: Some("5"),
            limit: None,
        };
        let read = |results: Value| {
            reading(
                results.as_array().cloned().unwrap_or_default(),
                &item,
                filter,
            )
        };
        let other = json!({"userId": "6", "resultScore": 1, "resultMaximum": 10});
        assert_eq!(read(json!([other])), Reading::Nothing);
        let none = json!({"userId": "5", "resultMaximum": 10, "comment": "see me"});
        assert_eq!(read(json!([none, other])), Reading::Nothing);
        let own = json!({"userId": "5", "resultScore": 5, "resultMaximum": 10, "comment": "good"});
        let expected = Reading::Grade(SeenGrade {
            fraction: 0.5,
            comment: Some("good".into()),
        });
        assert_eq!(read(json!([own, other])), expected);
    }
}
