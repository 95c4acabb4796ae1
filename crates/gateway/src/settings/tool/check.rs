//! Checks of the tool's settings that their types can't express.

use super::ToolSettings;
use crate::settings::launch;
use crate::settings::messages::wrong_parameter;
use crate::settings::problem::SettingsProblem;

impl ToolSettings {
    /// Everything that is wrong, so that all of it can be mended together.
    pub(super) fn problems(&self) -> Vec<SettingsProblem> {
        let mut problems = self.wrong_texts();
        problems.extend(self.wrong_urls());
        problems.extend(wrong_parameter(&self.custom_parameters));
        for (index, message) in self.messages.iter().enumerate() {
            let wrong = message.problems().into_iter();
            problems.extend(wrong.map(|one| one.within(&format!("messages[{index}]"))));
        }
        let asks = &self.registration.pre_approval;
        problems.extend(SettingsProblem::unless(
            !asks.enabled || asks.url.is_some(),
            "registration.preApproval.url",
            "must be set when preApproval is enabled",
        ));
        problems.extend(self.wrong_numbers());
        let parts = [
            ("keys", self.keys.problems()),
            ("webhooks", self.webhooks.problems()),
            ("grades", self.grade_problems()),
            ("studyreel", self.studyreel.problems()),
        ];
        for (part, wrong) in parts {
            problems.extend(wrong.into_iter().map(|one| one.within(part)));
        }
        problems.extend(self.limits.problem());
        problems
    }

    fn wrong_texts(&self) -> Vec<SettingsProblem> {
        let is_named = !self.name.trim().is_empty() && self.name.chars().count() <= 255;
        let wrong = SettingsProblem::unless(is_named, "name", "must have 1 to 255 characters");
        wrong.into_iter().collect()
    }

    fn wrong_urls(&self) -> impl Iterator<Item = SettingsProblem> {
        let logo = ("logoUrl", self.logo_url.as_ref());
        let urls = self.pages().into_iter().chain([logo]);
        urls.filter_map(|(member, url)| {
            let is_page = url.is_none_or(|url| {
                matches!(url.scheme(), "http" | "https") && url.fragment().is_none()
            });
            let must = "must be an http or https address without a fragment";
            SettingsProblem::unless(is_page, member, must)
        })
    }

    fn wrong_numbers(&self) -> impl Iterator<Item = SettingsProblem> {
        let (rules, kept) = (&self.launch, self.retention);
        let checks = [
            (
                "launch.leewaySeconds",
                rules.leeway_seconds <= launch::MAX_LEEWAY,
                launch::LEEWAY_PROBLEM,
            ),
            (
                "launch.maxAgeSeconds",
                launch::AGES.contains(&rules.max_age_seconds),
                launch::AGE_PROBLEM,
            ),
            (
                "launch.maxTokenKilobytes",
                launch::TOKEN_KILOBYTES.contains(&rules.max_token_kilobytes),
                "must be 16 to 240",
            ),
            (
                "retention.launchMinutes",
                (1..=24 * 60).contains(&kept.launch_minutes),
                "must be 1 to 1440",
            ),
            (
                "retention.traceMinutes",
                kept.trace_minutes <= 30 * 24 * 60,
                "must be at most 43200",
            ),
            (
                "retention.studentDays",
                kept.student_days == 0 || (30..=3650).contains(&kept.student_days),
                "must be 0 (until erased) or 30 to 3650",
            ),
        ];
        let checks = checks.into_iter();
        checks
            .filter_map(|(member, is_right, must)| SettingsProblem::unless(is_right, member, must))
    }

    fn grade_problems(&self) -> Vec<SettingsProblem> {
        let wrong = self.grades.problems().into_iter();
        wrong
            .map(|(member, must)| SettingsProblem::new(member, must))
            .collect()
    }
}
