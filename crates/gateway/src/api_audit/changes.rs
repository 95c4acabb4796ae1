//! What is noted of which request.

use self::Noted::{Alone, Asked, Deployment, Members, Plan, Settings, Subject};

/// A request of the API that changes something.
#[derive(Debug)]
pub(super) struct ApiChange {
    method: &'static str,
    /// As in `routes.rs`.
    path: &'static str,
    /// The portal's name for the same change.
    pub(super) action: &'static str,
    pub(super) noted: Noted,
}

/// What an entry says beside who did what. No student, and no secret: entries stay.
#[derive(Clone, Copy, Debug)]
pub(super) enum Noted {
    /// Nothing: the path itself is a secret, or names a person.
    Alone,
    /// The id in the path, or in the answer.
    Subject,
    /// That, and the body.
    Asked,
    /// That, and these members of the body.
    Members(&'static [&'static str]),
    /// The platform's id, the deployment's, and the body.
    Deployment,
    /// The settings that the body names, before and after.
    Settings,
    /// What was planned and carried out.
    Plan,
}

const fn row(
    method: &'static str,
    path: &'static str,
    action: &'static str,
    noted: Noted,
) -> ApiChange {
    ApiChange {
        method,
        path,
        action,
        noted,
    }
}

/// What webhooks may tell: addresses often have a secret in them.
const HOOK: Noted = Members(&["events", "active"]);

const CHANGES: &[ApiChange] = &[
    row("PATCH", "/admin/tool", "settings.changed", Settings),
    row("POST", "/admin/apply", "configuration.applied", Plan),
    row("POST", "/admin/tools", "tool.made", Asked),
    row("PATCH", "/admin/tools/{id}", "tool.moved", Asked),
    row("DELETE", "/admin/tools/{id}", "tool.removed", Subject),
    row("POST", "/admin/api-keys", "api_key.made", Asked),
    row("DELETE", "/admin/api-keys/{id}", "api_key.revoked", Subject),
    row(
        "DELETE",
        "/admin/service-keys/{id}",
        "service_key.revoked",
        Subject,
    ),
    row("POST", "/admin/invites", "invitation.made", Asked),
    row(
        "DELETE",
        "/admin/invites/{id}",
        "invitation.revoked",
        Subject,
    ),
    row(
        "POST",
        "/api/registrations/{id}/complete",
        "registration.approved",
        Alone,
    ),
    row(
        "POST",
        "/api/registrations/{id}/cpomplete",
        "registration.approved",
        Alone,
    ),
    row("POST", "/admin/platforms", "platform.created", Asked),
    row("PUT", "/admin/platforms/{id}", "platform.changed", Asked),
    row(
        "DELETE",
        "/admin/platforms/{id}",
        "platform.deleted",
        Subject,
    ),
    row(
        "POST",
        "/admin/platforms/{id}/activate",
        "platform.activated",
        Subject,
    ),
    row(
        "POST",
        "/admin/platforms/{id}/deactivate",
        "platform.deactivated",
        Subject,
    ),
    row(
        "POST",
        "/admin/platforms/{id}/keys/rotate",
        "platform.key_rotated",
        Asked,
    ),
    row(
        "PUT",
        "/admin/platforms/{id}/registration",
        "platform.registration_sent",
        Subject,
    ),
    row(
        "POST",
        "/admin/platforms/{id}/deployments",
        "deployment.entered",
        Deployment,
    ),
    row(
        "PATCH",
        "/admin/platforms/{id}/deployments/{deployment}",
        "deployment.decided",
        Deployment,
    ),
    row(
        "DELETE",
        "/admin/platforms/{id}/deployments/{deployment}",
        "deployment.forgotten",
        Deployment,
    ),
    row(
        "PUT",
        "/admin/platforms/{id}/blocked/{user}",
        "person.blocked",
        Subject,
    ),
    row(
        "DELETE",
        "/admin/platforms/{id}/blocked/{user}",
        "person.unblocked",
        Subject,
    ),
    row("POST", "/admin/webhooks", "webhook.made", HOOK),
    row("PATCH", "/admin/webhooks/{id}", "webhook.changed", HOOK),
    row("DELETE", "/admin/webhooks/{id}", "webhook.deleted", Subject),
    row(
        "POST",
        "/admin/webhooks/{id}/rotate",
        "webhook.rotated",
        Subject,
    ),
    row(
        "POST",
        "/admin/webhooks/{id}/replay",
        "webhook.replayed",
        Asked,
    ),
    row(
        "POST",
        "/admin/learning-paths",
        "learning_path.saved",
        Asked,
    ),
    row(
        "PUT",
        "/admin/learning-paths/{id}",
        "learning_path.saved",
        Asked,
    ),
    row(
        "DELETE",
        "/admin/learning-paths/{id}",
        "learning_path.deleted",
        Subject,
    ),
    row("PATCH", "/api/students/{id}", "student.changed", Subject),
    row(
        "POST",
        "/api/students/{id}/subject",
        "student.changed",
        Subject,
    ),
    row("DELETE", "/api/students/{id}", "student.erased", Subject),
    row("DELETE", "/api/deliveries", "deliveries.erased", Alone),
];

