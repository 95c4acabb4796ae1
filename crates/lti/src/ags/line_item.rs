//! Line items: the columns of a gradebook.

use serde_json::{Map, Number, Value};
use url::Url;

use super::invalid::{Invalid, ObjectCheck, is_positive, is_text};
use crate::json::{take_text, without_nulls};
use crate::paging::with_parameters;

/// A line item as the platform sent it. Vendor members are kept, because a PUT replaces the whole item (F.2).
#[derive(Debug, Clone, PartialEq)]
pub struct LineItem {
    id: String,
    members: Map<String, Value>,
}

impl LineItem {
    /// Reads a platform's line item. Returns `None` if it has no id, because then there is no way to refer to it. Nulls
    /// count as absent, a numeric id becomes text, and a maximum written as text becomes a number.
    #[must_use]
    pub fn read(item: Value) -> Option<Self> {
        let Value::Object(mut members) = without_nulls(item) else {
            return None;
        };
        let id = take_text(&mut members, "id")?;
        if let Some(Value::String(maximum)) = members.get("scoreMaximum")
            && let Ok(maximum) = maximum.trim().parse::<Number>()
        {
            members.insert("scoreMaximum".into(), maximum.into());
        }
        for name in ["resourceLinkId", "resourceId", "tag"] {
            if let Some(value) = members.get_mut(name)
                && value.is_number()
            {
                *value = Value::String(value.to_string());
            }
        }
        Some(Self { id, members })
    }

    /// The id of a line item is its URL.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// `scoreMaximum`, if it is a number above 0.
    #[must_use]
    pub fn score_maximum(&self) -> Option<Number> {
        match self.members.get("scoreMaximum") {
            Some(Value::Number(maximum)) if maximum.as_f64() > Some(0.0) => Some(maximum.clone()),
            _ => None,
        }
    }

    /// A text member, such as `label` or `tag`.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.members.get(name).and_then(Value::as_str)
    }

    /// All its members, the id first.
    #[must_use]
    pub fn into_members(self) -> Map<String, Value> {
        let mut members = Map::with_capacity(self.members.len() + 1);
        members.insert("id".into(), self.id.into());
        members.extend(self.members);
        members
    }
}

/// Which line items to ask for. Platforms may ignore the filter, so check the answer with [`Self::admits`] (F-24).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LineItemFilter<'a> {
    /// Only those that belong to this link.
    pub resource_link_id: Option<&'a str>,
    /// Only those for this resource of the tool.
    pub resource_id: Option<&'a str>,
    /// With this tag.
    pub tag: Option<&'a str>,
    /// Line items per page.
    pub limit: Option<u32>,
}

impl LineItemFilter<'_> {
    /// Adds these parameters to the URL of the list, after the ones it already has.
    #[must_use]
    pub fn apply(&self, line_items: &Url) -> Url {
        let limit = self.limit.map(|limit| limit.to_string());
        with_parameters(
            line_items,
            [
                ("resource_link_id", self.resource_link_id),
                ("resource_id", self.resource_id),
                ("tag", self.tag),
                ("limit", limit.as_deref()),
            ],
        )
    }

    /// Whether a line item passes this filter.
    #[must_use]
    pub fn admits(&self, item: &LineItem) -> bool {
        let fits = |wanted: Option<&str>, name| wanted.is_none() || item.text(name) == wanted;
        fits(self.resource_link_id, "resourceLinkId")
            && fits(self.resource_id, "resourceId")
            && fits(self.tag, "tag")
    }
}

/// A line item to create, or to replace another with.
#[derive(Debug, Clone, PartialEq)]
pub struct NewLineItem(Map<String, Value>);

