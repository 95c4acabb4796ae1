//! What is recorded for which request.

use self::EntryDetail::{Alone, Asked, Deployment, IfAny, Members, Subject};
use crate::audit::AuditAction;

/// A request of the API that changes something.
#[derive(Debug)]
pub(super) struct ApiChange {
    method: &'static str,
    /// As in `routes.rs`.
    path: &'static str,
    /// The portal's name for the same change.
    pub(super) action: AuditAction,
    pub(super) noted: EntryDetail,
}

/// What an entry says besides who did what. No student, and no secret: entries can't be removed.
#[derive(Clone, Copy, Debug)]
pub(super) enum EntryDetail {
    /// Nothing: the path contains a secret, or names a person.
    Alone,
    /// The id in the path, or in the answer.
    Subject,
    /// The id, and the body.
    Asked,
    /// The id, and these members of the body.
    Members(&'static [&'static str]),
    /// The platform's id, the deployment's id and its status.
    Deployment,
    /// The body, and the number in this member of the answer. Records nothing if the number is 0.
    IfAny(&'static str),
}

const fn row(
    method: &'static str,
    path: &'static str,
    action: AuditAction,
    noted: EntryDetail,
) -> ApiChange {
    ApiChange {
        method,
        path,
        action,
        noted,
    }
}

/// What may be recorded of a webhook: addresses often contain a secret.
const HOOK: EntryDetail = Members(&["events", "active"]);

/// The members of a platform. Its body may have others, which are ignored.
const PLATFORM: EntryDetail = Members(&[
    "url",
    "clientId",
    "name",
    "authenticationEndpoint",
    "accesstokenEndpoint",
    "authConfig",
    "authorizationServer",
    "active",
    "unknownDeployments",
    "keyDelivery",
    "frameOrigins",
    "launch",
    "grades",
]);

const CHANGES: &[ApiChange] = &[
    row("POST", "/admin/tools", AuditAction::ToolMade, Asked),
    row("PATCH", "/admin/tools/{id}", AuditAction::ToolMoved, Asked),
    row(
        "DELETE",
        "/admin/tools/{id}",
        AuditAction::ToolRemoved,
        Subject,
    ),
    row("POST", "/admin/api-keys", AuditAction::ApiKeyMade, Asked),
    row(
        "DELETE",
        "/admin/api-keys/{id}",
        AuditAction::ApiKeyRevoked,
        Subject,
    ),
    row(
        "DELETE",
        "/admin/service-keys/{id}",
        AuditAction::ServiceKeyRevoked,
        Subject,
    ),
    row("POST", "/admin/invites", AuditAction::InvitationMade, Asked),
    row(
        "DELETE",
        "/admin/invites/{id}",
        AuditAction::InvitationRevoked,
        Subject,
    ),
    row(
        "POST",
        "/api/registrations/{id}/complete",
        AuditAction::RegistrationApproved,
        Alone,
    ),
    row(
        "POST",
        "/api/registrations/{id}/cpomplete",
        AuditAction::RegistrationApproved,
        Alone,
    ),
    row(
        "POST",
        "/admin/waiting/{id}/approve",
        AuditAction::RegistrationApproved,
        Members(&["platformName", "autoActivate"]),
    ),
    row(
        "POST",
        "/admin/portal/invitations",
        AuditAction::UserInvited,
        Members(&["role"]),
    ),
    row(
        "DELETE",
        "/admin/portal/invitations/{id}",
        AuditAction::UserLinkWithdrawn,
        Subject,
    ),
    row(
        "PATCH",
        "/admin/portal/users/{id}",
        AuditAction::UserRoleChanged,
        Asked,
    ),
    row(
        "DELETE",
        "/admin/portal/users/{id}",
        AuditAction::UserRemoved,
        Subject,
    ),
    row(
        "DELETE",
        "/admin/portal/users/{id}/sessions",
        AuditAction::UserSessionsEnded,
        Subject,
    ),
    row(
        "DELETE",
        "/admin/portal/users/{id}/sessions/{session}",
        AuditAction::UserSessionsEnded,
        Subject,
    ),
    row(
        "POST",
        "/admin/platforms",
        AuditAction::PlatformCreated,
        PLATFORM,
    ),
    row(
        "PUT",
        "/admin/platforms/{id}",
        AuditAction::PlatformChanged,
        PLATFORM,
    ),
    row(
        "DELETE",
        "/admin/platforms/{id}",
        AuditAction::PlatformDeleted,
        Subject,
    ),
    row(
        "POST",
        "/admin/platforms/{id}/activate",
        AuditAction::PlatformActivated,
        Subject,
    ),
    row(
        "POST",
        "/admin/platforms/{id}/deactivate",
        AuditAction::PlatformDeactivated,
        Subject,
    ),
    row(
        "POST",
        "/admin/platforms/{id}/keys/rotate",
        AuditAction::PlatformKeyRotated,
        Asked,
    ),
    row(
        "PUT",
        "/admin/platforms/{id}/registration",
        AuditAction::PlatformRegistrationSent,
        Subject,
    ),
    row(
        "POST",
        "/admin/platforms/{id}/deployments",
        AuditAction::DeploymentEntered,
        Deployment,
    ),
    row(
        "PATCH",
        "/admin/platforms/{id}/deployments/{deployment}",
        AuditAction::DeploymentDecided,
        Deployment,
    ),
    row(
        "DELETE",
        "/admin/platforms/{id}/deployments/{deployment}",
        AuditAction::DeploymentForgotten,
        Deployment,
    ),
    row(
        "PUT",
        "/admin/platforms/{id}/blocked/{user}",
        AuditAction::PersonBlocked,
        Subject,
    ),
    row(
        "DELETE",
        "/admin/platforms/{id}/blocked/{user}",
        AuditAction::PersonUnblocked,
        Subject,
    ),
    row("POST", "/admin/webhooks", AuditAction::WebhookMade, HOOK),
    row(
        "PATCH",
        "/admin/webhooks/{id}",
        AuditAction::WebhookChanged,
        HOOK,
    ),
    row(
        "DELETE",
        "/admin/webhooks/{id}",
        AuditAction::WebhookDeleted,
        Subject,
    ),
    row(
        "POST",
        "/admin/webhooks/{id}/rotate",
        AuditAction::WebhookRotated,
        Subject,
    ),
    row(
        "POST",
        "/admin/webhooks/{id}/replay",
        AuditAction::WebhookReplayed,
        Asked,
    ),
    row(
        "POST",
        "/admin/learning-paths",
        AuditAction::LearningPathSaved,
        Asked,
    ),
    row(
        "PUT",
        "/admin/learning-paths/{id}",
        AuditAction::LearningPathSaved,
        Asked,
    ),
    row(
        "DELETE",
        "/admin/learning-paths/{id}",
        AuditAction::LearningPathDeleted,
        Subject,
    ),
    row(
        "PATCH",
        "/api/students/{id}",
        AuditAction::StudentChanged,
        Subject,
    ),
    row(
        "POST",
        "/api/students/{id}/subject",
        AuditAction::StudentChanged,
        Subject,
    ),
    row(
        "DELETE",
        "/api/students/{id}",
        AuditAction::StudentErased,
        Subject,
    ),
    row(
        "DELETE",
        "/api/deliveries",
        AuditAction::DeliveriesErased,
        Alone,
    ),
    row(
        "POST",
        "/api/deliveries/retry",
        AuditAction::DeliveriesRetried,
        IfAny("retried"),
    ),
    row(
        "POST",
        "/api/deliveries/reconcile",
        AuditAction::DeliveriesRepaired,
        IfAny("repaired"),
    ),
    row(
        "POST",
        "/api/deliveries/{id}/retry",
        AuditAction::DeliveryRetried,
        Subject,
    ),
    row(
        "POST",
        "/api/deliveries/{id}/cancel",
        AuditAction::DeliveryCancelled,
        Subject,
    ),
];

