//! Claims as a trace may show them: by name always, by value only where a value says nothing about a person.
//!
//! [`shown`] is a list of what may be seen. Everything else stands there as `…`: a claim nobody thought of is hidden.

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::FixedState;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

/// Names of a payload at most; further ones are left out.
const MOST_NAMES: usize = 64;
/// Longest name, in bytes; a longer one is cut.
const LONGEST_NAME: usize = 120;
/// Longest text of a value, in bytes.
const LONGEST_VALUE: usize = 300;
/// Bytes of all values together at most.
const MOST_VALUES: usize = 4096;
/// What stands for a value that is not shown.
const HIDDEN: &str = "…";

/// Where each of [`KNOWN`] stands: every launch looks some twenty of them up.
static PLACES: LazyLock<HashMap<&str, u8, FixedState>> =
    LazyLock::new(|| KNOWN.iter().copied().zip(0..).collect());

/// Names that take one number each in a stored trace: only ever add at the end.
const KNOWN: &[&str] = &[
    "iss",
    "sub",
    "aud",
    "azp",
    "exp",
    "iat",
    "nbf",
    "nonce",
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "email",
    "picture",
    "locale",
    "https://purl.imsglobal.org/spec/lti/claim/message_type",
    "https://purl.imsglobal.org/spec/lti/claim/version",
    "https://purl.imsglobal.org/spec/lti/claim/deployment_id",
    "https://purl.imsglobal.org/spec/lti/claim/target_link_uri",
    "https://purl.imsglobal.org/spec/lti/claim/resource_link",
    "https://purl.imsglobal.org/spec/lti/claim/roles",
    "https://purl.imsglobal.org/spec/lti/claim/context",
    "https://purl.imsglobal.org/spec/lti/claim/tool_platform",
    "https://purl.imsglobal.org/spec/lti/claim/launch_presentation",
    "https://purl.imsglobal.org/spec/lti/claim/lis",
    "https://purl.imsglobal.org/spec/lti/claim/custom",
    "https://purl.imsglobal.org/spec/lti/claim/ext",
    "https://purl.imsglobal.org/spec/lti/claim/role_scope_mentor",
    "https://purl.imsglobal.org/spec/lti/claim/for_user",
    "https://purl.imsglobal.org/spec/lti/claim/lti1p1",
    "https://purl.imsglobal.org/spec/lti/claim/lti11_legacy_user_id",
    "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint",
    "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice",
    "https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice",
    "https://purl.imsglobal.org/spec/lti/claim/platformnotificationservice",
    "https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome",
    "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings",
    "https://purl.imsglobal.org/spec/lti-ces/claim/caliper-endpoint-service",
    "errors",
    "jti",
    // StudyReel's.
    "messageType",
    "version",
    "deployment_id",
    "target_link_uri",
    "resourceLink",
    "role",
    "age_grade",
    "studyreel_grade_math",
    "studyreel_grade_language",
    "studyreel_grade_science",
    "studyreel_grade_reading",
    "map_rit_math",
    "map_rit_language",
    "map_rit_science",
    "map_rit_reading",
    "user_acquisition_source",
];

/// The name of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// One of [`KNOWN`], by its place there.
    Known(u8),
    /// Another.
    Other(String),
}

impl Name {
    fn of(name: &str) -> Self {
        match PLACES.get(name) {
            Some(place) => Self::Known(*place),
            None => Self::Other(cut(name, LONGEST_NAME).to_owned()),
        }
    }

    /// As it stood in the payload.
    pub fn text(&self) -> &str {
        match self {
            Self::Known(place) => KNOWN.get(usize::from(*place)).copied().unwrap_or("?"),
            Self::Other(name) => name,
        }
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Known(place) => serializer.serialize_u8(*place),
            Self::Other(name) => serializer.serialize_str(name),
        }
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Place(u8),
            Text(String),
        }
        Ok(match Either::deserialize(deserializer)? {
            Either::Place(place) => Self::Known(place),
            Either::Text(name) => Self::Other(name),
        })
    }
}

/// The names of a payload's claims as a trace keeps them, in the order given.
pub(super) fn names(names: impl Iterator<Item = impl AsRef<str>>) -> Vec<Name> {
    let mut kept = Vec::with_capacity(24);
    kept.extend(names.take(MOST_NAMES).map(|name| Name::of(name.as_ref())));
    kept
}

/// How a member's value is shown.
#[derive(Clone, Copy)]
enum Show {
    /// As it is: a number, or one text or several.
    Plain,
    /// An address, or several, without query and fragment.
    Address,
    /// An object, of which these members are shown.
    Members(&'static [(&'static str, Show)]),
}

use Show::{Address, Members, Plain};

const RESOURCE_LINK: Show = Members(&[("id", Plain)]);

/// What may be seen of a payload: nothing that a person could be known by, and no free text.
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

/// A payload with the values that may be seen; `None` where they would take too much room or there is no object.
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

/// That there is a value and, of an object, which members it has; nothing more.
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

/// An address without what may name a person: user, query and fragment.
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

/// The beginning of a text, of at most so many bytes.
pub(super) fn cut(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn texts(payload: &[&str]) -> Vec<String> {
        let names = names(payload.iter());
        names.iter().map(|name| name.text().to_owned()).collect()
    }

    #[test]
    fn names_are_those_of_the_payload_and_bounded() {
        assert_eq!(texts(&["iss", "name", "é", ""]), ["iss", "name", "é", ""]);
        let many: Vec<String> = (0..1000)
            .map(|number| format!("{number}{}", "ü".repeat(500)))
            .collect();
        let many = texts(&many.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(many.len(), MOST_NAMES);
        assert!(many.iter().all(|name| name.len() <= LONGEST_NAME));
    }

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
