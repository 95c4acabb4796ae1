//! The file: what is configured, without anything that comes about by use.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use serde_path_to_error::{Path, Segment};
use store::deployments::{Deployment, DeploymentStatus};
use store::webhooks::WebhookRow;
use studyreel::placement::LearningPath;
use utoipa::ToSchema;

use super::error::{CodeError, Mistake};
use super::nulls::strip_nulls;
use crate::directory::deployments::statuses;
use crate::directory::frame_origins::FrameOrigins;
use crate::directory::platforms::Platform;
use crate::events::EventType;
use crate::kit::shape::in_words;
use crate::settings::grades::PlatformGrades;
use crate::settings::launch::PlatformRules;
use crate::settings::tool::ToolSettings;

/// The version of the format.
pub(super) const FORMAT: u32 = 1;
/// How many unknown members are reported at once: after each the file is read again.
const MOST_MISTAKES: usize = 20;

/// The configuration of an installation, or of one of its tools.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Configuration)]
pub struct InstallationCode {
    /// The version of the format: 1.
    pub(super) format: u32,
    /// The tools, the first one first.
    pub(super) tools: Vec<ToolCode>,
}

/// A tool and its configuration. Members that are left out stay as they are.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ConfiguredTool)]
pub(super) struct ToolCode {
    /// The host name that identifies it; without one it is the first tool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) host: Option<String>,
    /// All its settings. Those that are left out here get their default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<ToolSettings>)]
    pub(super) settings: Option<Value>,
    /// Its platforms, identified by `url` and `clientId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) platforms: Option<Vec<PlatformCode>>,
    /// The learning paths defined with the API, identified by `id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) learning_paths: Option<Vec<LearningPath>>,
    /// Its webhooks, identified by `url`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) webhooks: Option<Vec<WebhookCode>>,
}

/// A platform. Members that are left out get their default.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ConfiguredPlatform)]
pub(super) struct PlatformCode {
    /// The issuer, exactly as in its tokens.
    pub(super) url: String,
    pub(super) client_id: String,
    /// Its name, for people.
    pub(super) name: String,
    /// Whether it may launch; `true` if left out.
    #[serde(default = "yes")]
    pub(super) active: bool,
    /// Where to send logins on to.
    pub(super) authentication_endpoint: String,
    /// Where to get access tokens for its services.
    pub(super) accesstoken_endpoint: String,
    /// The `aud` it expects in requests for access tokens, if that is not the endpoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) authorization_server: Option<String>,
    /// How the platform gets our keys: `url`, or `pasted` if left out.
    #[serde(default = "pasted")]
    pub(super) key_delivery: String,
    /// What happens to deployments seen for the first time: `reject`, `pending` or `auto`; the
    /// tool's setting if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) unknown_deployments: Option<String>,
    /// Origins that may show our pages in a frame, in addition to the platform's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) frame_origins: Vec<String>,
    /// Its keys: their address, or one of them.
    pub(super) auth_config: PlatformKeysCode,
    /// Its own rules for launches.
    #[serde(default, skip_serializing_if = "PlatformRules::is_empty")]
    pub(super) launch: PlatformRules,
    /// Its own rules for deliveries of scores.
    #[serde(default, skip_serializing_if = "PlatformGrades::is_empty")]
    pub(super) grades: PlatformGrades,
    /// Its deployments; left out, they stay as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) deployments: Option<Vec<DeploymentCode>>,
}

/// Where to find a platform's keys, or one of them.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ConfiguredPlatformKeys)]
pub(super) struct PlatformKeysCode {
    /// `JWK_SET` (an address), `JWK_KEY` (one key as JSON) or `RSA_KEY` (one key as PEM).
    pub(super) method: String,
    /// The address or the key.
    pub(super) key: String,
}

/// A deployment of a platform.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ConfiguredDeployment)]
pub(super) struct DeploymentCode {
    /// 1 to 255 printable ASCII characters.
    pub(super) deployment_id: String,
    #[schema(schema_with = statuses)]
    pub(super) status: DeploymentStatus,
}

/// A webhook.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ConfiguredWebhook)]
pub(super) struct WebhookCode {
    /// Where to send messages.
    pub(super) url: String,
    /// Types of the events to send; all of them if left out or empty.
    #[serde(default)]
    pub(super) events: Vec<EventType>,
    /// Whether to send anything; `true` if left out.
    #[serde(default = "yes")]
    pub(super) active: bool,
    /// The secret, sealed by an installation with the same secret key. Without it, a new webhook
    /// gets a new secret, and an existing one keeps its secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) secret: Option<String>,
}

