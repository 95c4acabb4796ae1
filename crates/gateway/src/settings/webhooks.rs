//! How messages to webhooks are retried, as data (grades.md WH-3, GR-8).

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problem::SettingsProblem;

/// The most pauses in a list.
const MOST_PAUSES: usize = 50;
/// The longest pause, in seconds: a day.
const LONGEST_PAUSE: u32 = 24 * 60 * 60;

/// How messages to webhooks are retried.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(as = WebhookSettings)]
pub struct WebhookSettings {
    /// Seconds before the first attempt, the second and so on, each 20 % more or less; the last is
    /// repeated.
    pub schedule: Vec<u32>,
    /// How long to keep trying to deliver a message.
    pub keep_trying_hours: u32,
}

impl Default for WebhookSettings {
    fn default() -> Self {
        Self {
            schedule: vec![0, 5, 30, 120, 600, 1800, 7200, 18000],
            keep_trying_hours: 72,
        }
    }
}

impl WebhookSettings {
    /// How long to keep trying to deliver a message.
    pub fn patience(&self) -> Duration {
        Duration::from_secs(u64::from(self.keep_trying_hours) * 60 * 60)
    }

    /// What is wrong with them. The others can be followed and flood no webhook.
    pub(super) fn problems(&self) -> Vec<SettingsProblem> {
        let pauses = &self.schedule;
        let is_possible = (1..=MOST_PAUSES).contains(&pauses.len())
            && pauses.iter().all(|pause| *pause <= LONGEST_PAUSE);
        let checks = [
            SettingsProblem::unless(
                is_possible,
                "schedule",
                format!("must be 1 to {MOST_PAUSES} numbers from 0 to {LONGEST_PAUSE}"),
            ),
            SettingsProblem::unless(
                pauses.last().is_none_or(|last| *last >= 60),
                "schedule",
                "the last number, which is repeated, must be at least 60",
            ),
            SettingsProblem::unless(
                (1..=120).contains(&self.keep_trying_hours),
                "keepTryingHours",
                "must be 1 to 120",
            ),
        ];
        checks.into_iter().flatten().collect()
    }
}
