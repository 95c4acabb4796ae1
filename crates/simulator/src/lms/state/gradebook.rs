//! The gradebook: line items and what was saved in them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

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
}

/// A student's grade in a line item.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreRecord {
    /// The score on the line item's scale; none if the last message took it away.
    pub score: Option<f64>,
    /// What the tool wrote for the student to read.
    pub comment: Option<String>,
    /// When it was saved, by this LMS's clock.
    pub saved: Timestamp,
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

#[derive(Default)]
pub(crate) struct Gradebook {
    pub(crate) items: BTreeMap<u64, LineItem>,
    last: u64,
}

impl Gradebook {
    /// The line item of a resource link; made when first asked for.
    pub(crate) fn of_link(&mut self, tool: &str, course: &str, link: &str, title: &str) -> u64 {
        let found = self.items.values().find(|item| {
            item.tool == tool
                && item.course == course
                && item.link.as_deref() == Some(link)
                && item.is_links_own()
        });
        if let Some(item) = found {
            return item.id;
        }
        let members = json!({ "label": title, "resourceId": "", "tag": "", "ltiLinkId": link });
        self.add(
            tool,
            course,
            Some(link.to_owned()),
            100.0,
            members.as_object().cloned().unwrap_or_default(),
        )
    }

    pub(crate) fn add(
        &mut self,
        tool: &str,
        course: &str,
        link: Option<String>,
        score_maximum: f64,
        members: Map<String, Value>,
    ) -> u64 {
        self.last += 1;
        let item = LineItem {
            id: self.last,
            tool: tool.to_owned(),
            course: course.to_owned(),
            link,
            score_maximum,
            members,
            scores: BTreeMap::new(),
            received: Vec::new(),
        };
        self.items.insert(self.last, item);
        self.last
    }

    pub(crate) fn of_tool(&self, tool: &str) -> Vec<LineItem> {
        self.items
            .values()
            .filter(|item| item.tool == tool)
            .cloned()
            .collect()
    }
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

    /// Whether it came with the link, not from the tool.
    fn is_links_own(&self) -> bool {
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
