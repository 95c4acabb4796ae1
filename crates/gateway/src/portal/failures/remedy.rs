//! What remedies a failure: one click where there is one.

use crate::portal::platforms::address_of;
use crate::traces::answer::Trace;
use crate::web::language::Language;
use crate::web::texts::portal_failures as texts;

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
        let next = ("next", format!("/portal/failures/{}", trace.id));
        let deployment = trace.deployment_id.clone();
        let form = |path: &str, fields, label: String| RemedyForm {
            action: format!("{there}{path}"),
            fields,
            label,
        };
        let deployed = |action: &str, id: String| {
            let fields = vec![("do", action.to_owned()), ("deployment", id), next.clone()];
            let label = texts::FIX_DEPLOYMENT.to(language).to_owned();
            form("/deployments", fields, label)
        };
        let form = match reason.code.as_str() {
            "PLATFORM_INACTIVE" => {
                let label = texts::FIX_ACTIVATE.to(language).to_owned();
                Some(form("/activate", vec![next], label))
            }
            "DEPLOYMENT_PENDING" | "DEPLOYMENT_DISABLED" => {
                deployment.map(|id| deployed("allow", id))
            }
            "DEPLOYMENT_UNKNOWN" => deployment.map(|id| deployed("enter", id)),
            "TOKEN_EXPIRED"
            | "TOKEN_TOO_OLD"
            | "TOKEN_ISSUED_IN_FUTURE"
            | "TOKEN_NOT_YET_VALID" => trace.skew_seconds.and_then(leeway_for).map(|seconds| {
                let seconds = seconds.to_string();
                let label = texts::FIX_LEEWAY.with("seconds", &*seconds).to(language);
                let fields = vec![("seconds", seconds), next];
                form("/leeway", fields, label.into_owned())
            }),
            "KID_UNKNOWN"
            | "KEY_PASSED_OVER"
            | "KEY_NOT_FOUND"
            | "INVALID_SIGNATURE"
            | "KEY_SET_UNREACHABLE"
            | "KEY_SET_UNREADABLE" => {
                let label = texts::FIX_FETCH_KEYS.to(language).to_owned();
                Some(form("/fetch-keys", vec![next], label))
            }
            "FRAME_ORIGIN_NOT_LISTED" => trace.frame_origin_not_listed.clone().map(|origin| {
                let label = texts::FIX_ORIGIN.with("origin", &*origin).to(language);
                let fields = vec![("origin", origin), next];
                form("/frame-origin", fields, label.into_owned())
            }),
            _ => None,
        };
        let link = |path: &str, text: crate::web::texts::Text| RemedyLink {
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

/// A leeway that lets a clock in that is so far off, in whole minutes; none if no leeway does.
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
