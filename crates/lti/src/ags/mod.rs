//! Assignment and Grade Services 2.0: line items, scores and results (F.2).
//!
//! ```
//! use lti::ags::{self, Score};
//! use serde_json::json;
//! use url::Url;
//!
//! // What an application wants to tell of a student's work.
//! let told = json!({
//!     "userId": "5323497", "scoreGiven": 83, "activityProgress": "Completed", "gradingProgress": "FullyGraded",
//! });
//! let mut score = Score::read(told)?;
//! // Platforms want a maximum with each score, and a time.
//! if score.needs_maximum() {
//!     score.set_maximum(100.into());
//! }
//! score.set_timestamp(1_795_354_440_123);
//!
//! // Moodle's line items have a query; it stays behind the path.
//! let line_item = Url::parse("https://lms.example/lineitems/7/lineitem?type_id=2")?;
//! let to = ags::scores_url(&line_item);
//! assert_eq!(to.as_str(), "https://lms.example/lineitems/7/lineitem/scores?type_id=2");
//! assert!(score.to_body().starts_with(b"{\"userId\":\"5323497\""));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod invalid;
mod line_item;
mod result;
mod score;
mod spelling;

use url::Url;

pub use self::invalid::{Invalid, InvalidMember};
pub use self::line_item::{LineItem, LineItemFilter, NewLineItem};
pub use self::result::{ResultFilter, ScoreResult};
pub use self::score::Score;
pub use self::spelling::Spelling;

/// The media type of one line item.
pub const LINE_ITEM: &str = "application/vnd.ims.lis.v2.lineitem+json";
/// The media type of a list of line items.
pub const LINE_ITEM_CONTAINER: &str = "application/vnd.ims.lis.v2.lineitemcontainer+json";
/// The media type of a score. Send it exactly as written: Moodle accepts nothing else, and no
/// parameter is needed (F-34).
pub const SCORE: &str = "application/vnd.ims.lis.v1.score+json";
/// The media type of a list of results.
pub const RESULT_CONTAINER: &str = "application/vnd.ims.lis.v2.resultcontainer+json";

/// Where a line item's scores are posted.
#[must_use]
pub fn scores_url(line_item: &Url) -> Url {
    below(line_item, "scores")
}

/// Where a line item's results are read.
#[must_use]
pub fn results_url(line_item: &Url) -> Url {
    below(line_item, "results")
}

/// Appends a segment to the path, before the query, with exactly one slash between (F-20).
fn below(line_item: &Url, segment: &str) -> Url {
    let mut url = line_item.clone();
    url.set_fragment(None);
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().push(segment);
    }
    url
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use test_case::cases;

    use super::*;

    #[cases("TC-292", "TC-293", "F-20")]
    #[test]
    fn scores_lie_below_the_path_and_before_the_query() {
        for (line_item, scores) in [
            ("https://p1.test/li/5", "https://p1.test/li/5/scores"),
            ("https://p1.test/li/5/", "https://p1.test/li/5/scores"),
            (
                "https://p1.test/li/5?type_id=2",
                "https://p1.test/li/5/scores?type_id=2",
            ),
            (
                "https://p1.test/li/5/?a=1&b=%2F",
                "https://p1.test/li/5/scores?a=1&b=%2F",
            ),
            ("https://p1.test/li//5", "https://p1.test/li//5/scores"),
            (
                "https://p1.test/l%20i/5#part",
                "https://p1.test/l%20i/5/scores",
            ),
            ("https://p1.test", "https://p1.test/scores"),
        ] {
            assert_eq!(scores_url(&Url::parse(line_item).unwrap()).as_str(), scores);
        }
    }
}
