//! Course Groups 1.0: the groups of a course, and the sets they belong to (F.4).
//!
//! ```
//! use lti::groups::{self, GroupFilter};
//! use url::Url;
//!
//! let url = GroupFilter { user_id: Some("5"), limit: None }.apply(&Url::parse("https://lms.example/groups")?);
//! assert_eq!(url.query(), Some("user_id=5"));
//! let read = groups::read(br#"{"groups": [{"id": 7, "name": "Lab A", "tag": null}]}"#, "groups")?;
//! assert_eq!(read[0]["id"], "7");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use serde_json::{Map, Value};
use url::Url;

use crate::json::{take_text, without_nulls};
use crate::paging::with_parameters;

/// The media type of a list of groups.
pub const GROUP_CONTAINER: &str = "application/vnd.ims.lti-gs.v1.contextgroupcontainer+json";
/// The media type of a list of sets.
pub const SET_CONTAINER: &str = "application/vnd.ims.lti-gs.v1.contextgroupsetcontainer+json";

/// Which groups to ask for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GroupFilter<'a> {
    /// Only groups that this user belongs to.
    pub user_id: Option<&'a str>,
    /// Groups per page.
    pub limit: Option<u32>,
}

impl GroupFilter<'_> {
    /// Adds these parameters to the URL, after the ones it already has.
    #[must_use]
    pub fn apply(&self, url: &Url) -> Url {
        let limit = self.limit.map(|limit| limit.to_string());
        with_parameters(
            url,
            [("user_id", self.user_id), ("limit", limit.as_deref())],
        )
    }
}

/// The answer is not a list of groups or sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the answer is no JSON object with a list of groups")]
#[non_exhaustive]
pub struct NoList;

/// Reads the groups or sets of an answer, under `member` (`groups` or `sets`). Ids become text and
/// nulls are dropped; entries without an id are skipped.
///
/// # Errors
///
/// [`NoList`].
pub fn read(body: &[u8], member: &str) -> Result<Vec<Map<String, Value>>, NoList> {
    let mut whole: Map<String, Value> = crate::json::object(body).map_err(|_| NoList)?;
    let Some(Value::Array(all)) = whole.shift_remove(member) else {
        return Err(NoList);
    };
    let one = |value| match without_nulls(value) {
        Value::Object(mut of) => {
            let id = take_text(&mut of, "id")?;
            let mut group = Map::with_capacity(of.len() + 1);
            group.insert("id".into(), id.into());
            group.extend(of);
            Some(group)
        }
        _ => None,
    };
    Ok(all.into_iter().filter_map(one).collect())
}

#[cfg(test)]
mod tests {
    use test_case::cases;

    use super::*;

    #[cases("TC-320")]
    #[test]
    fn groups_are_read_leniently() {
        let read = |body: &str| read(body.as_bytes(), "sets");
        assert_eq!(read(r#"{"sets": []}"#), Ok(Vec::new()));
        for no_list in [
            "{}",
            r#"{"sets": null}"#,
            r#"{"error": "away"}"#,
            "null",
            "<html>",
        ] {
            assert_eq!(read(no_list), Err(NoList), "{no_list}");
        }
        let sets = read(r#"{"sets": [{"name": "no id"}, 7, {"id": "s", "groups": ["a", null]}]}"#);
        let sets =
            sets.map(|sets| Value::from(sets.into_iter().map(Value::Object).collect::<Vec<_>>()));
        assert_eq!(sets, Ok(serde_json::json!([{"id": "s", "groups": ["a"]}])));
    }
}
