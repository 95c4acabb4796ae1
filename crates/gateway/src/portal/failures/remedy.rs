//! What remedies a failure: one click, if that is enough.

use crate::portal::platforms::address_of;
use crate::traces::answer::Trace;
use crate::web::language::Language;
use crate::web::texts::{Text, portal_failures as texts};

/// Longest leeway that can be set, in seconds.
const MOST_LEEWAY: i64 = 300;

/// A form with one button.
pub(super) struct RemedyForm {
    pub(super) action: String,
    pub(super) fields: Vec<(&'static str, String)>,
    pub(super) label: String,
}

/// A link to where it is remedied.
pub(super) struct RemedyLink {
    pub(super) address: String,
    pub(super) label: String,
}

/// What can be done about a failure at a platform that is still there.
#[derive(Default)]
pub(super) struct Remedy {
    pub(super) form: Option<RemedyForm>,
    pub(super) link: Option<RemedyLink>,
}

impl Remedy {
    /// By the reason, and what the trace knows.
    pub(super) fn of(trace: &Trace, language: Language) -> Self {
        let platform = trace.platform.as_ref();
        let platform = platform.filter(|platform| platform.name.is_some());
        let (Some(platform), Some(reason)) = (platform, &trace.reason) else {
            return Self::default();
        };
        let there = address_of(&platform.id);
        let form = form_for(&reason.code, trace, language).map(|form| RemedyForm {
            action: format!("{there}{}", form.action),
            ..form
        });
        let link = |path: &str, text: Text| RemedyLink {
            address: format!("{there}{path}"),
            label: text.to(language).to_owned(),
        };
        let link = match reason.code.as_str() {
            "PERSON_BLOCKED" => Some(link("/blocked", texts::FIX_BLOCKED)),
            _ if form.is_none() => Some(link("/settings", texts::FIX_SETTINGS)),
            _ => None,
        };
        Self { form, link }
    }
}

/// The form that remedies a failure of this code, if a click does. Its action is a path below the platform's page.
fn form_for(code: &str, trace: &Trace, language: Language) -> Option<RemedyForm> {
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
    match code {
        "PLATFORM_INACTIVE" => {
            let label = texts::FIX_ACTIVATE.to(language);
            Some(form("/activate", Vec::new(), label))
        }
        "DEPLOYMENT_PENDING" | "DEPLOYMENT_DISABLED" => deployed("allow"),
        "DEPLOYMENT_UNKNOWN" => deployed("enter"),
        "TOKEN_EXPIRED" | "TOKEN_TOO_OLD" | "TOKEN_ISSUED_IN_FUTURE" | "TOKEN_NOT_YET_VALID" => {
            let seconds = trace.skew_seconds.and_then(leeway_for)?.to_string();
            let label = texts::FIX_LEEWAY.with("seconds", &*seconds).to(language);
            Some(form("/leeway", vec![("seconds", seconds)], &label))
        }
        "KID_UNKNOWN"
        | "KEY_PASSED_OVER"
        | "KEY_NOT_FOUND"
        | "INVALID_SIGNATURE"
        | "KEY_SET_UNREACHABLE"
        | "KEY_SET_UNREADABLE" => {
            let label = texts::FIX_FETCH_KEYS.to(language);
            Some(form("/fetch-keys", Vec::new(), label))
        }
        "FRAME_ORIGIN_NOT_LISTED" => {
            let origin = trace.frame_origin_not_listed.clone()?;
            let label = texts::FIX_ORIGIN.with("origin", &*origin).to(language);
            Some(form("/frame-origin", vec![("origin", origin)], &label))
        }
        _ => None,
    }
}

/// The leeway that tolerates a clock that is so far off, in whole minutes; none if it would be too long.
fn leeway_for(skew: i64) -> Option<i64> {
    let off = skew.checked_abs()?;
    let wanted = (off + 15 + 59) / 60 * 60;
    (off < MOST_LEEWAY && off > 0).then_some(wanted.min(MOST_LEEWAY))
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