/// The other prefix of platforms, as LTIAAS's clients know them.
const OTHER_PREFIX: &str = "/api/platforms";

impl ApiChange {
    /// The change that requests to this route make, if it is recorded.
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

    /// Whether the handler finishes its work even if the client no longer waits for the answer.
    pub(super) fn outlives_request(&self) -> bool {
        matches!(
            self.action,
            AuditAction::PlatformDeleted | AuditAction::RegistrationApproved
        )
    }

    /// Method and route.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The id in a path, as far as an unfinished change may have it: not a user's, because everyone
    /// may read its entry (decision 0512).
    pub(super) fn id_in<'p>(&self, path: &'p str) -> &'p str {
        if self.action.is_about_users() || matches!(self.noted, Alone) {
            return "";
        }
        self.parameter(path, "{id}").unwrap_or_default()
    }

    /// The value of this parameter in a path, as sent.
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

    /// Requests that make a change and are not recorded, and why.
    const NOT_NOTED: &[(&str, &str)] = &[
        ("POST /admin/webhooks/{id}/test", "changes nothing"),
        ("POST /admin/platforms/{id}/check", "changes nothing"),
        ("POST /admin/tool/launch-url/test", "changes nothing"),
        ("POST /api/platforms/{id}/check", "changes nothing"),
        ("POST /admin/placement/preview", "changes nothing"),
        ("POST /admin/apply", "notes it before it removes platforms"),
        (
            "PATCH /admin/tool",
            "notes it in the transaction that changes it",
        ),
    ];

    /// Whether an API key alone is enough, without a launch or a place.
    fn is_by_key(operation: &Value) -> bool {
        let mut ways = operation["security"].as_array().into_iter().flatten();
        ways.any(|way| way.get("apiKey").is_some())
    }

    #[test]
    fn every_change_by_an_api_key_is_noted() {
        let document: Value = serde_json::from_str(include_str!("../../openapi.json")).unwrap();
        let paths = document["paths"].as_object().into_iter().flatten();
        let (mut missing, mut found) = (BTreeSet::new(), 0);
        for (path, item) in paths {
            for method in ["post", "put", "patch", "delete"] {
                let name = format!("{} {path}", method.to_uppercase());
                let is_noted = ApiChange::of(&method.to_uppercase(), path).is_some();
                let is_known = NOT_NOTED.iter().any(|(known, _)| *known == name);
                if item.get(method).is_some_and(is_by_key) {
                    found += 1;
                    if !is_noted && !is_known {
                        missing.insert(name);
                    }
                }
            }
        }
        assert_eq!(missing, BTreeSet::new());
        assert!(found > 40, "{found}");
    }

    #[test]
    fn platforms_are_known_by_both_of_their_addresses() {
        let change = ApiChange::of("PATCH", "/api/platforms/{id}/deployments/{deployment}");
        let change = change.map(|change| {
            let path = "/api/platforms/p1/deployments/d%2F1";
            (
                change.action.code(),
                change.parameter(path, "{id}"),
                change.parameter(path, "{deployment}"),
            )
        });
        let users = ApiChange::of("DELETE", "/admin/portal/users/{id}").unwrap();
        assert_eq!(users.id_in("/admin/portal/users/u1"), "");
        let expected = ("deployment.decided", Some("p1"), Some("d%2F1"));
        assert_eq!(change, Some(expected));
        assert!(ApiChange::of("GET", "/admin/platforms").is_none());
        assert!(ApiChange::of("POST", "/api/scores").is_none());
    }
}
