//! Which changes of the settings take a recent proof of who makes them: those that lead people or
//! data elsewhere, let in more than before, or delete what would have been kept (decision 0511).

use axum::body::Bytes;
use serde_json::Value;

use super::guards::{GUARDS, SettingGuard};
use crate::web::json::json_object;

/// Whether a patch of these settings changes any of these. The API refuses what can't be read.
pub(super) fn is_guarded(now: &Value, defaults: &Value, body: &Bytes) -> bool {
    let patch = Value::Object(json_object(body).unwrap_or_default());
    GUARDS.iter().any(|(at, guard)| {
        let before = now.pointer(at).unwrap_or(&Value::Null);
        match guard {
            SettingGuard::Changed => changes(before, patch.pointer(at)) || is_reset(&patch, at),
            // What isn't clearly stricter counts as looser.
            SettingGuard::Loosened(is_stricter) => {
                let after = patched(&patch, defaults, at);
                after.is_some_and(|after| after != before && !is_stricter(before, after))
            }
            SettingGuard::Free => false,
        }
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
            (
                "/launch/unknownDeployments",
                json!("reject"),
                json!("pending"),
            ),
            ("/launch/leewaySeconds", json!(60), json!(61)),
            ("/launch/maxAgeSeconds", json!(600), json!(601)),
            ("/launch/maxTokenKilobytes", json!(64), json!(65)),
            ("/studyreel/skewSeconds", json!(120), json!(121)),
            ("/studyreel/maxAgeSeconds", json!(600), Value::Null),
            ("/studyreel/replay", json!("either"), json!("pair")),
            ("/studyreel/loginLinkSeconds", json!(300), json!(301)),
            ("/studyreel/redeem", json!("click"), json!("post")),
            ("/studyreel/limits/perStudent", json!(60), json!(0)),
            ("/studyreel/limits/perDeployment", json!(60), json!(61)),
            ("/studyreel/limits/perSource", json!(60), json!(0)),
            ("/limits/loginsPerAddress", json!(60), json!(0)),
            ("/limits/launchesPerAddress", json!(60), json!(61)),
            ("/limits/registrationsPerAddress", json!(60), json!(0)),
            ("/limits/waitingRegistrations", json!(60), json!(61)),
            ("/limits/keySetsPerAddress", json!(60), json!(0)),
            ("/limits/portalPerAddress", json!(60), json!(61)),
            ("/webhooks/keepTryingHours", json!(72), json!(71)),
            ("/grades/teacherWins", json!(true), json!(false)),
            ("/grades/keepTryingHours", json!(72), json!(71)),
            ("/grades/holdNotEnrolledDays", json!(7), json!(0)),
            ("/grades/holdConcludedDays", json!(7), json!(0)),
            ("/grades/lineItemGone", json!("hold"), json!("refuse")),
            ("/grades/keepDays", json!(30), json!(29)),
            ("/retention/launchMinutes", json!(60), json!(59)),
            ("/retention/traceMinutes", json!(60), json!(0)),
            ("/retention/studentDays", json!(0), json!(60)),
        ];
        let guards = GUARDS.iter();
        let members = guards.filter(|(_, guard)| matches!(guard, SettingGuard::Loosened(_)));
        let members: Vec<&str> = members.map(|(at, _)| *at).collect();
        assert_eq!(looser.each_ref().map(|(at, ..)| *at)[..], members[..]);
        for (at, strict, loose) in &looser {
            assert!(asks(at, strict, loose), "{at}: {strict} to {loose}");
            assert!(!asks(at, loose, strict), "{at}: {loose} to {strict}");
            assert!(!asks(at, loose, loose), "{at}: {loose} again");
        }
        let days = "/retention/studentDays";
        assert!(asks(days, &json!(60), &json!(59)) && !asks(days, &json!(60), &json!(61)));
        // The API refuses it, after the proof.
        assert!(asks(days, &json!(60), &json!("soon")));
        for (at, before, after) in [
            ("/launch/unknownDeployments", "pending", "auto"),
            ("/launch/unknownDeployments", "reject", "auto"),
            ("/studyreel/redeem", "post", "get"),
            ("/studyreel/redeem", "click", "get"),
            ("/grades/lineItemGone", "refuse", "recreate"),
            ("/launch/unknownDeployments", "pending", "anyone"),
        ] {
            assert!(asks(at, &json!(before), &json!(after)), "{at}: {after}");
        }
        assert!(!asks("/name", &json!("Quiz"), &json!("Halves")));
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
