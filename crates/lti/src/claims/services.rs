//! The services a launch offers.

use serde::Deserialize;

use super::tolerant::{text, texts};

/// Assignment and Grade Services, as offered in this launch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct GradeService {
    /// The scopes that may be asked for.
    #[serde(default, deserialize_with = "texts")]
    pub scope: Vec<String>,
    /// Where the line items are.
    #[serde(default, deserialize_with = "text")]
    pub lineitems: Option<String>,
    /// The one line item of this link, if it has exactly one.
    #[serde(default, deserialize_with = "text")]
    pub lineitem: Option<String>,
}

/// Names and Role Provisioning Services.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RosterService {
    /// Where the members are.
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
    /// The scopes that may be asked for.
    #[serde(default, deserialize_with = "texts")]
    pub scope: Vec<String>,
    /// Where the groups are.
    #[serde(default, deserialize_with = "text")]
    pub context_groups_url: Option<String>,
    /// Where the sets of groups are.
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
    /// Where handlers are registered.
    #[serde(default, deserialize_with = "text")]
    pub platform_notification_service_url: Option<String>,
    /// The scopes that may be asked for.
    #[serde(default, deserialize_with = "texts")]
    pub scope: Vec<String>,
    /// The notices on offer.
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
    /// Where it is posted.
    #[serde(default, deserialize_with = "text")]
    pub lis_outcome_service_url: Option<String>,
}
