//! Which of the tool's settings are guarded, and how: every member is here, or what it belongs to
//! (decision 0511).

use serde_json::Value;

/// Whether a setting's new value, the second one, lets in and deletes less than the one before.
type IsStricter = fn(&Value, &Value) -> bool;

/// When a change of a setting takes a recent proof of who makes it.
pub(super) enum SettingGuard {
    /// Always. It says where launches, registrations and students' data lead, whose launches are
    /// taken, or who may launch without an LMS's key: changing it is enough to get everyone's
    /// `ltik`, or to launch as anyone.
    Changed,
    /// Unless the new value is stricter.
    Loosened(IsStricter),
    /// Never.
    Free,
}

use SettingGuard::{Changed, Free, Loosened};

/// Every setting.
pub(super) static GUARDS: [(&str, SettingGuard); 72] = [
    ("/name", Free),
    ("/names", Free),
    ("/description", Free),
    ("/logoUrl", Free),
    ("/theme", Free),
    ("/launchUrl", Changed),
    ("/deepLinkingUrl", Changed),
    // What the LMS is asked for: its administrator decides what it gives.
    ("/services", Free),
    ("/messages", Free),
    ("/privacyLevel", Free),
    ("/customParameters", Free),
    ("/extensions", Free),
    ("/registration/enabled", Loosened(is_off)),
    ("/registration/open", Loosened(is_off)),
    ("/registration/confirm", Loosened(is_on)),
    ("/registration/autoActivate", Loosened(is_off)),
    ("/registration/preApproval/enabled", Loosened(is_on)),
    ("/registration/preApproval/url", Changed),
    ("/launch/anonymous", Loosened(|_, after| after == "refuse")),
    (
        "/launch/unknownDeployments",
        Loosened(|before, after| is_earlier(&["reject", "pending", "auto"], before, after)),
    ),
    // About the students and teachers of an LMS that was let in.
    ("/launch/deepLinkingBy", Free),
    ("/launch/leewaySeconds", Loosened(is_less)),
    ("/launch/maxAgeSeconds", Loosened(is_less)),
    ("/launch/targetMayDiffer", Changed),
    ("/launch/targetOrigins", Changed),
    ("/launch/trustedAudiences", Changed),
    ("/launch/maxTokenKilobytes", Loosened(is_less)),
    ("/launch/showReasons", Free),
    ("/studyreel/enabled", Changed),
    ("/studyreel/issuers", Changed),
    ("/studyreel/deployments", Changed),
    ("/studyreel/dialects", Changed),
    ("/studyreel/requireCapability", Changed),
    ("/studyreel/sandbox", Changed),
    // Another zone makes launches current that ended hours ago.
    ("/studyreel/timeZone", Changed),
    ("/studyreel/skewSeconds", Loosened(is_less)),
    ("/studyreel/maxAgeSeconds", Loosened(is_less)),
    ("/studyreel/replay", Loosened(|_, after| after == "either")),
    ("/studyreel/landingPath", Changed),
    ("/studyreel/loginLinkSeconds", Loosened(is_less)),
    (
        "/studyreel/redeem",
        Loosened(|before, after| is_earlier(&["click", "post", "get"], before, after)),
    ),
    ("/studyreel/placement", Free),
    ("/studyreel/signature", Changed),
    ("/studyreel/secretHeader", Changed),
    ("/studyreel/sources", Changed),
    ("/studyreel/secrets", Changed),
    ("/studyreel/limits/perStudent", Loosened(is_lower_limit)),
    ("/studyreel/limits/perDeployment", Loosened(is_lower_limit)),
    ("/studyreel/limits/perSource", Loosened(is_lower_limit)),
    ("/studyreel/provisioning", Changed),
    ("/keys", Free),
    ("/limits/loginsPerAddress", Loosened(is_lower_limit)),
    ("/limits/launchesPerAddress", Loosened(is_lower_limit)),
    ("/limits/registrationsPerAddress", Loosened(is_lower_limit)),
    ("/limits/waitingRegistrations", Loosened(is_lower_limit)),
    ("/limits/keySetsPerAddress", Loosened(is_lower_limit)),
    ("/limits/portalPerAddress", Loosened(is_lower_limit)),
    ("/traces", Free),
    ("/webhooks/schedule", Free),
    ("/webhooks/keepTryingHours", Loosened(is_more)),
    ("/grades/delivery", Free),
    // Otherwise teachers' grades are overwritten.
    ("/grades/teacherWins", Loosened(is_on)),
    ("/grades/schedule", Free),
    // What waits for longer than this is given up.
    ("/grades/keepTryingHours", Loosened(is_more)),
    ("/grades/holdNotEnrolledDays", Loosened(is_more)),
    ("/grades/holdConcludedDays", Loosened(is_more)),
    ("/grades/lineItemGone", Loosened(|_, after| after == "hold")),
    ("/grades/parallelPerPlatform", Free),
    ("/grades/keepDays", Loosened(is_more)),
    ("/retention/launchMinutes", Loosened(is_more)),
    // Zero keeps none.
    ("/retention/traceMinutes", Loosened(is_more)),
    ("/retention/studentDays", Loosened(is_kept_longer)),
];

fn is_on(_: &Value, after: &Value) -> bool {
    after.as_bool() == Some(true)
}

fn is_off(_: &Value, after: &Value) -> bool {
    after.as_bool() == Some(false)
}

/// Whether the new choice comes before the old one, in the order from the strictest.
fn is_earlier(order: &[&str], before: &Value, after: &Value) -> bool {
    let place = |value: &Value| order.iter().position(|name| value == name);
    let both = place(before).zip(place(after));
    both.is_some_and(|(before, after)| after < before)
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Collects the members of a schema; those of an object are its own members.
    fn collect(schema: &Value, schemas: &Value, at: &str, found: &mut BTreeSet<String>) {
        let kinds = ["allOf", "oneOf"].iter();
        let parts = kinds.filter_map(|kind| schema.get(kind)?.as_array());
        let mut named = parts.flatten().chain([schema]);
        let named = named.find_map(|part| part.get("$ref")?.as_str()?.rsplit('/').next());
        let schema = named.map_or(schema, |name| &schemas[name]);
        match schema.get("properties").and_then(Value::as_object) {
            None => {
                found.insert(at.to_owned());
            }
            Some(members) => {
                for (name, member) in members {
                    collect(member, schemas, &format!("{at}/{name}"), found);
                }
            }
        }
    }

    #[test]
    fn every_setting_has_a_guard_or_needs_none() {
        let document = include_str!("../../../openapi.json");
        let document: Value = serde_json::from_str(document).unwrap();
        let schemas = &document["components"]["schemas"];
        let mut members = BTreeSet::new();
        collect(&schemas["ToolSettings"], schemas, "", &mut members);
        assert!(members.len() > 80, "{members:?}");
        let is_part = |member: &str, part: &str| {
            let rest = member.strip_prefix(part);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        for member in &members {
            let guards = GUARDS.iter().filter(|(part, _)| is_part(member, part));
            assert_eq!(guards.count(), 1, "{member}");
        }
        for (part, guard) in &GUARDS {
            let is_whole = members.contains(*part);
            let is_known = is_whole || members.iter().any(|member| is_part(member, part));
            assert!(is_known, "{part}");
            assert!(is_whole || !matches!(guard, Loosened(_)), "{part}");
        }
    }
}
