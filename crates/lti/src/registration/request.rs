//! The tool's registration request (D.3).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use url::Url;

use super::configuration::PlatformConfiguration;
use super::tool_message::{ToolMessage, Visibility};
use super::vendor::Family;
use super::wishes::{PrivacyLevel, WantedServices};
use crate::claims::name::TOOL_CONFIGURATION;
use crate::message::MessageType;

const CANVAS: &str = "https://canvas.instructure.com/lti/";

/// Why no request can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// `target_link_uri` is not an absolute address with a host.
    #[error("the tool's target address is not an absolute web address")]
    BadTarget,
    /// The platform supports none of the messages that the tool wants.
    #[error("the platform supports none of the messages this tool can receive")]
    NoCommonMessage,
}

/// The registration the tool wants, regardless of what the platform supports.
#[derive(Debug, Clone, Default)]
pub struct ToolRegistration {
    /// The tool's name.
    pub name: String,
    /// The name in other languages, by language tag (D-22).
    pub localized_names: BTreeMap<String, String>,
    /// A short description.
    pub description: Option<String>,
    /// The address for login initiations.
    pub initiate_login_uri: String,
    /// Every address that launches may be posted to.
    pub redirect_uris: Vec<String>,
    /// The address of our keys. It must already be reachable (D.3).
    pub jwks_uri: String,
    /// The default target of links. Its host and port become the tool's domain.
    pub target_link_uri: String,
    /// The target of deep linking requests. If absent, the tool doesn't support deep linking.
    pub deep_linking_uri: Option<String>,
    /// Other hosts that serve the tool.
    pub secondary_domains: Vec<String>,
    /// Address of a picture to show beside the tool's name.
    pub logo_uri: Option<String>,
    /// The tool's home page.
    pub client_uri: Option<String>,
    /// The privacy policy.
    pub policy_uri: Option<String>,
    /// The terms of service.
    pub tos_uri: Option<String>,
    /// Contact e-mail addresses.
    pub contacts: Vec<String>,
    /// The messages. If empty: a resource link, and deep linking if there is an address for it.
    pub messages: Vec<ToolMessage>,
    /// Custom parameters of all launches. A value of the form `$Name` is a variable.
    pub custom_parameters: BTreeMap<String, String>,
    /// What the tool wants to know about people.
    pub privacy: PrivacyLevel,
    /// The services that the tool wants to use.
    pub services: WantedServices,
    /// Vendor members of the tool configuration; Canvas's are sent only to Canvas.
    pub extensions: BTreeMap<String, Value>,
}

impl ToolRegistration {
    /// A tool whose launches are posted to its target. Set the other fields as needed.
    #[must_use]
    pub fn new(
        name: impl Into<String>,
        target_link_uri: impl Into<String>,
        initiate_login_uri: impl Into<String>,
        jwks_uri: impl Into<String>,
    ) -> Self {
        let target_link_uri = target_link_uri.into();
        Self {
            name: name.into(),
            redirect_uris: vec![target_link_uri.clone()],
            target_link_uri,
            initiate_login_uri: initiate_login_uri.into(),
            jwks_uri: jwks_uri.into(),
            ..Self::default()
        }
    }

