//! The platform's configuration document (D.2).

use serde_json::{Map, Value};
use url::{Origin, Url};

use super::vendor::{Family, Vendor, is_below};
use crate::claims::name::PLATFORM_CONFIGURATION;
use crate::json::{self, JsonError};
use crate::login::clean;
use crate::target::plain_web_url;

/// Why a configuration document is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigurationError {
    /// Not an acceptable JSON object (D-11).
    #[error("the platform's configuration cannot be read: {0}")]
    Json(#[from] JsonError),
    /// A required member is missing, empty or of the wrong type (D-15).
    #[error("the platform's configuration has no usable member {0}")]
    MissingMember(&'static str),
    /// An address is not a plain absolute web address.
    #[error("the member {0} of the platform's configuration is not a plain web address")]
    BadAddress(&'static str),
    /// An address is http where the configuration itself came over https.
    #[error("the member {0} of the platform's configuration is not an https address")]
    NotHttps(&'static str),
    /// The document comes from another host than the issuer's (D-12).
    #[error("the configuration comes from {found}, but its issuer is at {issuer}")]
    IssuerMismatch {
        /// The issuer's origin.
        issuer: String,
        /// The origin the document came from.
        found: String,
    },
    /// A list of what the platform supports lacks what every LTI 1.3 tool needs (D-16).
    #[error("the list {member} of the platform's configuration lacks {value}")]
    Unsupported {
        /// The list.
        member: &'static str,
        /// What it would need to hold.
        value: &'static str,
    },
}

/// Something odd that does not stop a registration, for the operator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Warning {
    /// The platform configuration's name ends in a space (old Moodle).
    #[error("the LTI part of the configuration has a name that ends in a space")]
    NameWithSpace,
    /// Messages are listed by name only (old Moodle).
    #[error("the supported messages are listed as plain names")]
    MessagesAsNames,
    /// A list is absent that should be there (D-16).
    #[error("the configuration does not say {0}")]
    MissingList(&'static str),
    /// The platform does not tell its version (Sakai).
    #[error("the platform does not tell its version")]
    NoVersion,
    /// `authorization_server` is no absolute address (Canvas) and is not used.
    #[error("the configuration's authorization_server is not an address and is ignored")]
    AuthorizationServerIgnored,
    /// `authorization_server` is on a host that has nothing to do with the platform (I-14).
    #[error("the configuration's authorization_server is on a foreign host and is not used")]
    AuthorizationServerForeign,
}

/// An address as the platform wrote it, and parsed. The text matters: a token endpoint is also
/// the audience of our assertions, which platforms compare as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    text: String,
    url: Url,
}

impl Endpoint {
    /// As the platform wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Parsed.
    #[must_use]
    pub const fn url(&self) -> &Url {
        &self.url
    }

    fn read(members: &Map<String, Value>, name: &'static str) -> Result<Self, ConfigurationError> {
        let text = members
            .get(name)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
            .ok_or(ConfigurationError::MissingMember(name))?;
        let url = plain_web_url(text).map_err(|_| ConfigurationError::BadAddress(name))?;
        if url.fragment().is_some() {
            return Err(ConfigurationError::BadAddress(name));
        }
        Ok(Self {
            text: text.to_owned(),
            url,
        })
    }
}

/// A message type the platform supports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupportedMessage {
    /// The type's name, such as `LtiResourceLinkRequest`.
    pub message_type: String,
    /// Where the platform can place such links; often empty.
    pub placements: Vec<String>,
}

/// A platform's configuration document, read leniently (D-18).
#[derive(Debug, Clone)]
pub struct PlatformConfiguration {
    /// The issuer, byte for byte.
    pub issuer: String,
    /// Where the browser goes to be authenticated.
    pub authorization_endpoint: Endpoint,
    /// Where the registration is posted, query included.
    pub registration_endpoint: Endpoint,
    /// Where the platform's keys are.
    pub jwks_uri: Endpoint,
    /// Where access tokens come from.
    pub token_endpoint: Endpoint,
    /// `authorization_server` as it came; see [`CheckedConfiguration::authorization_server`].
    pub authorization_server: Option<String>,
    /// `product_family_code`.
    pub product_family_code: Option<String>,
    /// The platform's version, for people.
    pub version: Option<String>,
    /// The supported messages; `None` if the platform does not say.
    pub messages: Option<Vec<SupportedMessage>>,
    /// The variables it can fill in; `None` if it does not say.
    pub variables: Option<Vec<String>>,
    /// The scopes it knows; `None` if it does not say.
    pub scopes_supported: Option<Vec<String>>,
    /// The claims it knows; `None` if it does not say.
    pub claims_supported: Option<Vec<String>>,
    /// What was odd while reading.
    pub warnings: Vec<Warning>,
    lists: Vec<(&'static str, &'static str, Option<Vec<String>>)>,
}

/// The lists that have to hold a value if they are there (D-16).
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
    /// [`ConfigurationError`] for an unreadable document or the first required member missing.
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
                warnings.extend(found.map(|_| Warning::NameWithSpace));
                found
            })
            .and_then(Value::as_object)
            .ok_or(ConfigurationError::MissingMember(PLATFORM_CONFIGURATION))?;
        let messages = messages(platform, &mut warnings);
        let version = words(platform, "version");
        if version.is_none() {
            warnings.push(Warning::NoVersion);
        }
        let mut lists = Vec::new();
        for (member, value) in NEEDED {
            let list = list(&document, member);
            if list.is_none() {
                warnings.push(Warning::MissingList(member));
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

    /// The product family, as the platform says.
    #[must_use]
    pub fn family(&self) -> Family {
        self.product_family_code
            .as_deref()
            .map_or(Family::Other, Family::from_code)
    }

    /// Checks the document against where it came from (D-12, D-13) and for what every tool needs
    /// (D-16), and settles the audience of our assertions (D-17, I-14).
    ///
    /// # Errors
    ///
    /// The first [`ConfigurationError`] that applies.
    pub fn check(
        &self,
        configuration_url: &Url,
    ) -> Result<CheckedConfiguration, ConfigurationError> {
        let issuer =
            plain_web_url(&self.issuer).map_err(|_| ConfigurationError::BadAddress("issuer"))?;
        if issuer.query().is_some() || issuer.fragment().is_some() {
            return Err(ConfigurationError::BadAddress("issuer"));
        }
        let vendor = Vendor::of_issuer(&self.issuer);
        if issuer.origin() != configuration_url.origin()
            && !vendor.is_some_and(|vendor| vendor.owns(configuration_url))
        {
            return Err(ConfigurationError::IssuerMismatch {
                issuer: issuer.origin().ascii_serialization(),
                found: configuration_url.origin().ascii_serialization(),
            });
        }
        // Plain http is for platforms the operator lets be fetched so; never a step down.
        if configuration_url.scheme() == "https" {
            for (name, endpoint) in self.endpoints() {
                if endpoint.url.scheme() != "https" {
                    return Err(ConfigurationError::NotHttps(name));
                }
            }
        }
        for (member, value, list) in &self.lists {
            if list
                .as_ref()
                .is_some_and(|list| !list.iter().any(|entry| entry == value))
            {
                return Err(ConfigurationError::Unsupported { member, value });
            }
        }
        let authorization_server = self.settle_authorization_server(&issuer, vendor);
        let mut warnings = self.warnings.clone();
        match &authorization_server {
            AuthorizationServer::Ignored => warnings.push(Warning::AuthorizationServerIgnored),
            AuthorizationServer::Foreign(_) => warnings.push(Warning::AuthorizationServerForeign),
            AuthorizationServer::Absent | AuthorizationServer::Usable(_) => {}
        }
        let mut foreign_origins: Vec<Origin> = Vec::new();
        for (_, endpoint) in self.endpoints() {
            let origin = endpoint.url.origin();
            if origin != issuer.origin() && !foreign_origins.contains(&origin) {
                foreign_origins.push(origin);
            }
        }
        Ok(CheckedConfiguration {
            vendor,
            authorization_server,
            foreign_origins,
            warnings,
        })
    }

    fn endpoints(&self) -> [(&'static str, &Endpoint); 4] {
        [
            ("authorization_endpoint", &self.authorization_endpoint),
            ("registration_endpoint", &self.registration_endpoint),
            ("jwks_uri", &self.jwks_uri),
            ("token_endpoint", &self.token_endpoint),
        ]
    }

    fn settle_authorization_server(
        &self,
        issuer: &Url,
        vendor: Option<Vendor>,
    ) -> AuthorizationServer {
        let Some(text) = &self.authorization_server else {
            return AuthorizationServer::Absent;
        };
        let Ok(url) = plain_web_url(text) else {
            return AuthorizationServer::Ignored;
        };
        let token = &self.token_endpoint.url;
        // Brightspace: tokens from auth.brightspace.com, meant for api.brightspace.com.
        let brightspace = is_below(token, "brightspace.com")
            && is_below(&url, "brightspace.com")
            && url.scheme() == "https";
        if url.host() == issuer.host()
            || url.host() == token.host()
            || vendor.is_some_and(|vendor| vendor.owns(&url))
            || brightspace
        {
            AuthorizationServer::Usable(text.clone())
        } else {
            AuthorizationServer::Foreign(text.clone())
        }
    }
}

/// What to make of `authorization_server`, the audience of our assertions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthorizationServer {
    /// Not there: the token endpoint is the audience.
    Absent,
    /// There but no absolute address (Canvas: a bare host): the token endpoint is the audience.
    Ignored,
    /// The audience.
    Usable(String),
    /// On a host of neither issuer, token endpoint nor vendor: an assertion for it could be
    /// replayed elsewhere (I-14). Refuse, or let the operator confirm.
    Foreign(String),
}

/// What the check of a configuration has found.
#[derive(Debug, Clone)]
pub struct CheckedConfiguration {
    /// The vendor whose table was used or could have been; ask the operator to confirm (D-13).
    pub vendor: Option<Vendor>,
    /// The audience for assertions.
    pub authorization_server: AuthorizationServer,
    /// The origins of endpoints outside of the issuer's, to be shown to the operator and stored
    /// as permitted (D-14).
    pub foreign_origins: Vec<Origin>,
    /// What was odd.
    pub warnings: Vec<Warning>,
}

fn text(members: &Map<String, Value>, name: &str) -> Option<String> {
    let text = members.get(name)?.as_str()?;
    (!text.is_empty()).then(|| text.to_owned())
}

/// A text that people and logs see: without control characters, and not long.
fn words(members: &Map<String, Value>, name: &str) -> Option<String> {
    const MOST: usize = 100;
    let words = clean(members.get(name)?.as_str()?, MOST).trim().to_owned();
    (!words.is_empty()).then_some(words)
}

/// A list of texts; other entries are left out, other types are absent.
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
    warnings: &mut Vec<Warning>,
) -> Option<Vec<SupportedMessage>> {
    let Some(entries) = platform.get("messages_supported").and_then(Value::as_array) else {
        warnings.push(Warning::MissingList("messages_supported"));
        return None;
    };
    if entries.iter().any(Value::is_string) {
        warnings.push(Warning::MessagesAsNames);
    }
    // Old Moodle: placements stand beside the messages and mean the deep linking one.
    let beside = list(platform, "placements").unwrap_or_default();
    let read = |entry: &Value| match entry {
        // Also old Moodle: without the "Request" at the end.
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
