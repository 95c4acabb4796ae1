//! Names of claims as a trace stores them: a number for each common one.

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::FixedState;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::kit::text::cut;

/// How many names are kept; the rest are dropped.
pub(super) const MOST_NAMES: usize = 64;
/// Longest name, in bytes; longer ones are cut.
pub(super) const LONGEST_NAME: usize = 120;

/// Index of each name in [`KNOWN`]: every launch looks up about twenty.
static INDEXES: LazyLock<HashMap<&str, u8, FixedState>> =
    LazyLock::new(|| KNOWN.iter().copied().zip(0..).collect());

/// Names that a stored trace replaces with a number, their index. Only append.
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
    // StudyReel's members.
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

/// The name of a claim, stored as briefly as possible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimName {
    /// The index of the name in [`KNOWN`].
    Known(u8),
    /// Any other name.
    Other(String),
}

impl ClaimName {
    fn of(name: &str) -> Self {
        match INDEXES.get(name) {
            Some(index) => Self::Known(*index),
            None => Self::Other(cut(name, LONGEST_NAME).to_owned()),
        }
    }

    /// The name in the payload.
    pub fn text(&self) -> &str {
        match self {
            Self::Known(index) => KNOWN.get(usize::from(*index)).copied().unwrap_or("?"),
            Self::Other(name) => name,
        }
    }
}

impl Serialize for ClaimName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Known(index) => serializer.serialize_u8(*index),
            Self::Other(name) => serializer.serialize_str(name),
        }
    }
}

impl<'de> Deserialize<'de> for ClaimName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Index(u8),
            Text(String),
        }
        Ok(match Either::deserialize(deserializer)? {
            Either::Index(index) => Self::Known(index),
            Either::Text(name) => Self::Other(name),
        })
    }
}

/// The names of a payload's claims as a trace stores them, in the given order.
pub(super) fn names(names: impl Iterator<Item = impl AsRef<str>>) -> Vec<ClaimName> {
    let mut kept = Vec::with_capacity(24);
    kept.extend(
        names
            .take(MOST_NAMES)
            .map(|name| ClaimName::of(name.as_ref())),
    );
    kept
}

#[cfg(test)]
mod tests {
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
}
