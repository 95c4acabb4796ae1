//! Values of claims that a trace may show: only those that don't identify a person.
//!
//! [`SHOWN`] lists what may be shown. Everything else appears as `…`, so a claim that we didn't
//! think of is hidden.

use serde_json::{Map, Value};

use super::claims::{LONGEST_NAME, MOST_NAMES};
use crate::kit::text::cut;

/// Longest text of a value, in bytes.
const LONGEST_VALUE: usize = 300;
/// Limit for all values together, in bytes.
const MOST_VALUES: usize = 4096;
/// Replaces a value that is not shown.
const HIDDEN: &str = "…";

/// How a member's value is shown.
#[derive(Clone, Copy)]
enum Show {
    /// Unchanged: a number, a text or several texts.
    Plain,
    /// One or several addresses, without query and fragment.
    Address,
    /// An object; only these members are shown.
    Members(&'static [(&'static str, Show)]),
}

use Show::{Address, Members, Plain};

const RESOURCE_LINK: Show = Members(&[("id", Plain)]);

/// What may be shown of a payload: nothing that could identify a person, and no free text.
const SHOWN: &[(&str, Show)] = &[
    ("iss", Plain),
    ("aud", Plain),
    ("azp", Plain),
    ("exp", Plain),
    ("iat", Plain),
    ("nbf", Plain),
    (
        "https://purl.imsglobal.org/spec/lti/claim/message_type",
        Plain,
    ),
    ("https://purl.imsglobal.org/spec/lti/claim/version", Plain),
    (
        "https://purl.imsglobal.org/spec/lti/claim/deployment_id",
        Plain,
    ),
    (
        "https://purl.imsglobal.org/spec/lti/claim/target_link_uri",
        Address,
    ),
    ("https://purl.imsglobal.org/spec/lti/claim/roles", Plain),
    (
        "https://purl.imsglobal.org/spec/lti/claim/resource_link",
        RESOURCE_LINK,
    ),
    (
        "https://purl.imsglobal.org/spec/lti/claim/context",
        Members(&[("id", Plain), ("type", Plain)]),
    ),
    (
        "https://purl.imsglobal.org/spec/lti/claim/tool_platform",
        Members(&[
            ("guid", Plain),
            ("url", Address),
            ("version", Plain),
            ("product_family_code", Plain),
        ]),
    ),
    (
        "https://purl.imsglobal.org/spec/lti/claim/launch_presentation",
        Members(&[
            ("document_target", Plain),
            ("locale", Plain),
            ("width", Plain),
            ("height", Plain),
            ("return_url", Address),
        ]),
    ),
    (
        "https://purl.imsglobal.org/spec/lti/claim/lis",
        Members(&[
            ("course_offering_sourcedid", Plain),
            ("course_section_sourcedid", Plain),
        ]),
    ),
    (
        "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint",
        Members(&[
            ("scope", Plain),
            ("lineitems", Address),
            ("lineitem", Address),
        ]),
    ),
    (
        "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice",
        Members(&[
            ("context_memberships_url", Address),
            ("service_versions", Plain),
        ]),
    ),
    (
        "https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice",
        Members(&[
            ("scope", Plain),
            ("context_groups_url", Address),
            ("context_group_sets_url", Address),
            ("service_versions", Plain),
        ]),
    ),
    (
        "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings",
        Members(&[
            ("accept_types", Plain),
            ("accept_media_types", Plain),
            ("accept_presentation_document_targets", Plain),
            ("accept_multiple", Plain),
            ("accept_lineitem", Plain),
            ("auto_create", Plain),
            ("deep_link_return_url", Address),
        ]),
    ),
    ("messageType", Plain),
    ("version", Plain),
    ("deployment_id", Plain),
    ("target_link_uri", Address),
    ("resourceLink", RESOURCE_LINK),
    ("role", Plain),
];

/// A payload reduced to what may be shown; `None` if that is too long or the payload is not an
/// object.
pub(super) fn shown(payload: &str) -> Option<Value> {
    let Ok(Value::Object(payload)) = serde_json::from_str(payload) else {
        return None;
    };
    let shown = Value::Object(members(payload, SHOWN));
    (shown.to_string().len() <= MOST_VALUES).then_some(shown)
}

fn members(object: Map<String, Value>, may: &[(&str, Show)]) -> Map<String, Value> {
    let shown = object.into_iter().take(MOST_NAMES).map(|(name, value)| {
        let show = may.iter().find(|(may, _)| *may == name);
        let value = match show {
            Some((_, show)) => show_value(value, *show),
            None => hidden(value),
        };
        (cut(&name, LONGEST_NAME).to_owned(), value)
    });
    shown.collect()
}

