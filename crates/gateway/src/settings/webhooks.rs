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
    /// Seconds before the first attempt, the second and so on, each 20 % more or less; the last is repeated.
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

    /// Checks that the rules can be followed and flood no webhook.
    ///
    /// # Errors
    /// The member, and what is possible.
    pub fn check(&self) -> Result<(), SettingsProblem> {
        let pauses = &self.schedule;
        if pauses.is_empty()
            || pauses.len() > MOST_PAUSES
            || pauses.iter().any(|pause| *pause > LONGEST_PAUSE)
        {
            let must = format!("must be 1 to {MOST_PAUSES} numbers from 0 to {LONGEST_PAUSE}");
            return Err(SettingsProblem::new("schedule", must));
        }
        if pauses.last().is_some_and(|last| *last < 60) {
            return Err(SettingsProblem::new(
                "schedule",
                "the last number, which is repeated, must be at least 60",
            ));
        }
        if !(1..=120).contains(&self.keep_trying_hours) {
            return Err(SettingsProblem::new("keepTryingHours", "must be 1 to 120"));
        }
        Ok(())
    }
}
