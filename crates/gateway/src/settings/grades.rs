//! How scores are delivered, as data: a tool's rules, and a platform's own rules (grades.md §4).

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The most pauses in a list.
const MOST_PAUSES: usize = 50;
/// The longest pause, in seconds: a day.
const LONGEST_PAUSE: u32 = 24 * 60 * 60;

/// When a score posted to a line item is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum GradeDelivery {
    /// When the platform has answered, unless the request says `Prefer: respond-async`.
    Sync,
    /// As soon as Hallpass has stored it.
    Async,
}

/// What happens to a score above its maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum OverMaximum {
    /// It is sent unchanged.
    Send,
    /// The maximum is sent instead.
    Clamp,
    /// It is refused.
    Refuse,
}

/// What happens to a score whose line item a teacher deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum LineItemGone {
    /// It waits: there is an event, and a person decides.
    #[default]
    Hold,
    /// It is refused.
    Refuse,
    /// If it has a handle, the line item is created again. Otherwise it waits.
    Recreate,
}

/// How scores are delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct GradeSettings {
    /// When a score posted to a line item is answered.
    pub delivery: GradeDelivery,
    /// Whether a grade given by someone else at the platform takes precedence.
    pub teacher_wins: bool,
    /// Seconds before the first attempt, the second and so on, each 20 % more or less; the last is
    /// repeated.
    pub schedule: Vec<u32>,
    /// How long to keep trying to deliver a score.
    pub keep_trying_hours: u32,
    /// How long a score waits for a student who is not enrolled yet; 0 refuses it.
    pub hold_not_enrolled_days: u32,
    /// How long a score waits for a course that has concluded; 0 refuses it.
    pub hold_concluded_days: u32,
    /// What happens to a score whose line item a teacher deleted.
    pub line_item_gone: LineItemGone,
    /// Parallel requests to one platform.
    pub parallel_per_platform: u32,
    /// How long a finished delivery is shown.
    pub keep_days: u32,
}

impl Default for GradeSettings {
    fn default() -> Self {
        Self {
            delivery: GradeDelivery::Sync,
            teacher_wins: true,
            schedule: vec![0, 5, 30, 120, 600, 1800, 7200, 18000],
            keep_trying_hours: 72,
            hold_not_enrolled_days: 7,
            hold_concluded_days: 0,
            line_item_gone: LineItemGone::Hold,
            parallel_per_platform: 2,
            keep_days: 30,
        }
    }
}

/// A platform's own rules; for anything else, the tool's settings apply.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PlatformGrades {
    /// When a score posted to a line item is answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery: Option<GradeDelivery>,
    /// Whether a grade given by someone else at the platform takes precedence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub teacher_wins: Option<bool>,
    /// Seconds before the first attempt, the second and so on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Vec<u32>>,
    /// How long to keep trying to deliver a score.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_trying_hours: Option<u32>,
    /// How long a score waits for a student who is not enrolled yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold_not_enrolled_days: Option<u32>,
    /// How long a score waits for a course that has concluded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold_concluded_days: Option<u32>,
    /// What happens to a score whose line item a teacher deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line_item_gone: Option<LineItemGone>,
    /// Parallel requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parallel_per_platform: Option<u32>,
    /// How long a finished delivery is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_days: Option<u32>,
    /// What happens to a score above its maximum; by default, whatever suits the product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub over_maximum: Option<OverMaximum>,
}

impl GradeSettings {
    /// These settings, overridden by a platform's own.
    #[must_use]
    pub fn with(&self, own: &PlatformGrades) -> Self {
        let days = |own: Option<u32>, of_tool: u32| own.unwrap_or(of_tool);
        Self {
            delivery: own.delivery.unwrap_or(self.delivery),
            teacher_wins: own.teacher_wins.unwrap_or(self.teacher_wins),
            schedule: own
                .schedule
                .clone()
                .unwrap_or_else(|| self.schedule.clone()),
            keep_trying_hours: own.keep_trying_hours.unwrap_or(self.keep_trying_hours),
            hold_not_enrolled_days: days(own.hold_not_enrolled_days, self.hold_not_enrolled_days),
            hold_concluded_days: days(own.hold_concluded_days, self.hold_concluded_days),
            line_item_gone: own.line_item_gone.unwrap_or(self.line_item_gone),
            parallel_per_platform: own
                .parallel_per_platform
                .unwrap_or(self.parallel_per_platform),
            keep_days: days(own.keep_days, self.keep_days),
        }
    }