    /// The request's body, reduced to what the platform supports (D-20, D-21).
    ///
    /// # Errors
    ///
    /// [`RequestError`].
    pub fn request(&self, platform: &PlatformConfiguration) -> Result<Value, RequestError> {
        let messages = self.messages(platform);
        if messages.is_empty() {
            return Err(RequestError::NoCommonMessage);
        }
        let canvas = platform.family() == Family::Canvas;
        let mut tool = Map::new();
        tool.insert("domain".to_owned(), json!(self.domain()?));
        put_list(&mut tool, "secondary_domains", &self.secondary_domains);
        put(&mut tool, "description", self.description.as_deref());
        put(&mut tool, "target_link_uri", Some(&self.target_link_uri));
        put_map(
            &mut tool,
            "custom_parameters",
            parameters(&self.custom_parameters, platform),
        );
        tool.insert("claims".to_owned(), json!(self.claims(platform)));
        tool.insert("messages".to_owned(), Value::Array(messages));
        if canvas {
            tool.insert(format!("{CANVAS}privacy_level"), json!(self.privacy.name()));
        }
        put_extensions(&mut tool, &self.extensions, canvas);

        let mut body = Map::new();
        for (name, value) in [
            ("application_type", json!("web")),
            ("response_types", json!(["id_token"])),
            ("grant_types", json!(["implicit", "client_credentials"])),
            ("initiate_login_uri", json!(self.initiate_login_uri)),
            ("redirect_uris", json!(self.redirect_uris)),
            ("client_name", json!(self.name)),
            ("jwks_uri", json!(self.jwks_uri)),
            ("token_endpoint_auth_method", json!("private_key_jwt")),
            ("scope", json!(self.scopes(platform).join(" "))),
        ] {
            body.insert(name.to_owned(), value);
        }
        for (language, name) in &self.localized_names {
            body.insert(format!("client_name#{language}"), json!(name));
        }
        put(&mut body, "logo_uri", self.logo_uri.as_deref());
        put(&mut body, "client_uri", self.client_uri.as_deref());
        put(&mut body, "policy_uri", self.policy_uri.as_deref());
        put(&mut body, "tos_uri", self.tos_uri.as_deref());
        put_list(&mut body, "contacts", &self.contacts);
        body.insert(TOOL_CONFIGURATION.to_owned(), Value::Object(tool));
        Ok(Value::Object(body))
    }

    /// The domain: the target's host, and its port unless it is the default. Moodle refuses
    /// anything else, even a parent domain.
    ///
    /// # Errors
    ///
    /// [`RequestError::BadTarget`].
    pub fn domain(&self) -> Result<String, RequestError> {
        let url = Url::parse(&self.target_link_uri).map_err(|_| RequestError::BadTarget)?;
        let host = url.host_str().ok_or(RequestError::BadTarget)?;
        Ok(match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        })
    }

    /// The scopes to ask this platform for.
    ///
    /// A list without a single LTI scope (Sakai: `["openid"]`) says nothing about services, so
    /// everything is requested.
    #[must_use]
    pub fn scopes(&self, platform: &PlatformConfiguration) -> Vec<&'static str> {
        let known = platform.scopes_supported.as_deref().unwrap_or_default();
        let telling = known
            .iter()
            .any(|scope| scope.starts_with("https://purl.imsglobal.org/spec/lti"));
        self.services
            .scopes()
            .filter(|wanted| !telling || known.iter().any(|scope| scope == wanted))
            .collect()
    }

    /// The claims to ask this platform for. A list without any claim about people (Sakai, ILIAS:
    /// `["iss","aud"]`) says nothing either.
    fn claims(&self, platform: &PlatformConfiguration) -> Vec<&'static str> {
        let known = platform.claims_supported.as_deref().unwrap_or_default();
        let telling = known
            .iter()
            .any(|claim| matches!(claim.as_str(), "name" | "given_name" | "email"));
        self.privacy
            .claims()
            .iter()
            .copied()
            .filter(|wanted| {
                !telling
                    || matches!(*wanted, "iss" | "sub")
                    || known.iter().any(|claim| claim == wanted)
            })
            .collect()
    }

    fn messages(&self, platform: &PlatformConfiguration) -> Vec<Value> {
        let usual = [
            Some(MessageType::ResourceLink),
            self.deep_linking_uri
                .as_ref()
                .map(|_| MessageType::DeepLinking),
        ];
        let usual: Vec<ToolMessage> = usual.into_iter().flatten().map(ToolMessage::new).collect();
        let wanted = if self.messages.is_empty() {
            &usual
        } else {
            &self.messages
        };
        // An empty list means "does not say", because every platform supports something.
        let known = platform
            .messages
            .as_deref()
            .filter(|messages| !messages.is_empty());
        let canvas = platform.family() == Family::Canvas;
        let mut messages = Vec::new();
        for message in wanted {
            let name = message.message_type.name();
            let mut listed = known.into_iter().flatten();
            let placements: &[String] = match listed.find(|known| known.message_type == name) {
                Some(supported) => &supported.placements,
                None if known.is_none() => &[],
                None => continue,
            };
            if !canvas || message.placement_details.is_empty() {
                messages.push(self.message(message, placements, platform));
                continue;
            }
            // Canvas shows a message without placements among its links, so a message is not sent
            // if Canvas lacks its placement.
            let placed = message.by_placement().into_iter().filter(|message| {
                let mut wanted = message.placements.iter();
                wanted.any(|wanted| is_placement(wanted, placements, canvas))
            });
            messages.extend(placed.map(|message| self.message(&message, placements, platform)));
        }
        messages
    }

    fn message(
        &self,
        message: &ToolMessage,
        placements: &[String],
        platform: &PlatformConfiguration,
    ) -> Value {
        let canvas = platform.family() == Family::Canvas;
        let own = match message.message_type {
            MessageType::DeepLinking => self.deep_linking_uri.as_ref(),
            _ => None,
        };
        // Always sent, because ILIAS fails without it.
        let target = message
            .target_link_uri
            .as_ref()
            .or(own)
            .unwrap_or(&self.target_link_uri);
        let mut members = Map::new();
        put(&mut members, "type", Some(message.message_type.name()));
        put(&mut members, "target_link_uri", Some(target));
        put(&mut members, "label", message.label.as_deref());
        put(&mut members, "icon_uri", message.icon_uri.as_deref());
        let custom = parameters(&message.custom_parameters, platform);
        put_map(&mut members, "custom_parameters", custom);
        let placed: Vec<String> = message
            .placements
            .iter()
            .filter(|wanted| is_placement(wanted, placements, canvas))
            .cloned()
            .collect();
        put_list(&mut members, "placements", &placed);
        put_list(&mut members, "roles", &message.roles);
        put_extensions(&mut members, &message.extensions, canvas);
        if canvas {
            put_canvas(&mut members, message);
        }
        Value::Object(members)
    }
}

