//! When our keys change, as data (lti.md G-06).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problem::SettingsProblem;

/// When our keys change.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct KeyRules {
    /// After how many days a platform gets a new key; 0 means never automatically.
    pub rotate_after_days: u32,
    /// How long a new key is published before it signs. Platforms cache our key set for an hour,
    /// some for longer.
    pub sign_after_hours: u32,
    /// How long an old key is published after its last signature.
    pub publish_days: u32,
}

impl Default for KeyRules {
    fn default() -> Self {
        Self {
            rotate_after_days: 0,
            sign_after_hours: 24,
            publish_days: 7,
        }
    }
}

impl KeyRules {
    /// What is wrong with them. With the others no platform ever sees a signature it can't verify.
    pub(super) fn problems(&self) -> Vec<SettingsProblem> {
        let days = self.rotate_after_days;
        let checks = [
            (
                "signAfterHours",
                (2..=720).contains(&self.sign_after_hours),
                "must be 2 to 720",
            ),
            (
                "publishDays",
                (1..=90).contains(&self.publish_days),
                "must be 1 to 90",
            ),
            (
                "rotateAfterDays",
                days == 0 || (7..=3650).contains(&days),
                "must be 0 (never) or 7 to 3650",
            ),
        ];
        let checks = checks.into_iter();
        checks
            .filter_map(|(member, is_right, must)| SettingsProblem::unless(is_right, member, must))
            .collect()
    }
}
