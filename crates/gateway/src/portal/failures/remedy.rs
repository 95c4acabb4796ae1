//! The remedy for a failure: one click, if that is enough.

use crate::portal::platforms::address_of;
use crate::settings::launch::MAX_LEEWAY;
use crate::traces::answer::Trace;
use crate::web::language::Language;
use crate::web::meaning::Remedy;
use crate::web::texts::{Text, portal_failures as texts};

/// A form with one button.
pub(super) struct RemedyForm {
    pub(super) action: String,
    pub(super) fields: Vec<(&'static str, String)>,
    pub(super) label: String,
}

/// A link to the page where it can be remedied.
pub(super) struct RemedyLink {
    pub(super) address: String,
    pub(super) label: String,
}

/// What can be done about a failure.
#[derive(Default)]
pub(super) struct RemedyOffer {
    pub(super) form: Option<RemedyForm>,
    pub(super) link: Option<RemedyLink>,
}

impl RemedyOffer {
    /// Chosen by the reason's remedy and the facts in the trace. A remedy at a platform is offered
    /// only if the platform still exists.
    pub(super) fn of(trace: &Trace, language: Language) -> Self {
        let Some(reason) = &trace.reason else {
            return Self::default();
        };
        let remedy = reason.meaning.remedy;
        if remedy == Remedy::ToolSettings {
            return Self::leading("/portal/settings", texts::FIX_TOOL_SETTINGS, language);
        }
        let platform = trace.platform.as_ref();
        let Some(platform) = platform.filter(|platform| platform.name.is_some()) else {
            return Self::default();
        };
        let there = address_of(&platform.id);
        if let Some(form) = form_for(remedy, trace, language) {
            let action = format!("{there}{}", form.action);
            return Self {
                form: Some(RemedyForm { action, ..form }),
                link: None,
            };
        }
        match remedy {
            Remedy::BlockedPeople => {
                Self::leading(&format!("{there}/blocked"), texts::FIX_BLOCKED, language)
            }
            // For when a click isn't enough, for example because the clock is too far off for any
            // leeway.
            Remedy::PlatformSettings | Remedy::Leeway => {
                Self::leading(&format!("{there}/settings"), texts::FIX_SETTINGS, language)
            }
            _ => Self::default(),
        }
    }

    fn leading(address: &str, label: Text, language: Language) -> Self {
        let link = RemedyLink {
            address: address.to_owned(),
            label: label.to(language).to_owned(),
        };
        Self {
            form: None,
            link: Some(link),
        }
    }
}

/// The form for this remedy, if one click is enough and the trace has the facts it needs. Its
/// action is a path below the platform's page.
fn form_for(remedy: Remedy, trace: &Trace, language: Language) -> Option<RemedyForm> {
    let form = |path: &str, mut fields: Vec<(&'static str, String)>, label: &str| {
        fields.push(("next", format!("/portal/failures/{}", trace.id)));
        RemedyForm {
            action: path.to_owned(),
            fields,
            label: label.to_owned(),
        }
    };
    let deployed = |action: &str| {
        let id = trace.deployment_id.clone()?;
        let fields = vec![("do", action.to_owned()), ("deployment", id)];
        let label = texts::FIX_DEPLOYMENT.to(language);
        Some(form("/deployments", fields, label))
    };
    match remedy {
        Remedy::Activate => {
            let label = texts::FIX_ACTIVATE.to(language);
            Some(form("/activate", Vec::new(), label))
        }
        Remedy::AllowDeployment => deployed("allow"),
        Remedy::EnterDeployment => deployed("enter"),
        Remedy::Leeway => {
            let seconds = trace.skew_seconds.and_then(leeway_for)?.to_string();
            let label = texts::FIX_LEEWAY.with("seconds", &*seconds).to(language);
            Some(form("/leeway", vec![("seconds", seconds)], &label))
        }
        Remedy::FetchKeys => {
            let label = texts::FIX_FETCH_KEYS.to(language);
            Some(form("/fetch-keys", Vec::new(), label))
        }
        Remedy::ListOrigin => {
            let origin = trace.frame_origin_not_listed.clone()?;
            let label = texts::FIX_ORIGIN.with("origin", &*origin).to(language);
            Some(form("/frame-origin", vec![("origin", origin)], &label))
        }
        Remedy::BlockedPeople
        | Remedy::PlatformSettings
        | Remedy::ToolSettings
        | Remedy::Nothing => None,
    }
}

/// The leeway that tolerates a clock with this skew, in whole minutes; `None` if it would be too
/// long.
fn leeway_for(skew: i64) -> Option<i64> {
    let (off, most) = (skew.checked_abs()?, i64::from(MAX_LEEWAY));
    if off == 0 || off >= most {
        return None;
    }
    Some(((off + 15 + 59) / 60 * 60).min(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leeway_is_as_long_as_the_clock_is_off_up_to_its_bound() {
        assert_eq!(leeway_for(-184), Some(240));
        assert_eq!(leeway_for(10), Some(60));
        assert_eq!(leeway_for(290), Some(300));
        assert_eq!(leeway_for(301), None);
        assert_eq!(leeway_for(0), None);
        assert_eq!(leeway_for(i64::MIN), None);
    }
}
