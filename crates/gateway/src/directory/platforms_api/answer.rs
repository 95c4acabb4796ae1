//! A platform as an administrator reads it.

use serde::Serialize;

use super::input::AuthConfig;
use crate::directory::frame_origins::FrameOrigins;
use crate::directory::platforms::Platform;
use crate::directory::room::Directory;
use crate::settings::launch::PlatformRules;
use crate::web::problem::Problem;

/// A platform as an administrator reads it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlatformAnswer {
    id: String,
    url: String,
    client_id: String,
    name: String,
    authentication_endpoint: String,
    accesstoken_endpoint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorization_server: Option<String>,
    auth_config: AuthConfig,
    public_key: String,
    key_delivery: String,
    active: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown_deployments: Option<String>,
    frame_origins: Vec<String>,
    #[serde(skip_serializing_if = "PlatformRules::is_empty")]
    launch: PlatformRules,
    #[serde(skip_serializing_if = "Option::is_none")]
    product_family_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    login_url: String,
    launch_url: String,
    keyset_url: String,
}

impl PlatformAnswer {
    pub(super) async fn new(room: &Directory, platform: Platform) -> Result<Self, Problem> {
        let public = &room.public_url;
        let Platform { row, launch } = platform;
        Ok(Self {
            public_key: room.our_keys.pem_of(&row.id).await?,
            login_url: public.join(&format!("/lti/login/{}", row.id)),
            launch_url: public.join("/lti/launch"),
            keyset_url: public.join(&format!("/lti/keys/{}", row.id)),
            id: row.id,
            url: row.issuer,
            client_id: row.client_id,
            name: row.name,
            authentication_endpoint: row.authorization_endpoint,
            accesstoken_endpoint: row.token_endpoint,
            authorization_server: row.authorization_server,
            auth_config: AuthConfig {
                method: row.key_method,
                key: row.key_value,
            },
            key_delivery: row.key_delivery,
            active: row.active,
            unknown_deployments: row.unknown_deployments,
            frame_origins: FrameOrigins::listed(&row.frame_origins).into_sources(),
            launch,
            product_family_code: row.family,
            version: row.version,
        })
    }
}

/// The platforms of a tool.
#[derive(Serialize)]
pub struct PlatformList {
    pub(super) platforms: Vec<PlatformAnswer>,
}
