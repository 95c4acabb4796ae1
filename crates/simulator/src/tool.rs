//! A tool as the pretend LMS knows it.

use serde_json::{Map, Value};

/// What a tool may ask for to keep line items, send scores and read results.
pub const AGS_SCOPES: [&str; 4] = [
    "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
    "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly",
    "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly",
    "https://purl.imsglobal.org/spec/lti-ags/scope/score",
];
/// What a tool must ask for to read a course's members.
pub const NRPS_SCOPE: &str =
    "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly";
/// The scope of Course Groups.
pub(crate) const GROUPS_SCOPE: &str =
    "https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly";

/// A tool that was registered, by itself or by hand.
#[derive(Clone, Debug, PartialEq)]
pub struct Tool {
    /// Given out when it was registered; `aud` of a launch.
    pub client_id: String,
    /// `deployment_id` of a launch; a tool has exactly one here.
    pub deployment_id: String,
    /// Whether it may be launched.
    pub active: bool,
    /// The id of its own key set and token endpoint, if every tool has those (Open edX).
    pub passport: Option<String>,
    /// What it said about itself, as far as this LMS kept it.
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
    /// What people see in lists: `client_name`.
    pub name: String,
    /// A sentence about it.
    pub description: String,
    /// The host it says it is served from: `domain`.
    pub domain: String,
    /// Where a launch is begun.
    pub login_url: String,
    /// Where tokens may be posted to.
    pub redirect_uris: Vec<String>,
    /// Its key set; empty if its key was pasted.
    pub jwks_url: String,
    /// Its public key as a JWK, if that was pasted.
    pub public_key: Option<Value>,
    /// Where launches go.
    pub target_link_uri: String,
    /// Where deep linking goes, if the tool takes part.
    pub deep_linking_url: Option<String>,
    /// Its picture.
    pub logo_url: String,
    /// The scopes it got.
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
    /// A tool with one redirect URI, which is also the target of its launches. It receives names and addresses and may
    /// use every service. Change `facts` for anything else.
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
