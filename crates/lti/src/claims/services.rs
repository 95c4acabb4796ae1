//! The services a launch offers.

use serde::Deserialize;

use super::tolerant::{text, texts};

/// Assignment and Grade Services, as offered in this launch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct GradeService {
    /// The scopes that the tool may request.
    #[serde(default, deserialize_with = "texts")]
    pub scope: Vec<String>,
    /// The URL of the line items.
    #[serde(default, deserialize_with = "text")]
    pub lineitems: Option<String>,
    /// The URL of this link's line item, if there is exactly one.
    #[serde(default, deserialize_with = "text")]
    pub lineitem: Option<String>,
}

/// Names and Role Provisioning Services.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RosterService {
    /// The URL of the member list.
    #[serde(default, deserialize_with = "text")]
    pub context_memberships_url: Option<String>,
    /// Such as `2.0`.
    #[serde(default, deserialize_with = "texts")]
    pub service_versions: Vec<String>,
}

/// Course Groups.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct GroupService {
    /// The scopes that the tool may request.
    #[serde(default, deserialize_with = "texts")]
    pub scope: Vec<String>,
    /// Where the course's groups are listed.
    #[serde(default, deserialize_with = "text")]
    pub context_groups_url: Option<String>,
    /// Where its sets of groups are listed, if the platform has such sets.
    #[serde(default, deserialize_with = "text")]
    pub context_group_sets_url: Option<String>,
    /// Such as `1.0`.
    #[serde(default, deserialize_with = "texts")]
    pub service_versions: Vec<String>,
}

/// Platform notifications.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct NotificationService {
    /// Where to register handlers.
    #[serde(default, deserialize_with = "text")]
    pub platform_notification_service_url: Option<String>,
    /// The scopes that the tool may request.
    #[serde(default, deserialize_with = "texts")]
    pub scope: Vec<String>,
    /// The notice types the platform offers.
    #[serde(default, deserialize_with = "texts")]
    pub notice_types_supported: Vec<String>,
    /// Such as `1.0`.
    #[serde(default, deserialize_with = "texts")]
    pub service_versions: Vec<String>,
}

/// LTI 1.1 outcomes within LTI 1.3.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct BasicOutcome {
    /// The handle of one person's result.
    #[serde(default, deserialize_with = "text")]
    pub lis_result_sourcedid: Option<String>,
    /// Where to post the result.
    #[serde(default, deserialize_with = "text")]
    pub lis_outcome_service_url: Option<String>,
}
