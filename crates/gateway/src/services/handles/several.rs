//! Describes several line items with the same handle, so that a person can choose one (grades.md
//! GR-23).

use lti::ags::LineItem;
use serde_json::{Map, Value};

use crate::jobs::MOST_SAID;
use crate::kit::text::cut;
use crate::services::deliveries::{DeliveryReason, NoLineItem};

/// How much is said about each line item. The first level at which all of them fit is used, because
/// long texts are truncated, and half a list would be useless.
const LEVELS: [LineItemDetail; 4] = [
    LineItemDetail {
        label: MOST_SAID,
        others: true,
    },
    LineItemDetail {
        label: 60,
        others: true,
    },
    LineItemDetail {
        label: 30,
        others: false,
    },
    LineItemDetail {
        label: 0,
        others: false,
    },
];

/// What is said about a line item besides its id.
#[derive(Clone, Copy)]
struct LineItemDetail {
    /// The maximum length of its label, in bytes.
    label: usize,
    /// Whether to include its link and maximum.
    others: bool,
}

impl LineItemDetail {
    fn of(self, item: &LineItem) -> Value {
        let mut told = Map::new();
        told.insert("id".into(), item.id().into());
        let label = item.text("label").map(|label| cut(label, self.label));
        if let Some(label) = label.filter(|label| !label.is_empty()) {
            told.insert("label".into(), label.into());
        }
        if !self.others {
            return Value::Object(told);
        }
        if let Some(link) = item.text("resourceLinkId") {
            told.insert("resourceLinkId".into(), link.into());
        }
        if let Some(maximum) = item.score_maximum() {
            told.insert("scoreMaximum".into(), maximum.into());
        }
        Value::Object(told)
    }
}

/// The score waits until someone decides which one is meant.
pub(super) fn ambiguous(items: &[LineItem]) -> NoLineItem {
    NoLineItem::Held(DeliveryReason::AmbiguousLineItem, candidates(items))
}

/// A list of them that fits into an attempt.
fn candidates(items: &[LineItem]) -> String {
    let of_all = |level: LineItemDetail| {
        let all = items.iter().map(|item| level.of(item));
        Value::Array(all.collect()).to_string()
    };
    let mut lists = LEVELS.into_iter().map(of_all);
    let fitting = lists.find(|list| list.len() <= MOST_SAID);
    fitting.unwrap_or_else(|| as_many_as_fit(items))
}

/// Only ids, none of them truncated: as many as fit.
fn as_many_as_fit(items: &[LineItem]) -> String {
    let [.., least] = LEVELS;
    // The brackets; each item adds a comma.
    let mut room = MOST_SAID - 2;
    let all = items.iter().map(|item| least.of(item));
    let some = all.filter(|told| {
        let length = told.to_string().len() + 1;
        let fits = length <= room;
        room -= if fits { length } else { 0 };
        fits
    });
    Value::Array(some.collect()).to_string()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use serde_json::json;
    use test_case::cases;

    use super::*;

    fn items(number: usize, id: &str, label: &str) -> Vec<LineItem> {
        let item = |at: usize| {
            LineItem::read(json!({
                "id": format!("https://lms.example/{id}/{at}"), "label": label, "scoreMaximum": 10,
                "resourceLinkId": "r-1",
            }))
        };
        (0..number).map(|at| item(at).unwrap()).collect()
    }

    fn told(items: &[LineItem]) -> Vec<Value> {
        let list = candidates(items);
        assert!(list.len() <= MOST_SAID, "{}", list.len());
        serde_json::from_str(&list).unwrap()
    }

    #[cases("GR-23")]
    #[test]
    fn a_list_of_candidates_is_never_cut_inside() {
        let two = told(&items(2, "i", "Essay"));
        assert_eq!(
            two[1],
            json!({"id": "https://lms.example/i/1", "label": "Essay", "resourceLinkId": "r-1", "scoreMaximum": 10})
        );
        // Many long ones are all included, with less about each.
        for (number, label) in [
            (15, "é".repeat(200)),
            (20, "x".repeat(3000)),
            (30, "x".into()),
        ] {
            let many = told(&items(number, "i", &label));
            assert_eq!(many.len(), number);
            let last = format!("https://lms.example/i/{}", number - 1);
            assert_eq!(many[number - 1]["id"], last.as_str());
            assert!(
                many[0]["label"]
                    .as_str()
                    .is_some_and(|told| label.starts_with(told))
            );
        }
        // Addresses that don't fit leave room for others.
        let long = items(20, &"x".repeat(300), "Essay");
        assert_eq!(told(&long).len(), 6);
        let endless = [items(1, &"x".repeat(3000), "A"), items(1, "i", "B")].concat();
        assert_eq!(told(&endless), [json!({"id": "https://lms.example/i/0"})]);
    }
}
