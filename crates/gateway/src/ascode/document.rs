//! The file. It contains what is configured, and nothing that results from use.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::deployments::{Deployment, DeploymentStatus};
use store::webhooks::WebhookRow;
use studyreel::placement::LearningPath;
use utoipa::ToSchema;

use super::error::CodeError;
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

/// The configuration of an installation, or of one of its tools.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = Configuration)]
pub struct InstallationCode {
    /// The version of the format: 1.
    pub(super) format: u32,
    /// The tools, the first tool first.
    pub(super) tools: Vec<ToolCode>,
}

/// The configuration of a tool. A member that is left out stays unchanged.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ConfiguredTool)]
pub(super) struct ToolCode {
    /// Its host name; without one it is the first tool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) host: Option<String>,
    /// All its settings. A setting that is left out gets its default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<ToolSettings>)]
    pub(super) settings: Option<Value>,
    /// Its platforms, identified by `url` and `clientId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) platforms: Option<Vec<PlatformCode>>,
    /// The learning paths defined by the API, identified by `id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) learning_paths: Option<Vec<LearningPath>>,
    /// Its webhooks, identified by `url`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) webhooks: Option<Vec<WebhookCode>>,
}

/// A platform. Members that are left out get their defaults.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ConfiguredPlatform)]
pub(super) struct PlatformCode {
    /// The issuer, exactly as in its tokens.
    pub(super) url: String,
    pub(super) client_id: String,
    /// Its name for people.
    pub(super) name: String,
    /// Whether it is active; `true` if left out.
    #[serde(default = "yes")]
    pub(super) active: bool,
    /// Where logins are redirected.
    pub(super) authentication_endpoint: String,
    /// Where to get access tokens for its services.
    pub(super) accesstoken_endpoint: String,
    /// The `aud` that it expects in requests for access tokens, if that is not the endpoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) authorization_server: Option<String>,
    /// How the platform gets our keys: `url`, or `pasted`, the default.
    #[serde(default = "pasted")]
    pub(super) key_delivery: String,
    /// What happens to deployments seen for the first time: `reject`, `pending` or `auto`; the tool's setting if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) unknown_deployments: Option<String>,
    /// Origins that may frame our pages, in addition to the platform's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) frame_origins: Vec<String>,
    /// The address of its keys, or one key.
    pub(super) auth_config: PlatformKeysCode,
    /// Its own rules for launches.
    #[serde(default, skip_serializing_if = "PlatformRules::is_empty")]
    pub(super) launch: PlatformRules,
    /// Its own rules for deliveries of scores.
    #[serde(default, skip_serializing_if = "PlatformGrades::is_empty")]
    pub(super) grades: PlatformGrades,
    /// Its deployments; if left out, they stay unchanged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) deployments: Option<Vec<DeploymentCode>>,
}

/// The address of a platform's keys, or one key.
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
    /// Where messages are sent.
    pub(super) url: String,
    /// The types of events to send; all if left out or empty.
    #[serde(default)]
    pub(super) events: Vec<EventType>,
    /// Whether messages are sent; `true` if left out.
    #[serde(default = "yes")]
    pub(super) active: bool,
    /// The secret, sealed by an installation with the same secret key. Without one, a new webhook gets a new secret,
    /// and an existing one keeps its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) secret: Option<String>,
}

fn yes() -> bool {
    true
}

fn pasted() -> String {
    "pasted".to_owned()
}

impl InstallationCode {
    /// Reads a configuration. Nulls count as absent.
    ///
    /// # Errors
    /// The first member that is unknown or has the wrong form, and where it is.
    pub fn from_json(mut value: Value) -> Result<Self, CodeError> {
        strip_nulls(&mut value);
        let read: Result<Self, _> = serde_path_to_error::deserialize(value);
        let code = read.map_err(|error| {
            let problem = in_words(error.inner());
            match error.path().to_string().as_str() {
                "." => CodeError::mistake("", problem),
                at => CodeError::mistake(at, problem),
            }
        })?;
        code.checked()
    }

    /// Checks that this version understands it.
    ///
    /// # Errors
    /// It has a different format.
    pub(super) fn checked(self) -> Result<Self, CodeError> {
        if self.format == FORMAT {
            return Ok(self);
        }
        let problem = format!("must be {FORMAT}: this version of Hallpass reads no other");
        Err(CodeError::mistake("format", problem))
    }

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

    /// The request to the API with every member, so that members left out here return to their defaults.
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

/// Removes members that are null. TOML has no null, and leaving them out means the same.
pub(super) fn strip_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(strip_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(strip_nulls),
        _ => {}
    }
}
