//! The platform's configuration document (D.2).

use serde_json::{Map, Value};

use super::endpoint::Endpoint;
use super::problems::{ConfigurationError, ConfigurationWarning};
use super::vendor::Family;
use crate::claims::name::PLATFORM_CONFIGURATION;
use crate::json;
use crate::login::clean;

/// A message type the platform supports.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SupportedMessage {
    /// The type's name, such as `LtiResourceLinkRequest`.
    pub message_type: String,
    /// Where the platform can place such links; often none.
    pub placements: Vec<String>,
}

/// A platform's configuration document, parsed leniently (D-18).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PlatformConfiguration {
    /// The issuer, byte for byte.
    pub issuer: String,
    /// Where the browser goes to log in.
    pub authorization_endpoint: Endpoint,
    /// Where to post the registration, query included.
    pub registration_endpoint: Endpoint,
    /// Where the platform's keys are.
    pub jwks_uri: Endpoint,
    /// Where to request access tokens.
    pub token_endpoint: Endpoint,
    /// `authorization_server` as received; see
    /// [`CheckedConfiguration::authorization_server`](super::CheckedConfiguration::authorization_server).
    pub authorization_server: Option<String>,
    /// `product_family_code`, which identifies the vendor: `moodle`, `canvas`.
    pub product_family_code: Option<String>,
    /// The platform's version, for people.
    pub version: Option<String>,
    /// The supported messages; `None` if the platform does not say.
    pub messages: Option<Vec<SupportedMessage>>,
    /// The variables it can substitute, or `None` if it does not say.
    pub variables: Option<Vec<String>>,
    /// The scopes it knows; `None` if it does not say.
    pub scopes_supported: Option<Vec<String>>,
    /// The claims it knows; `None` if it does not say.
    pub claims_supported: Option<Vec<String>>,
    /// Oddities found while reading.
    pub warnings: Vec<ConfigurationWarning>,
    pub(super) lists: Vec<(&'static str, &'static str, Option<Vec<String>>)>,
}

/// Lists that must contain this value if they are present (D-16).
const NEEDED: [(&str, &str); 4] = [
    ("token_endpoint_auth_methods_supported", "private_key_jwt"),
    ("token_endpoint_auth_signing_alg_values_supported", "RS256"),
    ("id_token_signing_alg_values_supported", "RS256"),
    ("response_types_supported", "id_token"),
];

impl PlatformConfiguration {
    /// Reads a configuration document (D-11, D-15, D-18).
    ///
    /// # Errors
    ///
    /// [`ConfigurationError`] for an unreadable document or the first missing required member.
    pub fn parse(bytes: &[u8]) -> Result<Self, ConfigurationError> {
        let document: Map<String, Value> = json::object(bytes)?;
        let mut warnings = Vec::new();
        let issuer =
            text(&document, "issuer").ok_or(ConfigurationError::MissingMember("issuer"))?;
        let authorization_endpoint = Endpoint::read(&document, "authorization_endpoint")?;
        let registration_endpoint = Endpoint::read(&document, "registration_endpoint")?;
        let jwks_uri = Endpoint::read(&document, "jwks_uri")?;
        let token_endpoint = Endpoint::read(&document, "token_endpoint")?;
        let platform = document
            .get(PLATFORM_CONFIGURATION)
            .or_else(|| {
                let found = document.get(&format!("{PLATFORM_CONFIGURATION} "));
                warnings.extend(found.map(|_| ConfigurationWarning::NameWithSpace));
                found
            })
            .and_then(Value::as_object)
            .ok_or(ConfigurationError::MissingMember(PLATFORM_CONFIGURATION))?;
        let messages = messages(platform, &mut warnings);
        let version = words(platform, "version");
        if version.is_none() {
            warnings.push(ConfigurationWarning::NoVersion);
        }
        let mut lists = Vec::new();
        for (member, value) in NEEDED {
            let list = list(&document, member);
            if list.is_none() {
                warnings.push(ConfigurationWarning::MissingList(member));
            }
            lists.push((member, value, list));
        }
        Ok(Self {
            issuer,
            authorization_endpoint,
            registration_endpoint,
            jwks_uri,
            token_endpoint,
            authorization_server: text(&document, "authorization_server"),
            product_family_code: words(platform, "product_family_code"),
            version,
            messages,
            variables: list(platform, "variables"),
            scopes_supported: list(&document, "scopes_supported"),
            claims_supported: list(&document, "claims_supported"),
            warnings,
            lists,
        })
    }

    /// The product family, according to the platform.
    #[must_use]
    pub fn family(&self) -> Family {
        self.product_family_code
            .as_deref()
            .map_or(Family::Other, Family::from_code)
    }
}

fn text(members: &Map<String, Value>, name: &str) -> Option<String> {
    let text = members.get(name)?.as_str()?;
    (!text.is_empty()).then(|| text.to_owned())
}

/// Text that appears on pages and in logs: without control characters, and truncated.
fn words(members: &Map<String, Value>, name: &str) -> Option<String> {
    const LONGEST_TEXT: usize = 100;
    let words = clean(members.get(name)?.as_str()?, LONGEST_TEXT)
        .trim()
        .to_owned();
    (!words.is_empty()).then_some(words)
}

/// A list of texts. Other entries are skipped, and other types count as absent.
fn list(members: &Map<String, Value>, name: &str) -> Option<Vec<String>> {
    let list = members.get(name)?.as_array()?;
    Some(
        list.iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
    )
}

fn messages(
    platform: &Map<String, Value>,
    warnings: &mut Vec<ConfigurationWarning>,
) -> Option<Vec<SupportedMessage>> {
    let Some(entries) = platform.get("messages_supported").and_then(Value::as_array) else {
        warnings.push(ConfigurationWarning::MissingList("messages_supported"));
        return None;
    };
    if entries.iter().any(Value::is_string) {
        warnings.push(ConfigurationWarning::MessagesAsNames);
    }
    // Old Moodle: placements are listed beside the messages and apply to deep linking.
    let beside = list(platform, "placements").unwrap_or_default();
    let read = |entry: &Value| match entry {
        // Old Moodle, too: names without "Request" at the end.
        Value::String(name) => Some(SupportedMessage {
            message_type: match name.as_str() {
                "LtiResourceLink" => "LtiResourceLinkRequest".to_owned(),
                "LtiDeepLinking" => "LtiDeepLinkingRequest".to_owned(),
                _ => name.clone(),
            },
            placements: if name.starts_with("LtiDeepLinking") {
                beside.clone()
            } else {
                Vec::new()
            },
        }),
        Value::Object(members) => Some(SupportedMessage {
            message_type: text(members, "type")?,
            placements: list(members, "placements").unwrap_or_default(),
        }),
        _ => None,
    };
    Some(entries.iter().filter_map(read).collect())
}