/// Whether a platform lists this placement. If it lists none, it has said nothing, and may refuse
/// or misread placements it doesn't know (D-20). Canvas accepts the two standard names and prefixed
/// names, although it lists only its own bare ones.
fn is_placement(wanted: &str, listed: &[String], canvas: bool) -> bool {
    let bare = match wanted {
        "ContentArea" if canvas => "link_selection",
        "RichTextEditor" if canvas => "editor_button",
        _ if canvas => wanted.strip_prefix(CANVAS).unwrap_or(wanted),
        _ => wanted,
    };
    listed.iter().any(|known| known == wanted || known == bare)
}

/// Custom parameters, minus those with variables that the platform lacks (D-21). An empty list of
/// variables means "does not say".
fn parameters(
    wanted: &BTreeMap<String, String>,
    platform: &PlatformConfiguration,
) -> Map<String, Value> {
    let known = platform
        .variables
        .as_deref()
        .filter(|variables| !variables.is_empty());
    wanted
        .iter()
        .filter(|(_, value)| match (value.strip_prefix('$'), known) {
            (Some(variable), Some(known)) => known.iter().any(|name| name == variable),
            _ => true,
        })
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect()
}

/// Sets who sees the link, and whether it starts out enabled in courses. This overrides an
/// extension of the same name.
fn put_canvas(members: &mut Map<String, Value>, message: &ToolMessage) {
    let visibility = message.visibility.map(Visibility::name);
    put(members, &format!("{CANVAS}visibility"), visibility);
    if let Some(enabled) = message.default_enabled {
        let name = format!("{CANVAS}course_navigation/default_enabled");
        members.insert(name, json!(enabled));
    }
}

fn put(members: &mut Map<String, Value>, name: &str, value: Option<&str>) {
    if let Some(value) = value.filter(|value| !value.is_empty()) {
        members.insert(name.to_owned(), json!(value));
    }
}

fn put_list(members: &mut Map<String, Value>, name: &str, list: &[String]) {
    if !list.is_empty() {
        members.insert(name.to_owned(), json!(list));
    }
}

fn put_map(members: &mut Map<String, Value>, name: &str, map: Map<String, Value>) {
    if !map.is_empty() {
        members.insert(name.to_owned(), Value::Object(map));
    }
}

fn put_extensions(
    members: &mut Map<String, Value>,
    extensions: &BTreeMap<String, Value>,
    canvas: bool,
) {
    for (name, value) in extensions {
        if canvas || !name.starts_with(CANVAS) {
            members.insert(name.clone(), value.clone());
        }
    }
}
