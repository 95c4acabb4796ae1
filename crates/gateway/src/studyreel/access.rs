//! Who may launch, and where: what follows from a tool's settings.

use studyreel::{AllowedDeployment, Dialect, STUDYREEL};

use crate::settings::studyreel::{Signature, StudyReelSettings};

/// Whether the tool accepts launches of a dialect.
pub(super) fn takes(settings: &StudyReelSettings, dialect: &Dialect) -> bool {
    let is_own = dialect.name == STUDYREEL.name;
    settings.enabled && (is_own || settings.dialects.contains_key(dialect.name))
}

/// The issuers that may launch in a dialect.
pub(super) fn issuers(settings: &StudyReelSettings, dialect: &Dialect) -> Vec<String> {
    if dialect.name == STUDYREEL.name {
        return settings.issuers.clone();
    }
    let known = || {
        dialect
            .issuers
            .iter()
            .map(|issuer| (*issuer).to_owned())
            .collect()
    };
    let rules = settings.dialects.get(dialect.name);
    rules.map_or_else(Vec::new, |rules| {
        rules.issuers.clone().unwrap_or_else(known)
    })
}

/// The deployments that may launch in a dialect; none listed means any.
pub(super) fn deployments<'a>(
    settings: &'a StudyReelSettings,
    dialect: &Dialect,
) -> &'a [AllowedDeployment] {
    let rules = settings.dialects.get(dialect.name);
    rules.map_or(&settings.deployments, |rules| &rules.deployments)
}

/// Whether launches must use the unguessable URL. A local installation, which only its own machine
/// can reach, never requires it.
pub(super) fn needs_capability(settings: &StudyReelSettings, is_local: bool) -> bool {
    settings.require_capability.unwrap_or(!is_local)
}

/// Whether anyone who knows the launch URL may launch, because no capability, signature, header or
/// source address is required. A local installation is not open: only its own machine can reach it.
pub(crate) fn is_open(settings: &StudyReelSettings, is_local: bool) -> bool {
    settings.enabled
        && !is_local
        && !needs_capability(settings, is_local)
        && settings.signature != Signature::Required
        && settings.secret_header.is_none()
        && settings.sources.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plain_address_is_closed_unless_it_is_opened() {
        let (public, local) = (false, true);
        let usual = StudyReelSettings::default();
        assert!(needs_capability(&usual, public) && !needs_capability(&usual, local));
        for said in [true, false] {
            let settings = StudyReelSettings {
                require_capability: Some(said),
                ..StudyReelSettings::default()
            };
            assert_eq!(needs_capability(&settings, public), said);
            assert_eq!(needs_capability(&settings, local), said);
            assert_eq!(is_open(&settings, public), !said);
            assert!(!is_open(&settings, local));
        }
    }

    #[test]
    fn what_is_asked_for_instead_of_the_capability_closes_it_too() {
        let public = false;
        let opened = || StudyReelSettings {
            require_capability: Some(false),
            ..StudyReelSettings::default()
        };
        assert!(is_open(&opened(), public));
        let mut closed = [opened(), opened(), opened(), opened()];
        closed[0].enabled = false;
        closed[1].signature = Signature::Required;
        closed[2].secret_header = Some("X-Launch-Secret".into());
        closed[3].sources = vec!["203.0.113.0/24".into()];
        for settings in closed {
            assert!(!is_open(&settings, public), "{settings:?}");
        }
    }
}
