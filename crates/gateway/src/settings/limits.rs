//! Rate limits per sender.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problem::SettingsProblem;

/// The highest limit that can be set.
const HIGHEST: u32 = 1_000_000;

/// Rate limits for strangers. Requests are counted per minute, and a minute's quota may be used at
/// once. A whole school may share one network address. Zero disables a limit.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RateLimits {
    /// Logins from one address.
    pub logins_per_address: u32,
    /// Launches from one address.
    pub launches_per_address: u32,
    /// Registrations from one address; each step counts.
    pub registrations_per_address: u32,
    /// Registrations in progress plus platforms not yet activated. Above this number only
    /// invitations are accepted. Confirmation pages not yet clicked are counted separately: above
    /// this number the oldest one makes room. One network address may start 20 uninvited
    /// registrations an hour, unless they are activated at once.
    pub waiting_registrations: u32,
    /// Requests for our key sets from one address: some vendors fetch them for all schools from
    /// one.
    pub key_sets_per_address: u32,
    /// Requests for portal pages from one address, signed in or not.
    pub portal_per_address: u32,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self {
            logins_per_address: 12_000,
            launches_per_address: 12_000,
            registrations_per_address: 120,
            waiting_registrations: 1000,
            key_sets_per_address: 6_000,
            portal_per_address: 6_000,
        }
    }
}

impl RateLimits {
    /// What is wrong if a limit is impossible.
    pub(super) fn problem(&self) -> Option<SettingsProblem> {
        impossible(&[
            self.logins_per_address,
            self.launches_per_address,
            self.registrations_per_address,
            self.waiting_registrations,
            self.key_sets_per_address,
            self.portal_per_address,
        ])
    }
}

/// What is wrong if one of the limits is impossible.
pub(super) fn impossible(limits: &[u32]) -> Option<SettingsProblem> {
    let is_possible = limits.iter().all(|limit| *limit <= HIGHEST);
    let must = format!("each must be 0 (no limit) to {HIGHEST}");
    SettingsProblem::unless(is_possible, "limits", must)
}