/// The other prefix of platforms, as LTIAAS's clients know them.
const OTHER_PREFIX: &str = "/api/platforms";

impl ApiChange {
    /// What a request to this route changes, if that is noted.
    pub(super) fn of(method: &str, route: &str) -> Option<&'static Self> {
        let rest = route.strip_prefix(OTHER_PREFIX);
        let fits = |path: &str| match rest {
            Some(rest) => path.strip_prefix("/admin/platforms") == Some(rest),
            None => path == route,
        };
        CHANGES
            .iter()
            .find(|change| change.method == method && fits(change.path))
    }

    /// The text of this parameter in a path, as it was sent.
    pub(super) fn parameter<'p>(&self, path: &'p str, name: &str) -> Option<&'p str> {
        let at = self.path.split('/').position(|part| part == name)?;
        path.split('/').nth(at).filter(|value| !value.is_empty())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    /// Requests that change something and are not noted, and why.
    const NOT_NOTED: &[(&str, &str)] = &[
        ("POST /admin/webhooks/{id}/test", "changes nothing"),
        ("POST /admin/platforms/{id}/check", "changes nothing"),
        ("POST /admin/placement/preview", "changes nothing"),
    ];

    #[test]
    fn every_change_by_an_operator_is_noted() {
        let document: Value = serde_json::from_str(include_str!("../../openapi.json")).unwrap();
        let paths = document["paths"].as_object().into_iter().flatten();
        let mut missing = BTreeSet::new();
        for (path, item) in paths.filter(|(path, _)| path.starts_with("/admin/")) {
            for method in ["post", "put", "patch", "delete"] {
                let name = format!("{} {path}", method.to_uppercase());
                let is_noted = ApiChange::of(&method.to_uppercase(), path).is_some();
                let is_known = NOT_NOTED.iter().any(|(known, _)| *known == name);
                if item.get(method).is_some() && !is_noted && !is_known {
                    missing.insert(name);
                }
            }
        }
        assert_eq!(missing, BTreeSet::new());
    }

    #[test]
    fn platforms_are_known_by_both_of_their_addresses() {
        let change = ApiChange::of("PATCH", "/api/platforms/{id}/deployments/{deployment}");
        let change = change.map(|change| {
            let path = "/api/platforms/p1/deployments/d%2F1";
            (
                change.action,
                change.parameter(path, "{id}"),
                change.parameter(path, "{deployment}"),
            )
        });
        let expected = ("deployment.decided", Some("p1"), Some("d%2F1"));
        assert_eq!(change, Some(expected));
        assert!(ApiChange::of("GET", "/admin/platforms").is_none());
        assert!(ApiChange::of("POST", "/api/scores").is_none());
    }
}
