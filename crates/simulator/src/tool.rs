//! A tool as the pretend LMS knows it.

use serde_json::{Map, Value};

/// The scopes for managing line items, sending scores and reading results.
pub const AGS_SCOPES: [&str; 4] = [
    "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
    "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly",
    "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly",
    "https://purl.imsglobal.org/spec/lti-ags/scope/score",
];
/// The scope for reading a course's members.
pub const NRPS_SCOPE: &str =
    "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly";
/// The scope of Course Groups.
pub(crate) const GROUPS_SCOPE: &str =
    "https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly";

/// A registered tool.
#[derive(Clone, Debug, PartialEq)]
pub struct Tool {
    /// Assigned at registration; `aud` of a launch.
    pub client_id: String,
    /// `deployment_id` of a launch; here, a tool has exactly one.
    pub deployment_id: String,
    /// Whether it may be launched.
    pub active: bool,
    /// The id of its own key set and token endpoint, if every tool has those (Open edX).
    pub passport: Option<String>,
    /// What it said about itself, as far as this LMS stored it.
    pub facts: ToolFacts,
}

impl Tool {
    pub(crate) fn grades(&self) -> bool {
        self.facts
            .scopes
            .iter()
            .any(|scope| AGS_SCOPES.contains(&scope.as_str()))
    }

    pub(crate) fn roster(&self) -> bool {
        self.facts.scopes.iter().any(|scope| scope == NRPS_SCOPE)
    }

    pub(crate) fn groups(&self) -> bool {
        self.facts.scopes.iter().any(|scope| scope == GROUPS_SCOPE)
    }
}

/// What a registration request says about a tool.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ToolFacts {
    /// The display name: `client_name`.
    pub name: String,
    /// A sentence about it.
    pub description: String,
    /// The host it claims to be served from: `domain`.
    pub domain: String,
    /// Where launches start.
    pub login_url: String,
    /// Where tokens may be posted.
    pub redirect_uris: Vec<String>,
    /// Its key set; empty if its key was pasted.
    pub jwks_url: String,
    /// Its public key as a JWK, if one was pasted.
    pub public_key: Option<Value>,
    /// The target of launches.
    pub target_link_uri: String,
    /// The target of deep linking, if the tool supports it.
    pub deep_linking_url: Option<String>,
    /// The address of its logo.
    pub logo_url: String,
    /// The scopes it was granted.
    pub scopes: Vec<String>,
    /// Its custom parameters.
    pub custom: Map<String, Value>,
    /// Whether it receives names.
    pub names: bool,
    /// Whether it receives e-mail addresses.
    pub email: bool,
}

/// A tool registered by hand. It is active immediately.
#[derive(Clone, Debug, PartialEq)]
pub struct ManualTool {
    /// What the administrator typed.
    pub facts: ToolFacts,
}

impl ManualTool {
    /// A tool with one redirect URI, which is also the target of its launches. It receives names
    /// and addresses and may use every service. Change `facts` for anything else.
    pub fn new(login_url: &str, redirect_uri: &str, jwks_url: &str) -> Self {
        let domain = redirect_uri
            .split_once("://")
            .map_or(redirect_uri, |(_, rest)| rest);
        let scopes = AGS_SCOPES
            .iter()
            .chain([&NRPS_SCOPE])
            .map(|scope| (*scope).to_owned())
            .collect();
        Self {
            facts: ToolFacts {
                name: "A tool".to_owned(),
                domain: domain.split('/').next().unwrap_or_default().to_owned(),
                login_url: login_url.to_owned(),
                redirect_uris: vec![redirect_uri.to_owned()],
                jwks_url: jwks_url.to_owned(),
                target_link_uri: redirect_uri.to_owned(),
                deep_linking_url: Some(redirect_uri.to_owned()),
                scopes,
                names: true,
                email: true,
                ..ToolFacts::default()
            },
        }
    }
}
