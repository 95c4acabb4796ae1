//! A platform as an administrator sends it.

mod check;

use axum::body::Bytes;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use store::StoreError;
use store::platforms::{KeyDelivery, PlatformRow};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, SchemaType, Type};

use crate::directory::frame_origins::{FrameOrigins, OriginListProblem};
use crate::directory::platforms::Platform;
use crate::kit::shape::in_words;
use crate::settings::grades::PlatformGrades;
use crate::settings::launch::{PlatformRules, UnknownDeployments};
use crate::web::json::json_object;
use crate::web::problem::Problem;
use crate::web::wrong_member::WrongMember;

/// A platform to store. A missing member reads as empty, so that it is reported together with all
/// others that are wrong.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PlatformInput {
    /// The issuer, exactly as in its tokens.
    #[serde(default, deserialize_with = "unless_null")]
    #[schema(required = true)]
    url: String,
    #[serde(default, deserialize_with = "unless_null")]
    #[schema(required = true)]
    client_id: String,
    /// Its name, for people.
    #[serde(default, deserialize_with = "unless_null")]
    #[schema(required = true)]
    name: String,
    /// Where to send logins on to.
    #[serde(default, deserialize_with = "unless_null")]
    #[schema(required = true)]
    authentication_endpoint: String,
    /// Where to get access tokens for its services.
    #[serde(default, deserialize_with = "unless_null")]
    #[schema(required = true)]
    accesstoken_endpoint: String,
    #[serde(default, deserialize_with = "unless_null")]
    #[schema(required = true)]
    auth_config: AuthConfig,
    /// The `aud` it expects in requests for access tokens, if that is not the endpoint. `null`
    /// removes it; if absent, it stays as it is, because LTIAAS's clients don't know it.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    authorization_server: Sent<String>,
    /// Whether it may launch.
    active: Option<bool>,
    /// What happens to deployments seen for the first time. `null` means the tool's setting; if
    /// absent, it stays as it is.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<UnknownDeployments>)]
    unknown_deployments: Sent<UnknownDeployments>,
    /// How the platform gets our keys.
    #[schema(schema_with = key_deliveries)]
    #[serde(default, deserialize_with = "said")]
    key_delivery: Sent<KeyDelivery>,
    /// Origins that may show our pages in a frame, in addition to the platform's own: at most 50,
    /// and 1,536 bytes together. `null` removes them; if absent, they stay as they are.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<Vec<String>>)]
    frame_origins: Sent<Vec<String>>,
    /// Its own rules for launches. `null` removes them; if absent, they stay as they are.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<PlatformRules>)]
    launch: Sent<PlatformRules>,
    /// Its own rules for deliveries of scores. `null` removes them; if absent, they stay as they
    /// are.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<PlatformGrades>)]
    grades: Sent<PlatformGrades>,
    /// Members of the wrong type.
    #[serde(skip)]
    misshapen: Vec<WrongMember>,
}

/// A member that LTIAAS's clients don't know: `None` if it is absent, `Some(None)` if it is `null`.
type Sent<T> = Option<Option<T>>;

fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(value: D) -> Result<Sent<T>, D::Error> {
    Option::deserialize(value).map(Some)
}

/// For all other members, null means absent.
fn unless_null<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    value: D,
) -> Result<T, D::Error> {
    Option::deserialize(value).map(Option::unwrap_or_default)
}

/// Where to find a platform's keys, or one of them.
#[derive(Clone, Default, Serialize, Deserialize, ToSchema)]
pub(crate) struct AuthConfig {
    /// `JWK_SET` (an address), `JWK_KEY` (one key as JSON) or `RSA_KEY` (one key as PEM).
    #[serde(default, deserialize_with = "unless_null")]
    #[schema(required = true)]
    pub(crate) method: String,
    /// The address or the key.
    #[serde(default, deserialize_with = "unless_null")]
    #[schema(required = true)]
    pub(crate) key: String,
}

fn key_deliveries() -> Object {
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .description(Some("`url` if it reads `keysetUrl` by itself, `pasted` by an administrator, which is assumed at first."))
        .enum_values(Some(["url", "pasted"].map(Value::from).into_iter().chain([Value::Null])))
        .build()
}

