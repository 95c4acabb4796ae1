//! What was done, in words: entries of the audit have codes.

use crate::web::texts::{Text, portal_audit as texts};

/// An action in a few words; `None` for one that an earlier or later version wrote.
pub(crate) fn action_name(code: &str) -> Option<Text> {
    Some(match code {
        "session.begun" => texts::SIGNED_IN,
        "session.begunByOidc" => texts::SIGNED_IN_BY_OIDC,
        "session.oidcRefused" => texts::OIDC_REFUSED,
        "user.invited" => texts::USER_INVITED,
        "user.joined" => texts::USER_JOINED,
        "user.removed" => texts::USER_REMOVED,
        "user.roleChanged" => texts::ROLE_CHANGED,
        "user.sessionsEnded" => texts::SESSIONS_ENDED,
        "user.passwordChanged" => texts::PASSWORD_CHANGED,
        "user.passwordLinkMade" => texts::PASSWORD_LINK,
        "user.linkWithdrawn" => texts::LINK_WITHDRAWN,
        "user.passwordReset" => texts::PASSWORD_RESET,
        "user.secondStepOn" => texts::SECOND_STEP_ON,
        "user.secondStepOff" => texts::SECOND_STEP_OFF,
        "user.oidcConnected" => texts::OIDC_CONNECTED,
        "user.oidcDisconnected" => texts::OIDC_DISCONNECTED,
        "api_key.made" => texts::KEY_MADE,
        "api_key.revoked" => texts::KEY_REVOKED,
        "service_key.revoked" => texts::SERVICE_KEY_REVOKED,
        "platform.created" => texts::PLATFORM_CREATED,
        "registration.approved" => texts::REGISTRATION_APPROVED,
        "platform.activated" => texts::PLATFORM_ACTIVATED,
        "platform.refused" => texts::PLATFORM_REFUSED,
        "platform.deactivated" => texts::PLATFORM_DEACTIVATED,
        "platform.changed" => texts::PLATFORM_CHANGED,
        "platform.deleted" => texts::PLATFORM_DELETED,
        "platform.key_rotated" => texts::KEY_ROTATED,
        "platform.registration_sent" => texts::REGISTRATION_SENT,
        "deployment.entered" => texts::DEPLOYMENT_ENTERED,
        "deployment.allowed" => texts::DEPLOYMENT_ALLOWED,
        "deployment.stopped" => texts::DEPLOYMENT_STOPPED,
        "deployment.forgotten" => texts::DEPLOYMENT_FORGOTTEN,
        "deployment.decided" => texts::DEPLOYMENT_DECIDED,
        "person.blocked" => texts::PERSON_BLOCKED,
        "person.unblocked" => texts::PERSON_UNBLOCKED,
        "invitation.made" => texts::INVITATION_MADE,
        "invitation.revoked" => texts::INVITATION_REVOKED,
        "delivery.retried" => texts::DELIVERY_RETRIED,
        "delivery.cancelled" => texts::DELIVERY_CANCELLED,
        "deliveries.retried" => texts::DELIVERIES_RETRIED,
        "webhook.made" => texts::WEBHOOK_MADE,
        "webhook.changed" => texts::WEBHOOK_CHANGED,
        "webhook.rotated" => texts::WEBHOOK_ROTATED,
        "webhook.replayed" => texts::WEBHOOK_REPLAYED,
        "webhook.deleted" => texts::WEBHOOK_DELETED,
        "settings.changed" => texts::SETTINGS_CHANGED,
        "tool.changed" => texts::LAUNCH_URL_CHANGED,
        "configuration.applied" => texts::CONFIGURATION_APPLIED,
        "deliveries.erased" => texts::DELIVERIES_ERASED,
        "tool.made" => texts::TOOL_MADE,
        "tool.moved" => texts::TOOL_MOVED,
        "tool.removed" => texts::TOOL_REMOVED,
        "student.changed" => texts::STUDENT_CHANGED,
        "student.erased" => texts::STUDENT_ERASED,
        "learning_path.saved" => texts::PATH_SAVED,
        "learning_path.deleted" => texts::PATH_DELETED,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::language::Language;

    #[test]
    fn actions_have_words_and_unknown_ones_keep_their_code() {
        let said = |code| action_name(code).map(|text| text.to(Language::English));
        assert_eq!(said("platform.activated"), Some("Platform activated"));
        assert_eq!(said("something.newer"), None);
    }
}
