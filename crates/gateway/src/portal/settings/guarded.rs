//! Which changes of the settings take a recent proof of who makes them: those that lead people or
//! data elsewhere, let in more than before, or delete what would have been kept (decision 0511).

use axum::body::Bytes;
use serde_json::Value;

use crate::web::json::json_object;

/// The members that say where launches, registrations and students' data lead, whose launches are
/// taken, and who may launch without an LMS's key. Changing them is enough to get everyone's
/// `ltik`, or to launch as anyone.
const GUARDED: [&str; 18] = [
    "/launchUrl",
    "/deepLinkingUrl",
    "/launch/targetOrigins",
    "/launch/targetMayDiffer",
    "/launch/trustedAudiences",
    "/registration/preApproval/url",
    "/studyreel/enabled",
    "/studyreel/issuers",
    "/studyreel/deployments",
    "/studyreel/dialects",
    "/studyreel/requireCapability",
    "/studyreel/sandbox",
    "/studyreel/landingPath",
    "/studyreel/signature",
    "/studyreel/secretHeader",
    "/studyreel/sources",
    "/studyreel/secrets",
    "/studyreel/provisioning",
];

/// Whether a setting's new value, the second one, lets in and deletes less than the one before.
type IsStricter = fn(&Value, &Value) -> bool;

/// Settings that let in or delete more with some values than with others.
const LOOSENED: [(&str, IsStricter); 26] = [
    ("/registration/enabled", is_off),
    ("/registration/open", is_off),
    ("/registration/confirm", is_on),
    ("/registration/autoActivate", is_off),
    ("/registration/preApproval/enabled", is_on),
    ("/launch/anonymous", |_, after| {
        after.as_str() == Some("refuse")
    }),
    ("/launch/leewaySeconds", is_less),
    ("/launch/maxAgeSeconds", is_less),
    ("/launch/maxTokenKilobytes", is_less),
    ("/studyreel/skewSeconds", is_less),
    ("/studyreel/maxAgeSeconds", is_less),
    ("/studyreel/loginLinkSeconds", is_less),
    ("/studyreel/replay", |_, after| {
        after.as_str() == Some("either")
    }),
    ("/studyreel/limits/perStudent", is_lower_limit),
    ("/studyreel/limits/perDeployment", is_lower_limit),
    ("/studyreel/limits/perSource", is_lower_limit),
    ("/limits/loginsPerAddress", is_lower_limit),
    ("/limits/launchesPerAddress", is_lower_limit),
    ("/limits/registrationsPerAddress", is_lower_limit),
    ("/limits/waitingRegistrations", is_lower_limit),
    ("/limits/keySetsPerAddress", is_lower_limit),
    ("/limits/portalPerAddress", is_lower_limit),
    ("/retention/launchMinutes", is_more),
    // Zero keeps none.
    ("/retention/traceMinutes", is_more),
    ("/retention/studentDays", is_kept_longer),
    ("/grades/keepDays", is_more),
];

fn is_on(_: &Value, after: &Value) -> bool {
    after.as_bool() == Some(true)
}

fn is_off(_: &Value, after: &Value) -> bool {
    after.as_bool() == Some(false)
}

/// Whether less is allowed. Without a number before, anything was.
fn is_less(before: &Value, after: &Value) -> bool {
    let before = before.as_u64();
    let is_below = |after: u64| before.is_none_or(|before| after < before);
    after.as_u64().is_some_and(is_below)
}

fn is_more(before: &Value, after: &Value) -> bool {
    after.as_u64() > before.as_u64()
}

/// A number, of which zero is the greatest: no limit, or no end.
fn endless(value: &Value) -> Option<u64> {
    let number = value.as_u64();
    number.map(|number| if number == 0 { u64::MAX } else { number })
}

fn is_lower_limit(before: &Value, after: &Value) -> bool {
    let both = endless(before).zip(endless(after));
    both.is_some_and(|(before, after)| after < before)
}

fn is_kept_longer(before: &Value, after: &Value) -> bool {
    endless(after) > endless(before)
}

/// Whether a patch of these settings changes any of these. The API refuses what can't be read.
pub(super) fn is_guarded(now: &Value, defaults: &Value, body: &Bytes) -> bool {
    let patch = Value::Object(json_object(body).unwrap_or_default());
    let mut guarded = GUARDED.iter();
    let is_changed = guarded.any(|at| {
        let before = now.pointer(at).unwrap_or(&Value::Null);
        changes(before, patch.pointer(at)) || is_reset(&patch, at)
    });
    is_changed || is_loosened(now, defaults, &patch)
}

/// Whether a patch lets in or deletes more than before: LMSs that no one looks at first, guests,
/// tokens that were sent long ago, students who would have been kept. What isn't clearly stricter
/// counts as looser.
fn is_loosened(now: &Value, defaults: &Value, patch: &Value) -> bool {
    LOOSENED.iter().any(|(at, is_stricter)| {
        let before = now.pointer(at).unwrap_or(&Value::Null);
        let after = patched(patch, defaults, at);
        after.is_some_and(|after| after != before && !is_stricter(before, after))
    })
}

/// The value that a patch gives a member, if it does: the default if it sets the member, or a part
/// of the settings that this belongs to, to null.
fn patched<'v>(patch: &'v Value, defaults: &'v Value, at: &str) -> Option<&'v Value> {
    let mut given = patch;
    for name in at.split('/').skip(1) {
        if given.is_null() {
            break;
        }
        given = given.get(name)?;
    }
    match given {
        Value::Null => Some(defaults.pointer(at).unwrap_or(&Value::Null)),
        given => Some(given),
    }
}