impl PlatformInput {
    /// Parses a body. A member of the wrong type is recorded and skipped, so that it is reported
    /// together with everything else that is wrong.
    ///
    /// # Errors
    /// Not a JSON object.
    pub(super) fn read(body: &Bytes) -> Result<Self, Problem> {
        let mut members = json_object(body)?;
        let mut misshapen = Vec::new();
        loop {
            let read = serde_path_to_error::deserialize(Value::Object(members.clone()));
            let error = match read {
                Ok(input) => {
                    let input = Self { misshapen, ..input };
                    return Ok(input.trimmed());
                }
                Err(error) => error,
            };
            let problem = in_words(error.inner());
            let wrong = WrongMember::new(error.path().to_string(), problem);
            if members.shift_remove(wrong.top()).is_none() {
                return Err(Problem::wrong_body(wrong.message));
            }
            misshapen.push(wrong);
        }
    }

    /// Without the blanks that copying from a page often adds.
    fn trimmed(mut self) -> Self {
        let texts = [
            &mut self.url,
            &mut self.client_id,
            &mut self.name,
            &mut self.authentication_endpoint,
            &mut self.accesstoken_endpoint,
            &mut self.auth_config.method,
            &mut self.auth_config.key,
        ];
        for text in texts {
            if text.trim().len() < text.len() {
                *text = text.trim().to_owned();
            }
        }
        if let Some(Some(server)) = &mut self.authorization_server {
            *server = server.trim().to_owned();
        }
        self
    }

    fn listed_origins(&self) -> Result<FrameOrigins, OriginListProblem> {
        let listed = self.frame_origins.as_ref().and_then(Option::as_deref);
        FrameOrigins::parse(listed.unwrap_or_default())
    }

    /// What to store in place of the current platform. Members that the request leaves out stay.
    pub(super) fn replacing(self, before: &Platform, now_ms: i64) -> Result<Platform, StoreError> {
        let keeps_server = self.authorization_server.is_none();
        let keeps_policy = self.unknown_deployments.is_none();
        let keeps_delivery = self.key_delivery.is_none();
        let keeps_origins = self.frame_origins.is_none();
        let keeps_rules = self.launch.is_none();
        let keeps_grades = self.grades.is_none();
        let (id, tool_id) = (before.id.clone(), before.tool_id.clone());
        let mut platform = self.into_platform(id, tool_id, before.active, now_ms)?;
        if keeps_server {
            platform
                .authorization_server
                .clone_from(&before.authorization_server);
        }
        if keeps_policy {
            platform
                .unknown_deployments
                .clone_from(&before.unknown_deployments);
        }
        if keeps_delivery {
            platform.key_delivery.clone_from(&before.key_delivery);
        }
        if keeps_origins {
            platform.frame_origins.clone_from(&before.frame_origins);
        }
        if keeps_rules {
            platform.launch.clone_from(&before.launch);
        }
        if keeps_grades {
            platform.grades.clone_from(&before.grades);
        }
        Ok(platform)
    }

    /// A platform made from the request alone.
    pub(super) fn into_platform(
        self,
        id: String,
        tool_id: String,
        active: bool,
        now_ms: i64,
    ) -> Result<Platform, StoreError> {
        let frame_origins = self.listed_origins().unwrap_or_default();
        let rules = self.launch.flatten().unwrap_or_default().to_text();
        let grades = self.grades.flatten().unwrap_or_default().to_text();
        Platform::try_from(PlatformRow {
            id,
            tool_id,
            issuer: self.url,
            client_id: self.client_id,
            name: self.name,
            authorization_endpoint: self.authentication_endpoint,
            token_endpoint: self.accesstoken_endpoint,
            authorization_server: self
                .authorization_server
                .flatten()
                .filter(|server| !server.is_empty()),
            key_method: self.auth_config.method.try_into()?,
            key_value: self.auth_config.key,
            // The administrator may have pasted our key at the platform, so this stays until they
            // say otherwise.
            key_delivery: self
                .key_delivery
                .flatten()
                .unwrap_or(KeyDelivery::Pasted)
                .as_str()
                .to_owned(),
            family: None,
            version: None,
            scopes: String::new(),
            unknown_deployments: self
                .unknown_deployments
                .flatten()
                .map(|policy| policy.as_str().to_owned()),
            frame_origins: frame_origins.policy(),
            addressed_as: None,
            launch_rules: rules.map_err(|error| StoreError::Corrupt(error.to_string()))?,
            grade_rules: grades.map_err(|error| StoreError::Corrupt(error.to_string()))?,
            active: self.active.unwrap_or(active),
            created_at: now_ms,
            updated_at: now_ms,
        })
    }
}
