//! Keeps the label and maximum of a line item as the application has them, only on request
//! (grades.md GR-25).

use lti::ags::NewLineItem;
use serde_json::{Map, Value, json};
use store::line_item_handles::HandleOwner;

use super::LineItemHandles;
use super::find::grades_of;
use super::outcome::{by_store, refused};
use super::scope::writing;
use crate::services::deliveries::{AskedHandle, FoundLineItem, NoLineItem};
use crate::services::grades::vendor;
use crate::services::line_item::LineItemPut;

impl LineItemHandles {
    /// The line item, after changing its label and maximum to those of the handle, if requested and
    /// if they differ. Reads it, changes it and writes it back whole, so that nothing else changes.
    pub(super) async fn in_step(
        &self,
        asked: &AskedHandle,
        handle: &HandleOwner,
        known: FoundLineItem,
    ) -> Result<FoundLineItem, NoLineItem> {
        if !asked.handle.sync_line_item {
            return Ok(known);
        }
        let grades = grades_of(asked)?;
        let item = self.item(&asked.platform, grades, &known.url).await?;
        let Some(item) = item else {
            return Ok(known);
        };
        let mut members = item.into_members();
        if !change(
            &mut members,
            asked.handle.label.as_deref(),
            asked.handle.score_maximum,
        ) {
            return Ok(known);
        }
        let maximum = members.get("scoreMaximum").cloned();
        let item = NewLineItem::read(Value::Object(members));
        let item = item.map_err(|error| refused(&error.to_string()))?;
        writing(grades)?;
        let put = LineItemPut {
            url: &known.url,
            item: &item,
            spelling: vendor(&asked.platform).spelling(),
        };
        let answer = self.client.put_line_item(&asked.platform, &put).await;
        answer.map_err(NoLineItem::Failed)?;
        let changed = FoundLineItem {
            url: known.url.clone(),
            score_maximum: match maximum {
                Some(Value::Number(maximum)) => Some(maximum),
                _ => known.score_maximum,
            },
        };
        let replaced = self.replace(handle, &known.url, changed).await;
        replaced.map_err(by_store)
    }
}

/// Applies the differences. Returns false if there are none.
fn change(members: &mut Map<String, Value>, label: Option<&str>, maximum: Option<f64>) -> bool {
    let mut is_changed = false;
    if let Some(label) = label
        && members.get("label").and_then(Value::as_str) != Some(label)
    {
        members.insert("label".into(), label.into());
        is_changed = true;
    }
    let is_close = |now: f64, wanted: f64| (now - wanted).abs() < f64::EPSILON;
    if let Some(wanted) = maximum
        && !members
            .get("scoreMaximum")
            .and_then(Value::as_f64)
            .is_some_and(|now| is_close(now, wanted))
    {
        members.insert("scoreMaximum".into(), json!(wanted));
        is_changed = true;
    }
    is_changed
}

#[cfg(test)]
mod tests {
    use test_case::cases;

    use super::*;

    #[cases("GR-25")]
    #[test]
    fn only_what_differs_is_changed() {
        let mut item = Map::new();
        item.insert("label".into(), "Quiz".into());
        item.insert("scoreMaximum".into(), 10.into());
        item.insert("vendor".into(), true.into());
        assert!(!change(&mut item, Some("Quiz"), Some(10.0)));
        assert!(!change(&mut item, None, None));
        assert!(change(&mut item, Some("Exam"), Some(20.0)));
        assert_eq!(
            Value::Object(item),
            json!({"label": "Exam", "scoreMaximum": 20.0, "vendor": true})
        );
    }
}
