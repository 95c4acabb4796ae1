//! Settings of an invite, or of the tool's approval, that override the tool's settings.

use lti::registration::PrivacyLevel;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::settings::launch::UnknownDeployments;
use crate::settings::messages::MessageSettings;
use crate::settings::tool::privacy_levels;

/// How a registration is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RegistrationMode)]
pub(super) enum Decision {
    /// The platform may launch at once.
    Automatic,
    /// The platform starts out inactive.
    Approval,
    /// The tool's own page decides.
    PreApproval,
}

/// Settings of an invite, or of the tool's approval, that override the tool's settings.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Preset {
    /// How it is decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mode: Option<Decision>,
    /// Whether the administrator must confirm first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) confirm: Option<bool>,
    /// How much personal data to request.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = privacy_levels)]
    pub(super) privacy_level: Option<PrivacyLevel>,
    /// The platform's display name here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) platform_name: Option<String>,
    /// What happens to deployments that launch for the first time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) unknown_deployments: Option<UnknownDeployments>,
    /// Messages to ask for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) messages: Option<Vec<MessageSettings>>,
    /// Whether the platform may launch at once, whatever the mode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) auto_activate: Option<bool>,
}
