//! What can be recorded: every action with its code and its words. An entry accepts nothing else,
//! so that each one can be explained to people.

use crate::web::texts::{Text, portal_audit as texts};

/// Declares the actions: a name, the code, the text.
macro_rules! actions {
    ($($name:ident $code:literal $words:ident;)+) => {
        /// The action that an entry records.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum AuditAction {
            $($name),+
        }

        impl AuditAction {
            /// All actions.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The code to store. It never changes, or older entries would lose their words.
            pub(crate) const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code),+
                }
            }

            /// The action in a few words.
            pub(crate) const fn words(self) -> Text {
                match self {
                    $(Self::$name => texts::$words),+
                }
            }
        }
    };
}

actions! {
    SessionBegun "session.begun" SIGNED_IN;
    SessionBegunByOidc "session.begunByOidc" SIGNED_IN_BY_OIDC;
    SessionOidcRefused "session.oidcRefused" OIDC_REFUSED;
    SessionEnded "session.ended" SIGNED_OUT;
    UserInvited "user.invited" USER_INVITED;
    UserJoined "user.joined" USER_JOINED;
    UserRemoved "user.removed" USER_REMOVED;
    UserRoleChanged "user.roleChanged" ROLE_CHANGED;
    UserSessionsEnded "user.sessionsEnded" SESSIONS_ENDED;
    UserPasswordChanged "user.passwordChanged" PASSWORD_CHANGED;
    UserPasswordLinkMade "user.passwordLinkMade" PASSWORD_LINK;
    UserLinkWithdrawn "user.linkWithdrawn" LINK_WITHDRAWN;
    UserPasswordReset "user.passwordReset" PASSWORD_RESET;
    UserSecondStepOn "user.secondStepOn" SECOND_STEP_ON;
    UserSecondStepOff "user.secondStepOff" SECOND_STEP_OFF;
    UserOwnerLinkMade "user.ownerLinkMade" OWNER_LINK;
    UserOidcConnected "user.oidcConnected" OIDC_CONNECTED;
    UserOidcDisconnected "user.oidcDisconnected" OIDC_DISCONNECTED;
    ApiKeyMade "api_key.made" KEY_MADE;
    ApiKeyRevoked "api_key.revoked" KEY_REVOKED;
    ServiceKeyRevoked "service_key.revoked" SERVICE_KEY_REVOKED;
    SecretKeyRotated "secret_key.rotated" SECRET_KEY_ROTATED;
    SecretKeyResealed "secret_key.resealed" SECRET_KEY_RESEALED;
    SigningKeysDiscarded "signing_keys.discarded" KEYS_DISCARDED;
    PlatformCreated "platform.created" PLATFORM_CREATED;
    PlatformRegistered "platform.registered" PLATFORM_REGISTERED;
    PlatformRegisteredAgain "platform.registered_again" REGISTERED_AGAIN;
    RegistrationApproved "registration.approved" REGISTRATION_APPROVED;
    PlatformActivated "platform.activated" PLATFORM_ACTIVATED;
    PlatformRefused "platform.refused" PLATFORM_REFUSED;
    PlatformDeactivated "platform.deactivated" PLATFORM_DEACTIVATED;
    PlatformChanged "platform.changed" PLATFORM_CHANGED;
    PlatformDeleted "platform.deleted" PLATFORM_DELETED;
    PlatformKeyRotated "platform.key_rotated" KEY_ROTATED;
    PlatformRegistrationSent "platform.registration_sent" REGISTRATION_SENT;
    PlatformTested "platform.tested" PLATFORM_TESTED;
    PlatformChecked "platform.checked" PLATFORM_CHECKED;
    DeploymentEntered "deployment.entered" DEPLOYMENT_ENTERED;
    DeploymentAdded "deployment.added" DEPLOYMENT_ADDED;
    DeploymentAllowed "deployment.allowed" DEPLOYMENT_ALLOWED;
    DeploymentStopped "deployment.stopped" DEPLOYMENT_STOPPED;
    DeploymentForgotten "deployment.forgotten" DEPLOYMENT_FORGOTTEN;
    DeploymentDecided "deployment.decided" DEPLOYMENT_DECIDED;
    PersonBlocked "person.blocked" PERSON_BLOCKED;
    PersonUnblocked "person.unblocked" PERSON_UNBLOCKED;
    InvitationMade "invitation.made" INVITATION_MADE;
    InvitationRevoked "invitation.revoked" INVITATION_REVOKED;
    DeliveryRetried "delivery.retried" DELIVERY_RETRIED;
    DeliveryCancelled "delivery.cancelled" DELIVERY_CANCELLED;
    DeliveriesRetried "deliveries.retried" DELIVERIES_RETRIED;
    DeliveriesRepaired "deliveries.repaired" DELIVERIES_REPAIRED;
    DeliveriesErased "deliveries.erased" DELIVERIES_ERASED;
    WebhookMade "webhook.made" WEBHOOK_MADE;
    WebhookChanged "webhook.changed" WEBHOOK_CHANGED;
    WebhookRotated "webhook.rotated" WEBHOOK_ROTATED;
    WebhookReplayed "webhook.replayed" WEBHOOK_REPLAYED;
    WebhookDeleted "webhook.deleted" WEBHOOK_DELETED;
    WebhookDisabled "webhook.disabled" WEBHOOK_DISABLED;
    SettingsChanged "settings.changed" SETTINGS_CHANGED;
    ToolChanged "tool.changed" LAUNCH_URL_CHANGED;
    BackupMade "backup.made" BACKUP_MADE;
    ToolMade "tool.made" TOOL_MADE;
    ToolMoved "tool.moved" TOOL_MOVED;
    ToolRenamed "tool.renamed" TOOL_RENAMED;
    ToolOwnerLinkMade "tool.ownerLinkMade" TOOL_OWNER_LINK;
    ToolRemoved "tool.removed" TOOL_REMOVED;
    ToolRegistered "tool.registered" TOOL_REGISTERED;
    ConfigurationApplied "configuration.applied" CONFIGURATION_APPLIED;
    StudentChanged "student.changed" STUDENT_CHANGED;
    StudentErased "student.erased" STUDENT_ERASED;
    LearningPathSaved "learning_path.saved" PATH_SAVED;
    LearningPathDeleted "learning_path.deleted" PATH_DELETED;
    AuditExported "audit.exported" AUDIT_EXPORTED;
    ChangeUnfinished "change.unfinished" CHANGE_UNFINISHED;
}

/// What the codes of entries about users of the portal begin with. They may name their addresses.
pub(super) const ABOUT_USERS: &str = "user.";

impl AuditAction {
    /// Whether its entries are about users of the portal.
    pub(crate) fn is_about_users(self) -> bool {
        self.code().starts_with(ABOUT_USERS)
    }

    /// The action with this code; `None` if only another version knows it.
    pub(crate) fn named(code: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|action| action.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::web::language::Language;

    #[test]
    fn codes_are_used_once_and_lead_to_their_words() {
        let codes: BTreeSet<&str> = AuditAction::ALL
            .iter()
            .map(|action| action.code())
            .collect();
        assert_eq!(codes.len(), AuditAction::ALL.len());
        for action in AuditAction::ALL {
            let code = action.code();
            assert_eq!(AuditAction::named(code), Some(*action));
            assert!(
                code.split_once('.')
                    .is_some_and(|(area, _)| !area.is_empty()),
                "{code}"
            );
        }
        let said = AuditAction::PlatformActivated.words().to(Language::English);
        assert_eq!(said, "Platform activated");
        assert_eq!(AuditAction::named("something.newer"), None);
    }
}
