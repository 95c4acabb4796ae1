//! The gradebook: line items, saved grades, and who may be graded.

mod line_item;
mod record;
mod sent;
mod taking;
mod throttle;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

pub use self::{line_item::LineItem, record::ScoreRecord};
pub(crate) use self::{
    line_item::{Review, number},
    sent::SentScore,
    taking::{ScoredPerson, Taking},
    throttle::Throttle,
};

#[derive(Default)]
pub(crate) struct Gradebook {
    pub(crate) items: BTreeMap<u64, LineItem>,
    last: u64,
    /// Concluded courses, by id.
    pub(crate) concluded: BTreeSet<String>,
    /// People of the school who are in no course, by id.
    pub(crate) outside: BTreeSet<String>,
    pub(crate) throttle: Throttle,
}

impl Gradebook {
    /// The line item of a resource link; created on first use.
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
            allowed_attempts: None,
            can_exceed: false,
        };
        self.items.insert(self.last, item);
        self.last
    }

    /// The column of a course with this label, whichever tool it belongs to.
    pub(crate) fn labelled(
        &mut self,
        course: &str,
        label: Option<&Value>,
    ) -> Option<&mut LineItem> {
        let mut items = self.items.values_mut();
        items.find(|item| item.course == course && item.members.get("label") == label)
    }

    pub(crate) fn of_tool(&self, tool: &str) -> Vec<LineItem> {
        self.items
            .values()
            .filter(|item| item.tool == tool)
            .cloned()
            .collect()
    }
}
