//! Checks that the types of these settings can't express.

use axum::http::HeaderName;
use studyreel::{Dialect, STUDYREEL};
use url::form_urlencoded;

use super::{Provisioning, StudyReelSettings};
use crate::kit::network;
use crate::settings::limits;
use crate::settings::problem::SettingsProblem;

impl StudyReelSettings {
    /// Checks what the types can't express.
    ///
    /// # Errors
    /// The path of the member within these settings, and what is wrong.
    pub fn check(&self) -> Result<(), SettingsProblem> {
        self.check_dialects()?;
        self.check_launches()?;
        self.check_proofs()?;
        let limits = self.limits;
        limits::check(&[limits.per_student, limits.per_deployment, limits.per_source])?;
        self.provisioning
            .check()
            .map_err(|problem| problem.within("provisioning"))
    }

    fn check_dialects(&self) -> Result<(), SettingsProblem> {
        let others = || {
            let known = Dialect::ALL.iter().map(|dialect| dialect.name);
            known.filter(|name| *name != STUDYREEL.name)
        };
        let unknown = |name: &&String| !others().any(|other| other == name.as_str());
        match self.dialects.keys().find(unknown) {
            Some(name) => {
                let others: Vec<_> = others().collect();
                let others = others.join(", ");
                let member = format!("dialects.{name}");
                Err(SettingsProblem::new(
                    member,
                    format!("must be one of {others}"),
                ))
            }
            None => Ok(()),
        }
    }

    /// Checks what launches may contain, and where they lead.
    fn check_launches(&self) -> Result<(), SettingsProblem> {
        if !self.landing_path.as_deref().is_none_or(is_landing_path) {
            return Err(SettingsProblem::new(
                "landingPath",
                "must be a path such as /welcome",
            ));
        }
        if !(60..=300).contains(&self.skew_seconds) {
            return Err(SettingsProblem::new("skewSeconds", "must be 60 to 300"));
        }
        let ages = 60..=24 * 3600;
        if !self.max_age_seconds.is_none_or(|age| ages.contains(&age)) {
            return Err(SettingsProblem::new("maxAgeSeconds", "must be 60 to 86400"));
        }
        if !(60..=900).contains(&self.login_link_seconds) {
            return Err(SettingsProblem::new(
                "loginLinkSeconds",
                "must be 60 to 900",
            ));
        }
        if !(1..=14).contains(&self.placement.conflict_threshold) {
            return Err(SettingsProblem::new(
                "placement.conflictThreshold",
                "must be 1 to 14",
            ));
        }
        if !(0..=13).contains(&self.placement.rit_grade_cap) {
            return Err(SettingsProblem::new(
                "placement.ritGradeCap",
                "must be 0 to 13",
            ));
        }
        if jiff::tz::TimeZone::get(&self.time_zone).is_err() {
            return Err(SettingsProblem::new(
                "timeZone",
                "must be a zone such as UTC or America/Chicago",
            ));
        }
        Ok(())
    }

    /// Checks the ways to prove that a launch comes from the platform.
    fn check_proofs(&self) -> Result<(), SettingsProblem> {
        check_secrets(&self.secrets)?;
        if let Some(name) = &self.secret_header
            && (HeaderName::from_bytes(name.as_bytes()).is_err() || is_standard(name))
        {
            return Err(SettingsProblem::new(
                "secretHeader",
                "must be a header's name such as X-Launch-Secret, and none that requests have anyway",
            ));
        }
        let unreadable = |text: &&String| network::parse(text).is_none();
        match self.sources.iter().find(unreadable) {
            Some(bad) => Err(SettingsProblem::new(
                "sources",
                format!("\"{bad}\" is no address or network/bits"),
            )),
            None => Ok(()),
        }
    }
}

impl Provisioning {
    fn check(&self) -> Result<(), SettingsProblem> {
        if self.url.as_ref().is_some_and(|url| {
            !matches!(url.scheme(), "http" | "https")
                || url.fragment().is_some()
                || !url.username().is_empty()
                || url.password().is_some()
        }) {
            return Err(SettingsProblem::new(
                "url",
                "must be an http or https address without user name or fragment",
            ));
        }
        check_secrets(&self.secrets)
    }
}

/// A second secret is only for the time while the other side switches over.
fn check_secrets(numbers: &[u32]) -> Result<(), SettingsProblem> {
    if (1..=2).contains(&numbers.len()) {
        Ok(())
    } else {
        Err(SettingsProblem::new(
            "secrets",
            "must hold one number, or two",
        ))
    }
}

/// Checks that a text is only a path, on whatever host it is joined to. An `ltik` in it would come before the launch's
/// own.
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
