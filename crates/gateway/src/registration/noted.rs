//! What the audit records of a registration. The LMS asks for it, so the entry is the server's
//! (docs/decisions/0525-the-audit-has-what-lmss-change.md).

use serde_json::{Map, Value, json};
use store::platforms::PlatformRow;

use crate::audit::{Actor, AuditAction, AuditEntry};

/// The entry about a platform that registered for the first time.
pub(super) fn registered(platform: &PlatformRow, deployment_id: Option<&str>) -> AuditEntry {
    let mut after = json!({
        "url": platform.issuer,
        "clientId": platform.client_id,
        "active": platform.active,
    });
    if let Some(id) = deployment_id {
        after["deploymentId"] = id.into();
    }
    entry(AuditAction::PlatformRegistered, platform).after(after)
}

/// The entry about a platform that registered again, with what that changed.
pub(super) fn registered_again(before: &PlatformRow, after: &PlatformRow) -> AuditEntry {
    let (mut was, mut is) = (refreshed(before), refreshed(after));
    is.retain(|name, value| was.get(name) != Some(&*value));
    was.retain(|name, _| is.contains_key(name));
    let entry = entry(AuditAction::PlatformRegisteredAgain, after);
    entry.before(was).after(is)
}

fn entry(action: AuditAction, platform: &PlatformRow) -> AuditEntry {
    let (tool_id, id) = (&platform.tool_id, &*platform.id);
    AuditEntry::new(tool_id, Actor::server(), action, id).named(&*platform.name)
}

/// The members that a further registration may change.
fn refreshed(platform: &PlatformRow) -> Map<String, Value> {
    let address = platform.addressed_as.as_ref().unwrap_or(&platform.id);
    let members = [
        ("productFamilyCode", json!(platform.family)),
        ("productVersion", json!(platform.version)),
        ("scopes", json!(platform.scopes)),
        // What our addresses for it end in.
        ("addressedAs", json!(address)),
    ];
    let members = members.into_iter();
    members
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