fn show_value(value: Value, show: Show) -> Value {
    match (show, value) {
        (Members(may), Value::Object(object)) => Value::Object(members(object, may)),
        (Members(_), other) => hidden(other),
        (Plain, Value::String(text)) => cut(&text, LONGEST_VALUE).into(),
        (Plain, value @ (Value::Number(_) | Value::Bool(_) | Value::Null)) => value,
        (Address, Value::String(text)) => address(&text).into(),
        (Plain | Address, Value::Array(values)) => {
            let values = values.into_iter().take(MOST_NAMES);
            let flat = values.filter(|value| !value.is_array() && !value.is_object());
            Value::Array(flat.map(|value| show_value(value, show)).collect())
        }
        (_, other) => hidden(other),
    }
}

/// Shows only that there is a value and, for an object, which members it has.
fn hidden(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let names = object.into_iter().take(MOST_NAMES);
            let names = names.map(|(name, _)| (cut(&name, LONGEST_NAME).to_owned(), HIDDEN.into()));
            Value::Object(names.collect())
        }
        _ => HIDDEN.into(),
    }
}

/// An address without the parts that may name a person: user, query and fragment.
fn address(text: &str) -> String {
    let Ok(mut url) = url::Url::parse(text) else {
        return HIDDEN.into();
    };
    let had_query = url.query().is_some();
    url.set_query(None);
    url.set_fragment(None);
    let _ = url.set_username("");
    let _ = url.set_password(None);
    let shown = cut(url.as_str(), LONGEST_VALUE);
    if had_query {
        format!("{shown}?{HIDDEN}")
    } else {
        shown.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn of_values_only_those_on_the_list_are_shown() {
        let payload = json!({
            "iss": "https://lms.example.edu", "aud": ["c1"], "iat": 1, "sub": "u-17", "nonce": "n-1",
            "name": "Ada Lovelace", "given_name": "Ada", "family_name": "Lovelace", "email": "ada@school.example",
            "picture": "https://lms.example.edu/ada.png", "birthdate": "2015-12-10",
            "https://purl.imsglobal.org/spec/lti/claim/custom": {"who": "Ada", "nested": {"mail": "ada@school.example"}},
            "https://purl.imsglobal.org/spec/lti/claim/context": {"id": "7", "title": "Tutoring Ada", "type": [{"x": "Ada"}]},
            "https://purl.imsglobal.org/spec/lti/claim/target_link_uri": "https://t.example/lti/launch?student=Ada#Ada",
            "https://purl.imsglobal.org/spec/lti/claim/lis": {"person_sourcedid": "Ada:1", "course_section_sourcedid": "s"},
            "https://purl.imsglobal.org/spec/lti/claim/tool_platform": {"guid": "g", "contact_email": "ada@school.example"},
            "https://purl.imsglobal.org/spec/lti/claim/role_scope_mentor": ["Ada"],
            "https://vendor.example/student": {"first": "Ada"},
        });
        let shown = shown(&payload.to_string()).unwrap_or_default();
        let text = shown.to_string();
        for personal in ["Ada", "ada", "Lovelace", "u-17", "n-1", "2015"] {
            assert!(!text.contains(personal), "{personal}: {text}");
        }
        assert_eq!((&shown["aud"], &shown["iat"]), (&json!(["c1"]), &json!(1)));
        assert_eq!(
            shown["https://purl.imsglobal.org/spec/lti/claim/custom"],
            json!({"who": "…", "nested": "…"})
        );
        assert_eq!(
            shown["https://purl.imsglobal.org/spec/lti/claim/context"],
            json!({"id": "7", "title": "…", "type": []})
        );
        assert_eq!(
            shown["https://purl.imsglobal.org/spec/lti/claim/target_link_uri"],
            "https://t.example/lti/launch?…"
        );
    }

    #[test]
    fn values_that_take_too_much_room_are_left_out() {
        let roles: Vec<String> = (0..60)
            .map(|number| format!("{number}{}", "r".repeat(250)))
            .collect();
        assert!(shown(&json!({"roles": "x"}).to_string()).is_some());
        let payload = json!({"https://purl.imsglobal.org/spec/lti/claim/roles": roles});
        assert!(shown(&payload.to_string()).is_none());
    }
}
