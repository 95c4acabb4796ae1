//! How platforms get in and what the tool asks of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;
use utoipa::ToSchema;

/// Which services of LTI Advantage the tool uses.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Services {
    /// Teachers choose content in the tool.
    pub deep_linking: bool,
    /// Rosters.
    pub names_and_roles: bool,
    /// Line items and scores.
    pub assignment_and_grades: bool,
    /// Groups of a course.
    pub groups: bool,
}

impl Default for Services {
    fn default() -> Self {
        Self {
            deep_linking: true,
            names_and_roles: true,
            assignment_and_grades: true,
            // Few platforms have them, and a scope that isn't needed is one that an administrator wonders about.
            groups: false,
        }
    }
}

/// How LMSs get in.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(as = RegistrationSettings)]
pub struct RegistrationSettings {
    /// Whether dynamic registration works at all.
    pub enabled: bool,
    /// Whether the plain registration URL works; otherwise only invite links do.
    pub open: bool,
    /// Whether a new platform may launch at once.
    pub auto_activate: bool,
    /// Whether the administrator confirms on a page of ours first.
    pub confirm: bool,
    /// The tool's own approval page.
    pub pre_approval: PreApproval,
}

impl Default for RegistrationSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            open: true,
            auto_activate: false,
            confirm: false,
            pre_approval: PreApproval::default(),
        }
    }
}

/// The tool's own approval page.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PreApproval {
    /// Whether registrations wait for the tool's word.
    pub enabled: bool,
    /// Where the administrator's browser is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<Url>,
}

/// One message the tool wants to receive.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ToolMessage)]
pub struct MessageSettings {
    /// Message type, such as `LtiResourceLinkRequest`.
    #[serde(rename = "type")]
    pub message_type: String,
    /// Where in the LMS.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub placements: Vec<String>,
    /// The words on the button.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The button's picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon_url: Option<Url>,
    /// Where on this service it leads, such as `/lti/launch?page=quiz`; `/lti/launch` where it isn't set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_path: Option<String>,
    /// Roles that see it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// Custom parameters of this message.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub custom_parameters: BTreeMap<String, String>,
    /// Vendor members, such as `https://canvas.instructure.com/lti/display_type`; those of Canvas are sent to Canvas
    /// only.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extensions: BTreeMap<String, Value>,
}

impl MessageSettings {
    /// A message of this type with nothing further said.
    pub fn new(message_type: String) -> Self {
        Self {
            message_type,
            placements: Vec::new(),
            label: None,
            icon_url: None,
            target_path: None,
            roles: Vec::new(),
            custom_parameters: BTreeMap::new(),
            extensions: BTreeMap::new(),
        }
    }

    /// Checks what can be wrong with one message.
    ///
    /// # Errors
    /// The member and what is wrong.
    pub fn check(&self) -> Result<(), String> {
        if lti::message::MessageType::from_name(&self.message_type)
            .is_none_or(|kind| !kind.is_supported())
        {
            return Err("type: must be LtiResourceLinkRequest, LtiDeepLinkingRequest or LtiSubmissionReviewRequest".into());
        }
        let path = self.target_path.as_deref().unwrap_or("/lti/launch");
        if path.split('?').next() != Some("/lti/launch")
            || path.contains(['#', '\\'])
            || path.contains(char::is_whitespace)
        {
            return Err("targetPath: must be /lti/launch, with a query if need be".into());
        }
        check_parameters(&self.custom_parameters)
    }
}

/// Moodle keeps custom parameters one a line, name and value on either side of the first `=`.
pub(super) fn check_parameters(parameters: &BTreeMap<String, String>) -> Result<(), String> {
    let bad = parameters.iter().find(|(name, value)| {
        name.is_empty() || name.contains(['=', '\n', '\r']) || value.contains(['\n', '\r'])
    });
    bad.map_or(Ok(()), |(name, _)| Err(format!("customParameters.{name}: names and values must not contain line breaks, nor names an equals sign")))
}
