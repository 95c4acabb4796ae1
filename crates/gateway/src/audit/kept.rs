//! What an entry may contain and show, whichever code writes it: no student, because entries can't
//! be erased, and no secret, because every role can read the log
//! (docs/decisions/0267-an-entry-holds-no-student-and-no-secret.md).

use serde_json::Value;

use super::entry::AuditDetails;
use crate::kit::masked::mask_change_at;
use crate::settings::addresses::CALLED;

/// Prefixes of actions whose subject may be named: users of the portal, and what they and programs
/// create. All other areas are about students, or could be.
const NAMED: [&str; 14] = [
    "api_key.",
    "audit.",
    "configuration.",
    "deployment.",
    "invitation.",
    "learning_path.",
    "platform.",
    "registration.",
    "service_key.",
    "session.",
    "settings.",
    "tool.",
    "user.",
    "webhook.",
];

/// Removes what an entry must not contain. Entries of older versions may still contain it: changing
/// them would break the chain.
pub(super) fn kept(action: &str, details: AuditDetails) -> AuditDetails {
    let AuditDetails {
        by,
        of,
        mut before,
        mut after,
    } = details;
    let may_be_named = NAMED.iter().any(|area| action.starts_with(area));
    if action.starts_with("webhook.") {
        hide(&mut before, &mut after, "/url");
    }
    for pointer in CALLED {
        hide(&mut before, &mut after, pointer);
        // The entry of a new tool contains its settings.
        hide(&mut before, &mut after, &format!("/settings{pointer}"));
    }
    AuditDetails {
        by,
        of: of.filter(|_| may_be_named),
        before,
        after,
    }
}

fn hide(before: &mut Option<Value>, after: &mut Option<Value>, pointer: &str) {
    let (mut no_before, mut no_after) = (Value::Null, Value::Null);
    let before = before.as_mut().unwrap_or(&mut no_before);
    let after = after.as_mut().unwrap_or(&mut no_after);
    mask_change_at(before, after, pointer);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entry(action: &str, before: Value, after: Value) -> AuditDetails {
        let details = AuditDetails {
            by: "Ines".into(),
            of: Some("Ada Moss".into()),
            before: Some(before),
            after: Some(after),
        };
        kept(action, details)
    }

    #[test]
    fn only_what_is_no_student_has_a_name() {
        for (action, is_named) in [
            ("user.invited", true),
            ("platform.created", true),
            ("webhook.made", true),
            ("student.changed", false),
            ("person.blocked", false),
            ("deliveries.retried", false),
            ("delivery.cancelled", false),
            ("something.newer", false),
        ] {
            let kept = entry(action, json!(null), json!({"status": "active"}));
            assert_eq!(
                (kept.of.is_some(), &*kept.by),
                (is_named, "Ines"),
                "{action}"
            );
            assert_eq!(kept.after, Some(json!({"status": "active"})));
        }
    }

    #[test]
    fn no_address_that_is_called_is_kept_whole() {
        let secret = "https://app.example/hook?key=secret";
        let shown = "https://app.example/…";
        let hook = entry(
            "webhook.made",
            json!(null),
            json!({"url": secret, "events": []}),
        );
        assert_eq!(hook.after, Some(json!({"url": shown, "events": []})));
        let settings =
            |url: &str| json!({"name": "x", "studyreel": {"provisioning": {"url": url}}});
        let changed = entry(
            "settings.changed",
            settings(secret),
            settings("https://b.example/x"),
        );
        assert_eq!(changed.before, Some(settings(shown)));
        assert_eq!(changed.after, Some(settings("https://b.example/…")));
        let made = entry(
            "tool.made",
            json!(null),
            json!({"host": "b", "settings": settings(secret)}),
        );
        assert_eq!(
            made.after,
            Some(json!({"host": "b", "settings": settings(shown)}))
        );
        // Addresses that browsers open are not secret.
        let launch = json!({"launchUrl": "https://app.example/launch?own=1"});
        let changed = entry("settings.changed", json!(null), launch.clone());
        assert_eq!(changed.after, Some(launch));
        let none = AuditDetails::default();
        assert_eq!(kept("webhook.made", none).after, None);
    }
}