    /// How long to keep trying to deliver a score.
    pub fn patience(&self) -> Duration {
        Duration::from_secs(u64::from(self.keep_trying_hours) * 60 * 60)
    }

    /// What is wrong, by member. Other rules can be followed and flood no platform.
    pub(super) fn problems(&self) -> Vec<(&'static str, &'static str)> {
        let pauses = &self.schedule;
        let checks = [
            (
                "schedule",
                !pauses.is_empty()
                    && pauses.len() <= MOST_PAUSES
                    && pauses.iter().all(|pause| *pause <= LONGEST_PAUSE),
                "must be 1 to 50 numbers from 0 to 86400",
            ),
            (
                "schedule",
                pauses.last().is_none_or(|last| *last >= 60),
                "the last number, which is repeated, must be at least 60",
            ),
            (
                "keepTryingHours",
                (1..=720).contains(&self.keep_trying_hours),
                "must be 1 to 720",
            ),
            (
                "holdNotEnrolledDays",
                self.hold_not_enrolled_days <= 60,
                "must be at most 60",
            ),
            (
                "holdConcludedDays",
                self.hold_concluded_days <= 60,
                "must be at most 60",
            ),
            (
                "parallelPerPlatform",
                (1..=32).contains(&self.parallel_per_platform),
                "must be 1 to 32",
            ),
            (
                "keepDays",
                (1..=400).contains(&self.keep_days),
                "must be 1 to 400",
            ),
        ];
        let wrong = checks.into_iter().filter(|(_, is_right, _)| !is_right);
        wrong.map(|(member, _, must)| (member, must)).collect()
    }
}

/// From the form in which the store keeps it.
impl TryFrom<String> for PlatformGrades {
    type Error = serde_json::Error;

    fn try_from(text: String) -> Result<Self, serde_json::Error> {
        serde_json::from_str(&text)
    }
}

impl PlatformGrades {
    /// Converts to the form in which the store keeps it.
    ///
    /// # Errors
    /// It can't be serialised. The caller can do nothing about it.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// Whether the platform overrides none of the tool's rules.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What is wrong with it, by member of the platform.
    pub fn problems(&self) -> Vec<(String, &'static str)> {
        let problems = GradeSettings::default().with(self).problems();
        let named = problems.into_iter();
        named
            .map(|(member, must)| (format!("grades.{member}"), must))
            .collect()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use serde_json::json;
    use test_case::cases;

    use super::*;

    #[cases("GR-8")]
    #[test]
    fn a_platforms_own_rules_come_before_the_tools() {
        let own: PlatformGrades =
            serde_json::from_value(json!({"schedule": [1, 60], "teacherWins": false})).unwrap();
        let rules = GradeSettings::default().with(&own);
        assert_eq!(
            (rules.schedule, rules.teacher_wins, rules.keep_trying_hours),
            (vec![1, 60], false, 72)
        );
        assert!(own.problems().is_empty() && !own.is_empty());
        let text = own.to_text().unwrap();
        assert_eq!(PlatformGrades::try_from(text).unwrap(), own);
    }

    #[test]
    fn wrong_values_are_named() {
        for (own, member) in [
            (json!({"schedule": []}), "grades.schedule"),
            (json!({"schedule": [5, 59]}), "grades.schedule"),
            (json!({"keepTryingHours": 0}), "grades.keepTryingHours"),
            (
                json!({"holdNotEnrolledDays": 61}),
                "grades.holdNotEnrolledDays",
            ),
            (json!({"holdConcludedDays": 61}), "grades.holdConcludedDays"),
            (
                json!({"parallelPerPlatform": 0}),
                "grades.parallelPerPlatform",
            ),
            (json!({"keepDays": 401}), "grades.keepDays"),
        ] {
            let own: PlatformGrades = serde_json::from_value(own).unwrap();
            assert_eq!(own.problems()[0].0, member);
        }
    }
}
