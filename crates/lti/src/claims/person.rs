//! People: the one who launches, the one a message is about, and their older ids.

use serde::Deserialize;

use super::tolerant::{text, texts};

/// What the token says about the person. Untrusted text: never fetch `picture` (B-55), and never
/// merge accounts by `email` (I-23).
// Exhaustive, because launches of other protocols construct it too.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "each field is the OpenID claim of its name")]
pub struct PersonClaims {
    #[serde(default, deserialize_with = "text")]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub given_name: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub family_name: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub middle_name: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub email: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub picture: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub locale: Option<String>,
}

/// The person a message is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "each field is the claim's member of its name")]
#[non_exhaustive]
pub struct ForUser {
    #[serde(default, deserialize_with = "text")]
    pub user_id: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub person_sourcedid: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub given_name: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub family_name: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub email: Option<String>,
    #[serde(default, deserialize_with = "texts")]
    pub roles: Vec<String>,
}

/// Identifiers of the student information system.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "each field is the claim's member of its name")]
#[non_exhaustive]
pub struct Lis {
    #[serde(default, deserialize_with = "text")]
    pub person_sourcedid: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub course_offering_sourcedid: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub course_section_sourcedid: Option<String>,
}

/// The LTI 1.1 ids (H.5). Only ids that differ from those of the launch are present.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "each field is the claim's member of its name")]
#[non_exhaustive]
pub struct LegacyIds {
    #[serde(default, deserialize_with = "text")]
    pub user_id: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub resource_link_id: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub context_id: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub tool_consumer_instance_guid: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub oauth_consumer_key: Option<String>,
    /// Proves knowledge of the consumer's secret. Unless it is valid, nothing here can be trusted
    /// (H-30).
    #[serde(default, deserialize_with = "text")]
    pub oauth_consumer_key_sign: Option<String>,
}
