//! Results: what the gradebook says now. It may differ from the last score sent, because teachers
//! change grades.

use serde_json::{Map, Value, json};
use url::Url;

use crate::json::{take_text, with_number, without_nulls};
use crate::paging::with_parameters;

/// A result as the platform sent it.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreResult {
    user_id: String,
    members: Map<String, Value>,
}

impl ScoreResult {
    /// Reads a platform's result for this line item. Returns `None` if it names no user. Fills in
    /// what may be missing: the id, the line item, and a maximum of 1 for a result without one (AGS
    /// 2.0 §3.3.5). A numeric string as the score becomes the number.
    #[must_use]
    pub fn read(result: Value, line_item: &str) -> Option<Self> {
        let Value::Object(mut of) = without_nulls(result) else {
            return None;
        };
        let user_id = take_text(&mut of, "userId")?;
        let score_of = take_text(&mut of, "scoreOf").unwrap_or_else(|| line_item.to_owned());
        let id = take_text(&mut of, "id").unwrap_or_else(|| format!("{score_of}#{user_id}"));
        let mut members = Map::with_capacity(of.len() + 4);
        members.insert("id".into(), id.into());
        members.insert("userId".into(), user_id.clone().into());
        members.insert("scoreOf".into(), score_of.into());
        for name in ["resultScore", "resultMaximum"] {
            if let Some(value) = of.get_mut(name) {
                *value = with_number(value.take());
            }
        }
        if of.contains_key("resultScore") && !of.contains_key("resultMaximum") {
            of.insert("resultMaximum".into(), json!(1));
        }
        members.extend(of);
        Some(Self { user_id, members })
    }

    /// The user the result belongs to.
    #[must_use]
    pub fn user_id(&self) -> &str {
        &self.user_id
    }

    /// All its members.
    #[must_use]
    pub fn into_members(self) -> Map<String, Value> {
        self.members
    }
}

/// Which results to ask for. Platforms may ignore the filter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ResultFilter<'a> {
    /// Only this user's, by their `sub`.
    pub user_id: Option<&'a str>,
    /// Results per page.
    pub limit: Option<u32>,
    /// Whether to ask for everyone's results even if only one user's are wanted: Blackboard drops
    /// the comment when asked for one user.
    pub by_all: bool,
}

impl ResultFilter<'_> {
    /// Adds these parameters to the URL of the results, after the ones it already has.
    #[must_use]
    pub fn apply(&self, results: &Url) -> Url {
        let asks_all = self.by_all && self.user_id.is_some();
        let user_id = self.user_id.filter(|_| !asks_all);
        // The limit would count other users' results too.
        let limit = self.limit.filter(|_| !asks_all);
        let limit = limit.map(|limit| limit.to_string());
        with_parameters(results, [("user_id", user_id), ("limit", limit.as_deref())])
    }

    /// Whether a result passes this filter.
    #[must_use]
    pub fn admits(&self, result: &ScoreResult) -> bool {
        self.user_id.is_none_or(|user| user == result.user_id)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use test_case::cases;

    use super::*;

    #[cases("TC-306")]
    #[test]
    fn a_result_without_a_maximum_is_of_one() {
        let line_item = "https://p1.test/li/5";
        let read = |result| {
            ScoreResult::read(result, line_item).map(|result| Value::Object(result.into_members()))
        };
        assert_eq!(
            read(json!({"userId": 7, "resultScore": 0.5, "comment": null})),
            Some(json!({
                "id": "https://p1.test/li/5#7", "userId": "7", "scoreOf": line_item, "resultScore": 0.5, "resultMaximum": 1,
            }))
        );
        let whole = json!({
            "id": "https://p1.test/li/5/results/7", "userId": "7", "scoreOf": "https://p1.test/li/other",
            "resultScore": 75, "resultMaximum": 100, "timestamp": "2026-11-22T13:33:56+00:00", "comment": "good",
        });
        let mut as_text = whole.clone();
        as_text["resultScore"] = json!("75");
        as_text["resultMaximum"] = json!("100");
        for result in [whole.clone(), as_text] {
            assert_eq!(read(result).as_ref(), Some(&whole));
        }
        // If nothing was graded, nothing is made up.
        assert_eq!(
            read(json!({"userId": "7"})).unwrap().get("resultMaximum"),
            None
        );
        assert_eq!(read(json!({"resultScore": 1})), None);
        let filter = ResultFilter {
            user_id: Some("7"),
            limit: Some(5),
            by_all: false,
        };
        assert!(filter.admits(&ScoreResult::read(json!({"userId": 7}), "").unwrap()));
        let all = Url::parse("https://p1.test/li/5/results?type_id=2").unwrap();
        let query = |filter: ResultFilter<'_>| filter.apply(&all).query().map(str::to_owned);
        assert_eq!(
            query(filter).as_deref(),
            Some("type_id=2&user_id=7&limit=5")
        );
        let by_all = ResultFilter {
            by_all: true,
            ..filter
        };
        assert_eq!(query(by_all).as_deref(), Some("type_id=2"));
    }
}
