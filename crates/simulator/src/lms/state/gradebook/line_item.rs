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
    /// By the id of its course.
    pub course: String,
    /// The resource link it belongs to, if any.
    pub link: Option<String>,
    /// What a full score counts on its scale.
    pub score_maximum: f64,
    /// Every other member as the tool or the LMS wrote it: `label`, `resourceId`, `tag`, …
    pub members: Map<String, Value>,
    /// What was last saved for each student, by id.
    pub scores: BTreeMap<String, ScoreRecord>,
    /// Every accepted score as received, oldest first.
    pub received: Vec<Value>,
    /// Attempts that a student has at most, if scores are submissions; none if there is no limit.
    pub allowed_attempts: Option<u32>,
    /// Whether a score may be above the maximum, where that is a line item's own setting (Brightspace).
    pub can_exceed: bool,
}

/// What a line item says of reviews: `submissionReview`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Review {
    /// The line item.
    pub(crate) line_item: u64,
    /// The word for it.
    pub(crate) label: Option<String>,
    /// Where it leads, if not to the link's own address.
    pub(crate) url: Option<String>,
    /// Custom parameters beside the link's.
    pub(crate) custom: Map<String, Value>,
}

impl LineItem {
    /// What it says of reviews, if it offers any.
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

    /// A score on this line item's scale, as this vendor keeps it.
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

    /// A score in whole hundredths, cut twice.
    fn cut(&self, given: f64, maximum: f64) -> f64 {
        let (given, maximum) = ((given * 100.0).trunc(), (maximum * 100.0).trunc());
        let own = (self.score_maximum * 100.0).round();
        // In this order, so that what is whole stays whole.
        let on_its_scale = if maximum > 0.0 {
            given * own / maximum
        } else {
            given
        };
        on_its_scale.trunc() / 100.0
    }

    /// Whether it came with the link, not from the tool.
    pub(super) fn is_links_own(&self) -> bool {
        self.members.contains_key("ltiLinkId")
    }

    /// The line item as tools see it, at this address.
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