fn yes() -> bool {
    true
}

fn pasted() -> String {
    "pasted".to_owned()
}

/// Removes a member. Returns whether it was there.
fn remove(value: &mut Value, path: &Path) -> bool {
    let mut node = value;
    let mut segments = path.iter().peekable();
    while let Some(segment) = segments.next() {
        let next = match (segment, node) {
            (Segment::Map { key }, Value::Object(members)) => {
                if segments.peek().is_none() {
                    return members.remove(key).is_some();
                }
                members.get_mut(key)
            }
            (Segment::Seq { index }, Value::Array(items)) => items.get_mut(*index),
            _ => None,
        };
        let Some(next) = next else {
            return false;
        };
        node = next;
    }
    false
}

impl InstallationCode {
    /// Reads a configuration. Nulls count as absent.
    ///
    /// # Errors
    /// The paths of members that are unknown, and of the first that is malformed.
    pub fn from_json(mut value: Value) -> Result<Self, CodeError> {
        strip_nulls(&mut value);
        let mut mistakes = Vec::new();
        loop {
            let error = match serde_path_to_error::deserialize::<_, Self>(&value) {
                Ok(code) if mistakes.is_empty() => return code.checked(),
                Ok(_) => return Err(CodeError::Wrong(mistakes)),
                Err(error) => error,
            };
            let at = match error.path().to_string() {
                at if at == "." => String::new(),
                at => at,
            };
            mistakes.push(Mistake::new(at, in_words(error.inner())));
            // Without it, the rest of the file can be read; without a malformed one, it would only
            // be missing.
            let is_unknown = error.inner().to_string().starts_with("unknown field ");
            let goes_on = is_unknown && mistakes.len() < MOST_MISTAKES;
            if !goes_on || !remove(&mut value, error.path()) {
                return Err(CodeError::Wrong(mistakes));
            }
        }
    }

    /// Checks that this version understands the format.
    ///
    /// # Errors
    /// It doesn't.
    pub(super) fn checked(self) -> Result<Self, CodeError> {
        if self.format == FORMAT {
            return Ok(self);
        }
        let problem = format!("must be {FORMAT}: this version of Hallpass reads no other");
        Err(CodeError::mistake("format", problem))
    }

    /// The configuration of these tools.
    pub(super) fn of(tools: Vec<ToolCode>) -> Self {
        Self {
            format: FORMAT,
            tools,
        }
    }
}

impl PlatformCode {
    /// A stored platform, without its deployments.
    pub(super) fn of(platform: &Platform) -> Self {
        let row = &platform.row;
        Self {
            url: row.issuer.clone(),
            client_id: row.client_id.clone(),
            name: row.name.clone(),
            active: row.active,
            authentication_endpoint: row.authorization_endpoint.clone(),
            accesstoken_endpoint: row.token_endpoint.clone(),
            authorization_server: row.authorization_server.clone(),
            key_delivery: row.key_delivery.clone(),
            unknown_deployments: row.unknown_deployments.clone(),
            frame_origins: FrameOrigins::listed(&row.frame_origins).into_sources(),
            auth_config: PlatformKeysCode {
                method: row.key_method.as_str().to_owned(),
                key: row.key_value.clone(),
            },
            launch: platform.launch.clone(),
            grades: platform.grades.clone(),
            deployments: None,
        }
    }

    /// The body of a request to the API, with every member: what is left out of the file goes back
    /// to its default.
    pub(super) fn members(&self) -> Map<String, Value> {
        let mut members = match serde_json::to_value(self) {
            Ok(Value::Object(members)) => members,
            _ => Map::new(),
        };
        members.remove("deployments");
        for name in [
            "authorizationServer",
            "unknownDeployments",
            "frameOrigins",
            "launch",
            "grades",
        ] {
            members.entry(name).or_insert(Value::Null);
        }
        members
    }
}

impl From<Deployment> for DeploymentCode {
    fn from(row: Deployment) -> Self {
        Self {
            deployment_id: row.deployment_id,
            status: row.status,
        }
    }
}

impl WebhookCode {
    /// A stored webhook, without its secret.
    pub(super) fn of(row: &WebhookRow) -> Self {
        let types = row.types.split_whitespace();
        Self {
            url: row.url.clone(),
            events: types.filter_map(EventType::named).collect(),
            active: row.active,
            secret: None,
        }
    }
}
