//! Line items: the columns of a gradebook.

use serde_json::{Map, Number, Value};
use url::Url;

use super::invalid::{Invalid, ObjectCheck, is_positive, is_text};
use super::spelling::{NAMES, Spelling};
use crate::json::{take_text, with_number, without_nulls};
use crate::paging::with_parameters;

/// A line item as the platform sent it. Vendor members are kept, because a PUT replaces the whole
/// item (F.2).
#[derive(Debug, Clone, PartialEq)]
pub struct LineItem {
    id: String,
    members: Map<String, Value>,
}

impl LineItem {
    /// Reads a platform's line item. Returns `None` if it has no id, because then there is no way
    /// to refer to it. Nulls count as absent, a numeric id becomes text, and a maximum written as
    /// text becomes a number.
    #[must_use]
    pub fn read(item: Value) -> Option<Self> {
        let Value::Object(mut members) = without_nulls(item) else {
            return None;
        };
        let id = take_text(&mut members, "id")?;
        if let Some(maximum) = members.get_mut("scoreMaximum") {
            *maximum = with_number(maximum.take());
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

    /// Whether both have the same names from the tool: `resourceId` and `tag`.
    #[must_use]
    pub fn has_names_of(&self, other: &Self) -> bool {
        let mut names = NAMES.iter();
        names.all(|name| self.text(name) == other.text(name))
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

/// Which line items to ask for. Platforms may ignore the filter, so check the answer with
/// [`Self::admits`] (F-24).
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
    /// How the platform returns `resourceId` and `tag`.
    pub spelling: Spelling,
}

impl LineItemFilter<'_> {
    /// Adds these parameters to the URL of the list, after the ones it already has. If the platform
    /// may compare in a different spelling, the names are left out. Then the limit is left out too,
    /// because it would count the other line items as well.
    #[must_use]
    pub fn apply(&self, line_items: &Url) -> Url {
        let names = [self.resource_id, self.tag];
        let asks_all = self.spelling == Spelling::MaybeEncoded && names != [None, None];
        let [resource_id, tag] = if asks_all { [None, None] } else { names };
        let limit = self.limit.filter(|_| !asks_all);
        let limit = limit.map(|limit| limit.to_string());
        with_parameters(
            line_items,
            [
                ("resource_link_id", self.resource_link_id),
                ("resource_id", resource_id),
                ("tag", tag),
                ("limit", limit.as_deref()),
            ],
        )
    }

    /// Whether a line item passes this filter.
    #[must_use]
    pub fn admits(&self, item: &LineItem) -> bool {
        let has = |wanted: Option<&str>, name| {
            wanted.is_none_or(|wanted| {
                item.text(name)
                    .is_some_and(|found| self.spelling.means(found, wanted))
            })
        };
        self.resource_link_id
            .is_none_or(|link| item.text("resourceLinkId") == Some(link))
            && has(self.resource_id, "resourceId")
            && has(self.tag, "tag")
    }

    /// A line item found by this filter, with the names that the filter asked for: those are
    /// certainly the tool's. Other names stay as the platform spells them.
    #[must_use]
    pub fn named(&self, mut item: LineItem) -> LineItem {
        for (wanted, name) in [self.resource_id, self.tag].into_iter().zip(NAMES) {
            if let (Some(wanted), Some(found)) = (wanted, item.members.get_mut(name)) {
                *found = wanted.into();
            }
        }
        item
    }
}

/// A line item to create, or to replace another with.
#[derive(Debug, Clone, PartialEq)]
pub struct NewLineItem(Map<String, Value>);

impl NewLineItem {
    /// Rejects what a platform would refuse. Vendor members pass through. Nulls are dropped, and so
    /// is an `id`, because only platforms assign ids.
    ///
    /// # Errors
    ///
    /// [`Invalid`], listing every wrong member.
    pub fn read(item: Value) -> Result<Self, Invalid> {
        let mut item = ObjectCheck::object(item)?;
        item.members.shift_remove("id");
        item.require("label", "must be a text that isn't blank", is_text);
        item.text_as_number("scoreMaximum");
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

    /// Whether it has a name that the platform may have encoded.
    #[must_use]
    pub fn may_be_encoded(&self, spelling: Spelling) -> bool {
        let mut names = NAMES.iter().filter_map(|name| self.0.get(*name)?.as_str());
        names.any(|name| spelling.maybe_written(name).is_some())
    }

    /// The same line item with its names as the tool may have written them, if they equal those of
    /// the existing line item: a platform that encodes names would encode them again. `None` if
    /// nothing differs.
    #[must_use]
    pub fn under_written_names(&self, there: &LineItem, spelling: Spelling) -> Option<Self> {
        let mut written = self.clone();
        for name in NAMES {
            if let Some(Value::String(own)) = written.0.get_mut(name)
                && there.text(name) == Some(own.as_str())
                && let Some(other) = spelling.maybe_written(own)
            {
                *own = other;
            }
        }
        (written != *self).then_some(written)
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
        for maximum in [json!(0.5), json!(" 0.5")] {
            let right =
                json!({"label": "Quiz", "scoreMaximum": maximum, "resourceId": 7, "tag": null});
            let sent: Value =
                serde_json::from_slice(&NewLineItem::read(right).unwrap().to_body()).unwrap();
            assert_eq!(
                sent,
                json!({"label": "Quiz", "scoreMaximum": 0.5, "resourceId": "7"})
            );
        }
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

    #[cases("F-24")]
    #[test]
    fn who_may_encode_names_is_not_asked_for_them() {
        let list = Url::parse("https://p1.test/li").unwrap();
        let mut filter = LineItemFilter {
            resource_id: Some("quiz:7"),
            resource_link_id: Some("1"),
            limit: Some(5),
            spelling: Spelling::MaybeEncoded,
            ..LineItemFilter::default()
        };
        assert_eq!(filter.apply(&list).query(), Some("resource_link_id=1"));
        let item = |resource: &str| {
            let item =
                json!({"id": "i", "resourceLinkId": "1", "resourceId": resource, "tag": "t+1"});
            LineItem::read(item).unwrap()
        };
        for resource in ["quiz%3A7", "quiz:7"] {
            assert!(filter.admits(&item(resource)), "{resource}");
        }
        assert!(!filter.admits(&item("quiz%253A7")));
        // The filter had no tag, so the tag may be the tool's own.
        let named = filter.named(item("quiz%3A7"));
        assert_eq!(
            (named.text("resourceId"), named.text("tag")),
            (Some("quiz:7"), Some("t+1"))
        );
        let without = LineItem::read(json!({"id": "i", "resourceLinkId": "1"})).unwrap();
        assert!(!filter.admits(&without), "it has no name");
        filter.resource_id = None;
        assert_eq!(
            filter.apply(&list).query(),
            Some("resource_link_id=1&limit=5")
        );
    }

    #[cases("F-24")]
    #[test]
    fn a_name_that_is_put_back_is_not_encoded_twice() {
        let sakai = Spelling::MaybeEncoded;
        let there = json!({"id": "i", "label": "Quiz", "scoreMaximum": 1, "resourceId": "quiz%3A7", "tag": "t%201"});
        let there = LineItem::read(there).unwrap();
        let back = |changed: Value| {
            let mut members = there.clone().into_members();
            members.extend(changed.as_object().cloned().unwrap_or_default());
            NewLineItem::read(Value::Object(members)).unwrap()
        };
        let renamed = back(json!({"label": "Quiz 2"}));
        assert!(renamed.may_be_encoded(sakai) && !renamed.may_be_encoded(Spelling::AsWritten));
        let written = renamed.under_written_names(&there, sakai).unwrap();
        assert_eq!(
            written,
            back(json!({"label": "Quiz 2", "resourceId": "quiz:7"}))
        );
        assert_eq!(
            renamed.under_written_names(&there, Spelling::AsWritten),
            None
        );
        // A name that the tool sets now is the tool's, whatever it looks like.
        let other = back(json!({"resourceId": "quiz%3A8"}));
        assert_eq!(other.under_written_names(&there, sakai), None);
        let after = LineItem::read(json!({"id": "i", "resourceId": "quiz:7", "tag": "t%201"}));
        assert!(!after.unwrap().has_names_of(&there) && there.has_names_of(&there));
    }
}
