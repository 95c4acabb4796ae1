//! Checks that the types of these settings can't express.

use axum::http::HeaderName;
use studyreel::{Dialect, STUDYREEL};
use url::form_urlencoded;

use super::{Provisioning, StudyReelSettings};
use crate::kit::network;
use crate::settings::limits;
use crate::settings::problem::SettingsProblem;

impl StudyReelSettings {
    /// Everything that is wrong, with its path within these settings.
    pub(in crate::settings) fn problems(&self) -> Vec<SettingsProblem> {
        let limits = self.limits;
        let limits = [limits.per_student, limits.per_deployment, limits.per_source];
        let proofs = [
            wrong_secrets(&self.secrets),
            self.wrong_header(),
            self.wrong_source(),
        ];
        let provisioning = self.provisioning.problems();
        self.wrong_dialect()
            .into_iter()
            .chain(self.wrong_launches())
            .chain(proofs.into_iter().flatten())
            .chain(limits::impossible(&limits))
            .chain(provisioning.map(|problem| problem.within("provisioning")))
            .collect()
    }

    fn wrong_dialect(&self) -> Option<SettingsProblem> {
        let others = || {
            let known = Dialect::ALL.iter().map(|dialect| dialect.name);
            known.filter(|name| *name != STUDYREEL.name)
        };
        let unknown = |name: &&String| !others().any(|other| other == name.as_str());
        let name = self.dialects.keys().find(unknown)?;
        let others: Vec<_> = others().collect();
        let must = format!("must be one of {}", others.join(", "));
        Some(SettingsProblem::new(format!("dialects.{name}"), must))
    }

    /// What launches may contain, and where they lead.
    fn wrong_launches(&self) -> impl Iterator<Item = SettingsProblem> {
        let ages = 60..=24 * 3600;
        let checks = [
            (
                "landingPath",
                self.landing_path.as_deref().is_none_or(is_landing_path),
                "must be a path such as /welcome",
            ),
            (
                "skewSeconds",
                (60..=300).contains(&self.skew_seconds),
                "must be 60 to 300",
            ),
            (
                "maxAgeSeconds",
                self.max_age_seconds.is_none_or(|age| ages.contains(&age)),
                "must be 60 to 86400",
            ),
            (
                "loginLinkSeconds",
                (60..=900).contains(&self.login_link_seconds),
                "must be 60 to 900",
            ),
            (
                "placement.conflictThreshold",
                (1..=14).contains(&self.placement.conflict_threshold),
                "must be 1 to 14",
            ),
            (
                "placement.ritGradeCap",
                (0..=13).contains(&self.placement.rit_grade_cap),
                "must be 0 to 13",
            ),
            (
                "timeZone",
                jiff::tz::TimeZone::get(&self.time_zone).is_ok(),
                "must be a zone such as UTC or America/Chicago",
            ),
        ];
        let checks = checks.into_iter();
        checks
            .filter_map(|(member, is_right, must)| SettingsProblem::unless(is_right, member, must))
    }

    fn wrong_header(&self) -> Option<SettingsProblem> {
        let is_own =
            |name: &String| HeaderName::from_bytes(name.as_bytes()).is_ok() && !is_standard(name);
        SettingsProblem::unless(
            self.secret_header.as_ref().is_none_or(is_own),
            "secretHeader",
            "must be a header's name such as X-Launch-Secret, and none that requests have anyway",
        )
    }

    fn wrong_source(&self) -> Option<SettingsProblem> {
        let unreadable = |text: &&String| network::parse(text).is_none();
        let bad = self.sources.iter().find(unreadable)?;
        let problem = format!("\"{bad}\" is no address or network/bits");
        Some(SettingsProblem::new("sources", problem))
    }
}

impl Provisioning {
    fn problems(&self) -> impl Iterator<Item = SettingsProblem> {
        let is_address = self.url.as_ref().is_none_or(|url| {
            matches!(url.scheme(), "http" | "https")
                && url.fragment().is_none()
                && url.username().is_empty()
                && url.password().is_none()
        });
        let must = "must be an http or https address without user name or fragment";
        let wrong = SettingsProblem::unless(is_address, "url", must);
        wrong.into_iter().chain(wrong_secrets(&self.secrets))
    }
}

/// A second secret is only for the time while the other side switches over.
fn wrong_secrets(numbers: &[u32]) -> Option<SettingsProblem> {
    let is_possible = (1..=2).contains(&numbers.len());
    SettingsProblem::unless(is_possible, "secrets", "must hold one number, or two")
}

/// Checks that a text is only a path, on whatever host it is joined to. An `ltik` in it would come
/// before the launch's own.
pub(crate) fn is_landing_path(path: &str) -> bool {
    let query = path.split_once('?').map_or("", |(_, query)| query);
    path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && !path.contains(char::is_control)
        && path.len() <= 2048
        && !form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "ltik")
}

/// Headers that every request has, or that proxies write.
fn is_standard(name: &str) -> bool {
    const STANDARD: [&str; 9] = [
        "host",
        "content-type",
        "content-length",
        "transfer-encoding",
        "connection",
        "accept",
        "user-agent",
        "forwarded",
        "x-forwarded-for",
    ];
    STANDARD.iter().any(|one| name.eq_ignore_ascii_case(one))
}
