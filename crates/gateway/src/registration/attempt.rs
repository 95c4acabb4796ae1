//! A registration in progress: what the platform offers, and the settings for this one.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lti::registration::{PrivacyLevel, ToolRegistration};

use super::offer::PlatformOffer;
use super::preset::{Decision, Preset};
use super::wanted::wanted;
use crate::kit::seal;
use crate::settings::public_url::PublicUrl;
use crate::settings::tool::ToolSettings;

/// A registration in progress.
pub(super) struct RegistrationAttempt {
    /// What the platform offers.
    pub(super) offer: PlatformOffer,
    /// The settings for this registration.
    pub(super) preset: Preset,
    /// The invite that was used.
    pub(super) invite_id: Option<String>,
}

impl RegistrationAttempt {
    /// How it is decided: by the invite, otherwise by the tool's settings.
    pub(super) fn decision(&self, settings: &ToolSettings) -> Decision {
        let settings = &settings.registration;
        self.preset.mode.unwrap_or(
            match (settings.pre_approval.enabled, settings.auto_activate) {
                (true, _) => Decision::PreApproval,
                (false, true) => Decision::Automatic,
                (false, false) => Decision::Approval,
            },
        )
    }

    /// Whether the platform becomes active as soon as it is registered.
    pub(super) fn activates(&self, settings: &ToolSettings) -> bool {
        self.preset
            .auto_activate
            .unwrap_or(self.decision(settings) == Decision::Automatic)
    }

    /// Whether the administrator must confirm it first.
    pub(super) fn asks_first(&self, settings: &ToolSettings) -> bool {
        let confirm = self.preset.confirm;
        confirm.unwrap_or(settings.registration.confirm)
    }

    /// Whether it will wait for someone: the administrator, the tool, or the tool's owner.
    pub(super) fn waits(&self, settings: &ToolSettings) -> bool {
        self.asks_first(settings) || !self.activates(settings)
    }

    /// How much personal data is requested.
    pub(super) fn privacy(&self, settings: &ToolSettings) -> PrivacyLevel {
        self.preset.privacy_level.unwrap_or(settings.privacy_level)
    }

    /// The platform's display name.
    pub(super) fn platform_name(&self) -> String {
        let named = self.preset.platform_name.clone();
        named.unwrap_or_else(|| self.offer.name())
    }

    /// The tool's registration request, with this id for the platform.
    pub(super) fn wanted(
        &self,
        settings: &ToolSettings,
        public_url: &PublicUrl,
        platform_id: &str,
    ) -> ToolRegistration {
        let messages = self.preset.messages.as_deref();
        ToolRegistration {
            privacy: self.privacy(settings),
            ..wanted(settings, public_url, &format!("/{platform_id}"), messages)
        }
    }
}

/// The id of a waiting registration. It is secret, because it gives access to the platform's
/// one-time token.
pub(super) struct RegistrationId(String);

impl RegistrationId {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The hash by which the store finds it.
    pub(super) fn hash(&self) -> Vec<u8> {
        seal::hash(&["registration", &self.0])
    }

    /// The identity that the id itself is sealed with.
    pub(super) fn sealed_as(id_hash: &[u8]) -> String {
        format!("registrations/{}/id", URL_SAFE_NO_PAD.encode(id_hash))
    }

    /// The identity that the offer is sealed with.
    pub(super) fn row(&self) -> String {
        format!("registrations/{}", self.0)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use url::Url;

    fn attempt(preset: &Value) -> RegistrationAttempt {
        let url = Url::parse("https://lms.example/configuration").unwrap();
        let endpoint = |name: &str| format!("https://lms.example/{name}");
        let document = json!({
            "issuer": "https://lms.example",
            "authorization_endpoint": endpoint("auth"),
            "registration_endpoint": endpoint("register"),
            "jwks_uri": endpoint("keys"),
            "token_endpoint": endpoint("token"),
            "https://purl.imsglobal.org/spec/lti-platform-configuration": {
                "product_family_code": "moodle",
                "version": "5.0",
                "messages_supported": [{"type": "LtiResourceLinkRequest"}],
            },
        });
        RegistrationAttempt {
            offer: PlatformOffer::read(url, document.to_string(), None).unwrap(),
            preset: serde_json::from_value(preset.clone()).unwrap(),
            invite_id: None,
        }
    }

    fn settings(registration: &Value) -> ToolSettings {
        ToolSettings::from_json(json!({"registration": registration})).unwrap()
    }

    #[test]
    fn an_invite_decides_before_the_tools_settings() {
        let pre_approval = json!({"preApproval": {"enabled": true, "url": "https://app.example/"}});
        for (registration, preset, decision) in [
            (json!({}), json!({}), Decision::Approval),
            (
                json!({"autoActivate": true}),
                json!({}),
                Decision::Automatic,
            ),
            (pre_approval.clone(), json!({}), Decision::PreApproval),
            (
                pre_approval,
                json!({"mode": "automatic"}),
                Decision::Automatic,
            ),
            (
                json!({"autoActivate": true}),
                json!({"mode": "approval"}),
                Decision::Approval,
            ),
        ] {
            let decided = attempt(&preset).decision(&settings(&registration));
            assert_eq!(decided, decision, "{registration} {preset}");
        }
    }

    #[test]
    fn a_platform_is_active_at_once_where_that_is_set() {
        let automatic = settings(&json!({"autoActivate": true}));
        assert!(attempt(&json!({})).activates(&automatic));
        assert!(!attempt(&json!({"autoActivate": false})).activates(&automatic));
        let approval = settings(&json!({}));
        assert!(!attempt(&json!({})).activates(&approval));
        assert!(attempt(&json!({"autoActivate": true})).activates(&approval));
    }

    #[test]
    fn what_is_wanted_names_the_platform_and_the_presets_privacy() {
        let public_url = PublicUrl::parse("https://lti.example").unwrap();
        let wanted = attempt(&json!({"privacyLevel": "anonymous"})).wanted(
            &settings(&json!({})),
            &public_url,
            "p1",
        );
        assert_eq!(
            wanted.initiate_login_uri,
            "https://lti.example/lti/login/p1"
        );
        assert_eq!(wanted.jwks_uri, "https://lti.example/lti/keys/p1");
        assert_eq!(wanted.privacy, PrivacyLevel::Anonymous);
    }

    #[test]
    fn a_platform_is_called_by_the_preset_or_by_product_and_host() {
        assert_eq!(attempt(&json!({})).platform_name(), "Moodle at lms.example");
        let named = attempt(&json!({"platformName": "North School"}));
        assert_eq!(named.platform_name(), "North School");
    }
}