/// Whether a member that may be left out has another value.
fn changes(before: &Value, after: Option<&Value>) -> bool {
    match (before, after) {
        (_, None) => false,
        (Value::Object(before), Some(Value::Object(after))) => after.iter().any(|(name, after)| {
            let before = before.get(name).unwrap_or(&Value::Null);
            changes(before, Some(after))
        }),
        (before, Some(after)) => before != after,
    }
}

/// Whether a patch sets a part of the settings that this belongs to back to its defaults.
fn is_reset(patch: &Value, at: &str) -> bool {
    let parts = at.match_indices('/').skip(1);
    let mut parts = parts.filter_map(|(end, _)| patch.pointer(at.get(..end)?));
    parts.any(Value::is_null)
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::*;
    use crate::settings::tool::ToolSettings;

    fn defaults() -> Value {
        serde_json::to_value(ToolSettings::default()).unwrap_or_default()
    }

    /// Settings with one member.
    fn only(at: &str, value: &Value) -> Value {
        let names = at.rsplit('/').filter(|name| !name.is_empty());
        names.fold(value.clone(), |inner, name| {
            Value::Object(Map::from_iter([(name.to_owned(), inner)]))
        })
    }

    fn asks(at: &str, before: &Value, after: &Value) -> bool {
        let patch = Bytes::from(only(at, after).to_string());
        is_guarded(&only(at, before), &defaults(), &patch)
    }

    #[test]
    fn looser_values_of_each_member_ask_and_stricter_ones_do_not() {
        let looser = [
            ("/registration/enabled", json!(false), json!(true)),
            ("/registration/open", json!(false), json!(true)),
            ("/registration/confirm", json!(true), json!(false)),
            ("/registration/autoActivate", json!(false), json!(true)),
            (
                "/registration/preApproval/enabled",
                json!(true),
                json!(false),
            ),
            ("/launch/anonymous", json!("refuse"), json!("allow")),
            ("/launch/leewaySeconds", json!(60), json!(61)),
            ("/launch/maxAgeSeconds", json!(600), json!(601)),
            ("/launch/maxTokenKilobytes", json!(64), json!(65)),
            ("/studyreel/skewSeconds", json!(120), json!(121)),
            ("/studyreel/maxAgeSeconds", json!(600), Value::Null),
            ("/studyreel/loginLinkSeconds", json!(300), json!(301)),
            ("/studyreel/replay", json!("either"), json!("pair")),
            ("/studyreel/limits/perStudent", json!(60), json!(0)),
            ("/studyreel/limits/perDeployment", json!(60), json!(61)),
            ("/studyreel/limits/perSource", json!(60), json!(0)),
            ("/limits/loginsPerAddress", json!(60), json!(0)),
            ("/limits/launchesPerAddress", json!(60), json!(61)),
            ("/limits/registrationsPerAddress", json!(60), json!(0)),
            ("/limits/waitingRegistrations", json!(60), json!(61)),
            ("/limits/keySetsPerAddress", json!(60), json!(0)),
            ("/limits/portalPerAddress", json!(60), json!(61)),
            ("/retention/launchMinutes", json!(60), json!(59)),
            ("/retention/traceMinutes", json!(60), json!(0)),
            ("/retention/studentDays", json!(0), json!(60)),
            ("/grades/keepDays", json!(30), json!(29)),
        ];
        let members = LOOSENED.map(|(at, _)| at);
        assert_eq!(looser.each_ref().map(|(at, ..)| *at), members);
        for (at, strict, loose) in &looser {
            assert!(asks(at, strict, loose), "{at}: {strict} to {loose}");
            assert!(!asks(at, loose, strict), "{at}: {loose} to {strict}");
            assert!(!asks(at, loose, loose), "{at}: {loose} again");
        }
        let days = "/retention/studentDays";
        assert!(asks(days, &json!(60), &json!(59)) && !asks(days, &json!(60), &json!(61)));
        // The API refuses it, after the proof.
        assert!(asks(days, &json!(60), &json!("soon")));
    }

    #[test]
    fn no_limit_and_nothing_that_is_kept_is_left_out() {
        let defaults = defaults();
        let is_listed = |wanted: &str| LOOSENED.iter().any(|(at, _)| *at == wanted);
        for part in ["/limits", "/studyreel/limits", "/retention"] {
            let members = defaults.pointer(part).and_then(Value::as_object);
            let names: Vec<&String> = members.into_iter().flat_map(Map::keys).collect();
            assert!(!names.is_empty(), "{part}");
            for name in names {
                assert!(is_listed(&format!("{part}/{name}")), "{part}/{name}");
            }
        }
        let unset = ["/studyreel/maxAgeSeconds"];
        let missing = LOOSENED
            .map(|(at, _)| at)
            .into_iter()
            .filter(|at| defaults.pointer(at).is_none());
        assert_eq!(missing.collect::<Vec<_>>(), unset);
    }

    #[test]
    fn a_reset_asks_if_the_default_is_looser() {
        let defaults = defaults();
        let asks = |at: &str, value: u32, patch: &'static str| {
            let mut now = defaults.clone();
            if let Some(member) = now.pointer_mut(at) {
                *member = value.into();
            }
            is_guarded(&now, &defaults, &Bytes::from(patch))
        };
        let limit = "/limits/loginsPerAddress";
        assert!(asks(limit, 10, r#"{"limits": null}"#));
        assert!(asks(limit, 10, r#"{"limits": {"loginsPerAddress": null}}"#));
        assert!(!asks(limit, 0, r#"{"limits": null}"#));
        assert!(!asks(limit, 10, r#"{"retention": null}"#));
        let minutes = "/retention/launchMinutes";
        assert!(!asks(minutes, 60, r#"{"retention": null}"#));
        assert!(!asks(minutes, 60, "null"));
    }
}
