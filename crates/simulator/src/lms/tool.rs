//! A tool as the pretend LMS knows it.

use crate::profiles::{AGS_SCOPES, NRPS_SCOPE, ToolFacts};

/// A tool that was registered, by itself or by hand.
#[derive(Clone, Debug, PartialEq)]
pub struct Tool {
    /// Its client id.
    pub client_id: String,
    /// Its one deployment.
    pub deployment_id: String,
    /// Whether it may be launched.
    pub active: bool,
    /// Under which id it has its own key set and token endpoint, where each tool has (Open edX).
    pub passport: Option<String>,
    /// What it said about itself, as far as this LMS took it over.
    pub facts: ToolFacts,
}

impl Tool {
    pub(super) fn grades(&self) -> bool {
        self.facts
            .scopes
            .iter()
            .any(|scope| AGS_SCOPES.contains(&scope.as_str()))
    }

    pub(super) fn roster(&self) -> bool {
        self.facts.scopes.iter().any(|scope| scope == NRPS_SCOPE)
    }
}

/// A tool registered by hand. It is active at once.
#[derive(Clone, Debug, PartialEq)]
pub struct ManualTool {
    /// What the administrator typed.
    pub facts: ToolFacts,
}

impl ManualTool {
    /// A tool with one redirect URI, which is also the target of its launches, that is told names and addresses and may
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
