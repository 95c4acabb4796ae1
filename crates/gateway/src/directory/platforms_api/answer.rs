//! A platform as administrators see it.

use serde::Serialize;
use utoipa::ToSchema;

use super::input::AuthConfig;
use crate::directory::frame_origins::FrameOrigins;
use crate::directory::platforms::Platform;
use crate::settings::grades::PlatformGrades;
use crate::settings::launch::PlatformRules;
use crate::settings::public_url::PublicUrl;

/// A platform as administrators see it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Platform)]
pub(crate) struct PlatformAnswer {
    pub(crate) id: String,
    /// The issuer.
    pub(crate) url: String,
    pub(crate) client_id: String,
    pub(crate) name: String,
    /// Where to send logins on to.
    pub(crate) authentication_endpoint: String,
    /// Where to get access tokens for its services.
    pub(crate) accesstoken_endpoint: String,
    /// The `aud` it expects in requests for access tokens, if that is not the endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) authorization_server: Option<String>,
    pub(crate) auth_config: AuthConfig,
    /// Our key for this platform, as PEM.
    pub(crate) public_key: String,
    /// How the platform gets our keys: `url` if it reads `keysetUrl` itself, `pasted` if an
    /// administrator enters them, who then has to know about new ones.
    pub(crate) key_delivery: String,
    /// Whether it may launch.
    pub(crate) active: bool,
    /// What happens to deployments seen for the first time: `reject`, `pending` or `auto`. If
    /// absent, the tool's setting applies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) unknown_deployments: Option<String>,
    /// Origins that may show our pages in a frame, in addition to the platform's own.
    pub(crate) frame_origins: Vec<String>,
    /// Its own rules for launches.
    #[serde(skip_serializing_if = "PlatformRules::is_empty")]
    pub(crate) launch: PlatformRules,
    /// Its own rules for deliveries of scores.
    #[serde(skip_serializing_if = "PlatformGrades::is_empty")]
    pub(crate) grades: PlatformGrades,
    /// Such as `moodle`, if its registration said so or, failing that, a launch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) product_family_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<String>,
    /// Our login address for this platform alone.
    pub(crate) login_url: String,
    pub(crate) launch_url: String,
    /// Our public keys for this platform alone.
    pub(crate) keyset_url: String,
    /// Things that were stored as sent but are probably mistakes; only in the answer to the request
    /// that stored them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) warnings: Vec<&'static str>,
}

impl PlatformAnswer {
    pub(super) fn new(public: &PublicUrl, platform: Platform, public_key: String) -> Self {
        let Platform {
            row,
            launch,
            grades,
        } = platform;
        Self {
            public_key,
            warnings: Vec::new(),
            login_url: public.join(&format!("/lti/login/{}", row.address_id())),
            launch_url: public.join("/lti/launch"),
            keyset_url: public.join(&format!("/lti/keys/{}", row.address_id())),
            id: row.id,
            url: row.issuer,
            client_id: row.client_id,
            name: row.name,
            authentication_endpoint: row.authorization_endpoint,
            accesstoken_endpoint: row.token_endpoint,
            authorization_server: row.authorization_server,
            auth_config: AuthConfig {
                method: row.key_method.as_str().to_owned(),
                key: row.key_value,
            },
            key_delivery: row.key_delivery,
            active: row.active,
            unknown_deployments: row.unknown_deployments,
            frame_origins: FrameOrigins::listed(&row.frame_origins).into_sources(),
            launch,
            grades,
            product_family_code: row.family,
            version: row.version,
        }
    }
}

/// The platforms of a tool.
#[derive(Serialize, ToSchema)]
pub(crate) struct PlatformList {
    pub(super) platforms: Vec<PlatformAnswer>,
    /// The `cursor` of the next page, if there is one.
    #[serde(rename = "nextCursor", skip_serializing_if = "Option::is_none")]
    pub(super) next_cursor: Option<String>,
}