impl NewLineItem {
    /// Rejects what a platform would refuse. Vendor members pass through. Nulls are dropped, and so is an `id`, because
    /// only platforms assign ids.
    ///
    /// # Errors
    ///
    /// [`Invalid`], listing every wrong member.
    pub fn read(item: Value) -> Result<Self, Invalid> {
        let mut item = ObjectCheck::object(item)?;
        item.members.shift_remove("id");
        item.require("label", "must be a text that isn't blank", is_text);
        item.require("scoreMaximum", "must be a number above 0", is_positive);
        for name in ["resourceLinkId", "resourceId", "tag"] {
            item.number_as_text(name);
            item.check(name, "must be a text", Value::is_string);
        }
        for name in ["startDateTime", "endDateTime"] {
            item.check(name, "must be a text", Value::is_string);
        }
        item.check("gradesReleased", "must be true or false", Value::is_boolean);
        item.check(
            "submissionReview",
            "must be an object with reviewableStatus, a list of texts",
            offers_review,
        );
        item.finish().map(Self)
    }

    /// The request body, with media type [`LINE_ITEM`](super::LINE_ITEM).
    #[must_use]
    pub fn to_body(&self) -> Vec<u8> {
        serde_json::to_vec(&self.0).unwrap_or_default()
    }
}

/// Whether this is a valid `submissionReview`, through which a gradebook opens a submission (F.5).
fn offers_review(value: &Value) -> bool {
    let statuses = value.get("reviewableStatus").and_then(Value::as_array);
    statuses.is_some_and(|statuses| statuses.iter().all(Value::is_string))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use serde_json::json;
    use test_case::cases;

    use super::*;

    #[cases("TC-301", "F-24")]
    #[test]
    fn members_of_vendors_come_and_go_unchanged() {
        let vendor = "https://canvas.instructure.com/lti/submission_type";
        let item = json!({
            "label": "Quiz", vendor: {"type": "external_tool", "more": null}, "scoreMaximum": "10.5", "tag": null,
            "resourceLinkId": 7, "id": "https://p1.test/li/5",
        });
        let item = LineItem::read(item).unwrap();
        assert_eq!(item.score_maximum(), Number::from_f64(10.5));
        let members = Value::Object(item.into_members());
        assert_eq!(
            members,
            json!({
                "id": "https://p1.test/li/5", "label": "Quiz", vendor: {"type": "external_tool"}, "scoreMaximum": 10.5,
                "resourceLinkId": "7",
            })
        );
        let back = NewLineItem::read(members).unwrap();
        let sent: Value = serde_json::from_slice(&back.to_body()).unwrap();
        assert_eq!(sent[vendor], json!({"type": "external_tool"}));
        assert_eq!(sent.get("id"), None);
        assert_eq!(LineItem::read(json!({"label": "no id"})), None);
    }

    #[test]
    fn every_wrong_member_is_named() {
        let names = |item: Value| -> Vec<&str> {
            let wrong = NewLineItem::read(item).err().map(|invalid| invalid.0);
            wrong.into_iter().flatten().map(|one| one.name).collect()
        };
        assert_eq!(names(json!({})), ["label", "scoreMaximum"]);
        assert_eq!(names(json!([])), [""]);
        assert_eq!(
            names(json!({"label": " ", "scoreMaximum": 0, "tag": [], "gradesReleased": "yes"})),
            ["label", "scoreMaximum", "tag", "gradesReleased"]
        );
        let right = json!({"label": "Quiz", "scoreMaximum": 0.5, "resourceId": 7, "tag": null});
        let sent: Value =
            serde_json::from_slice(&NewLineItem::read(right).unwrap().to_body()).unwrap();
        assert_eq!(
            sent,
            json!({"label": "Quiz", "scoreMaximum": 0.5, "resourceId": "7"})
        );
    }

    #[cases("F-24")]
    #[test]
    fn a_filter_is_asked_for_and_applied_again() {
        let filter = LineItemFilter {
            resource_id: Some("r 1"),
            tag: Some("t"),
            limit: Some(5),
            ..LineItemFilter::default()
        };
        let url = filter.apply(&Url::parse("https://p1.test/li?type_id=2").unwrap());
        assert_eq!(url.query(), Some("type_id=2&resource_id=r+1&tag=t&limit=5"));
        let item = |tag: &str| {
            LineItem::read(json!({"id": "i", "resourceId": "r 1", "tag": tag})).unwrap()
        };
        assert!(filter.admits(&item("t")) && !filter.admits(&item("u")));
        assert!(LineItemFilter::default().admits(&item("u")));
    }
}
