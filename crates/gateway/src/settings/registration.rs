//! How platforms register, and what the tool requests from them.

use serde::{Deserialize, Serialize};
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
            // Few platforms have them, and administrators wonder about scopes that aren't needed.
            groups: false,
        }
    }
}

/// How LMSs register.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(as = RegistrationSettings)]
pub struct RegistrationSettings {
    /// Whether dynamic registration works at all.
    pub enabled: bool,
    /// Whether the plain registration URL works; otherwise only invitation links do.
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
    /// Whether registrations wait for the tool's decision.
    pub enabled: bool,
    /// Where to send the administrator's browser.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<Url>,
}
