//! Line items: the columns of the gradebook.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::ScoreRecord;
use crate::profiles::{AboveMaximum, GradeStyle, KeptPoints};

/// A column of the gradebook.
#[derive(Clone, Debug, PartialEq)]
pub struct LineItem {
    /// Its number.
    pub id: u64,
    /// The tool it belongs to, by client id.
    pub tool: String,
    /// The course, by id.
    pub course: String,
    /// The resource link it belongs to, if any.
    pub link: Option<String>,
    /// The points of a perfect score.
    pub score_maximum: f64,
    /// All other members as the tool or the LMS wrote them: `label`, `resourceId`, `tag`, …
    pub members: Map<String, Value>,
    /// The last saved record of each student, by id.
    pub scores: BTreeMap<String, ScoreRecord>,
    /// Every accepted score as received, oldest first.
    pub received: Vec<Value>,
    /// The most attempts per student, if scores are submissions; `None` if there is no limit.
    pub allowed_attempts: Option<u32>,
    /// Whether a score may exceed the maximum, if line items have their own setting for that
    /// (Brightspace).
    pub can_exceed: bool,
}

/// A line item's `submissionReview`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Review {
    pub(crate) line_item: u64,
    pub(crate) label: Option<String>,
    /// Its target, if not the link's own.
    pub(crate) url: Option<String>,
    /// Custom parameters in addition to the link's.
    pub(crate) custom: Map<String, Value>,
}

impl LineItem {
    /// Its `submissionReview`, if any.
    pub(crate) fn review(&self) -> Option<Review> {
        let said = self.members.get("submissionReview")?;
        let text = |name: &str| said[name].as_str().map(str::to_owned);
        Some(Review {
            line_item: self.id,
            label: text("label"),
            url: text("url"),
            custom: said["custom"].as_object().cloned().unwrap_or_default(),
        })
    }

    /// A score converted to this line item's scale, as this vendor does it.
    pub(crate) fn scaled(&self, given: f64, maximum: f64, style: &GradeStyle) -> f64 {
        let is_cut = match style.above {
            AboveMaximum::Cut => true,
            AboveMaximum::CutUnlessAllowed => !self.can_exceed,
            AboveMaximum::Kept => false,
        };
        let given = if is_cut { given.min(maximum) } else { given };
        let points = given / maximum * self.score_maximum;
        match style.points {
            KeptPoints::Exact => points,
            KeptPoints::CutInAssignments(_) if self.is_links_own() => self.cut(given, maximum),
            KeptPoints::Rounded(decimals) | KeptPoints::CutInAssignments(decimals) => {
                let units = 10_f64.powi(decimals);
                (points * units).round() / units
            }
        }
    }

    /// A score in whole hundredths, truncated twice.
    fn cut(&self, given: f64, maximum: f64) -> f64 {
        let (given, maximum) = ((given * 100.0).trunc(), (maximum * 100.0).trunc());
        let own = (self.score_maximum * 100.0).round();
        // In this order, so that whole numbers stay whole.
        let on_its_scale = if maximum > 0.0 {
            given * own / maximum
        } else {
            given
        };
        on_its_scale.trunc() / 100.0
    }

    /// Whether it was created with the link rather than by the tool.
    pub(super) fn is_links_own(&self) -> bool {
        self.members.contains_key("ltiLinkId")
    }

    /// The line item as tools see it, with this address.
    pub(crate) fn json(&self, url: &str) -> Value {
        let mut json = Map::new();
        json.insert("id".to_owned(), json!(url));
        json.extend(self.members.clone());
        json.insert("scoreMaximum".to_owned(), number(self.score_maximum));
        if let Some(link) = &self.link {
            json.insert("resourceLinkId".to_owned(), json!(link));
        }
        Value::Object(json)
    }
}

pub(crate) fn number(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        json!(value as i64)
    } else {
        json!(value)
    }
}
