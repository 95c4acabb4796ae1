//! The tool: the application behind the gateway, as configured by its owner (`/admin/tool`).

mod check;
mod read;

use std::collections::BTreeMap;

use lti::registration::PrivacyLevel;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

use super::launch::LaunchRules;
use super::messages::MessageSettings;
use super::registration::{RegistrationSettings, Services};
use crate::settings::keys::KeyRules;

use crate::settings::grades::GradeSettings;
use crate::settings::limits::RateLimits;
use crate::settings::studyreel::StudyReelSettings;
use crate::settings::theme::Theme;
use crate::settings::webhooks::WebhookSettings;

/// The settings of a tool's owner. Unknown keys are refused by name.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ToolSettings {
    /// Shown to LMS administrators and in every placement.
    pub name: String,
    /// The name in other languages, by language tag.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<String, String>,
    /// One or two sentences for the LMS's tool list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Picture for the LMS's pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo_url: Option<Url>,
    /// The appearance of our own pages about the tool.
    #[serde(skip_serializing_if = "Theme::is_plain")]
    pub theme: Theme,
    /// Where a launch sends the browser, with `ltik`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub launch_url: Option<Url>,
    /// Where a deep linking launch sends the browser; if not set, the launch URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deep_linking_url: Option<Url>,
    /// Which LTI Advantage services the tool uses.
    pub services: Services,
    /// How LMSs register.
    pub registration: RegistrationSettings,
    /// The messages requested from the LMS at registration; empty means the messages of the enabled
    /// services.
    pub messages: Vec<MessageSettings>,
    /// How much personal data is requested.
    #[schema(schema_with = privacy_levels)]
    pub privacy_level: PrivacyLevel,
    /// Custom parameters of every link.
    pub custom_parameters: BTreeMap<String, String>,
    /// Vendor members of the tool configuration, such as
    /// `https://canvas.instructure.com/lti/tool_id`; Canvas's are sent only to Canvas.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub extensions: BTreeMap<String, Value>,
    /// Which launches are accepted, and where they may lead.
    pub launch: LaunchRules,
    /// Launches from StudyReel.
    pub studyreel: StudyReelSettings,
    /// When our keys change.
    pub keys: KeyRules,
    /// Rate limits per sender.
    pub limits: RateLimits,
    /// What traces show.
    pub traces: TraceSettings,
    /// How messages to webhooks are retried.
    pub webhooks: WebhookSettings,
    /// How scores are delivered.
    pub grades: GradeSettings,
    /// How long things are kept.
    pub retention: Retention,
}

impl Default for ToolSettings {
    fn default() -> Self {
        Self {
            name: "Hallpass tool".into(),
            names: BTreeMap::new(),
            extensions: BTreeMap::new(),
            description: None,
            logo_url: None,
            theme: Theme::default(),
            launch_url: None,
            deep_linking_url: None,
            services: Services::default(),
            registration: RegistrationSettings::default(),
            messages: Vec::new(),
            privacy_level: PrivacyLevel::Public,
            custom_parameters: BTreeMap::new(),
            launch: LaunchRules::default(),
            keys: KeyRules::default(),
            limits: RateLimits::default(),
            studyreel: StudyReelSettings::default(),
            traces: TraceSettings::default(),
            webhooks: WebhookSettings::default(),
            grades: GradeSettings::default(),
            retention: Retention::default(),
        }
    }
}

/// The privacy levels as a schema.
pub(crate) fn privacy_levels() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some("How much personal data is asked for."))
        .enum_values(Some(PrivacyLevel::ALL.map(PrivacyLevel::name)))
        .build()
}

/// What traces show.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(as = TraceSettings)]
pub struct TraceSettings {
    /// Whether they store the values of claims that say nothing about a person; otherwise only
    /// names.
    pub claim_values: bool,
}

/// How long things are kept.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Retention {
    /// A launch and its personal data, in minutes; its `ltik` expires with it. At most 1,440 (24
    /// hours).
    pub launch_minutes: u32,
    /// Traces, in minutes; they contain nothing personal. At most 43,200 (30 days); 0 stores none.
    pub trace_minutes: u32,
    /// A StudyReel student, in days since their last launch; 0 keeps them until they are erased.
    pub student_days: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            launch_minutes: 24 * 60,
            trace_minutes: 7 * 24 * 60,
            student_days: 0,
        }
    }
}

impl ToolSettings {
    /// The application's pages that platforms embed.
    pub(super) fn pages(&self) -> [(&'static str, Option<&Url>); 3] {
        [
            ("launchUrl", self.launch_url.as_ref()),
            ("deepLinkingUrl", self.deep_linking_url.as_ref()),
            (
                "registration.preApproval.url",
                self.registration.pre_approval.url.as_ref(),
            ),
        ]
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_patch_merges_member_by_member() {
        let settings = ToolSettings::default();
        let patch = json!({"name": "Quiz", "registration": {"autoActivate": true}, "customParameters": {"a": "1"}});
        let patched = settings.patched(patch.as_object().unwrap()).unwrap();
        assert_eq!(patched.name, "Quiz");
        assert!(patched.registration.auto_activate && patched.registration.open);
        let again = patched
            .patched(
                json!({"name": null, "customParameters": {"b": "2"}})
                    .as_object()
                    .unwrap(),
            )
            .unwrap();
        assert_eq!(
            (again.name.as_str(), again.custom_parameters.len()),
            ("Hallpass tool", 2)
        );
    }

    #[test]
    fn unknown_keys_and_bad_values_are_refused_by_name() {
        for (patch, path) in [
            (json!({"nmae": "x"}), "nmae"),
            (
                json!({"launch": {"anonymous": "maybe"}}),
                "launch.anonymous",
            ),
            (
                json!({"launch": {"leewaySeconds": 9999}}),
                "launch.leewaySeconds",
            ),
            (
                json!({"launch": {"maxAgeSeconds": 59}}),
                "launch.maxAgeSeconds",
            ),
            (
                json!({"launch": {"maxTokenKilobytes": 241}}),
                "launch.maxTokenKilobytes",
            ),
            (
                json!({"launch": {"targetOrigins": ["https://app.example.com/path"]}}),
                "launch.targetOrigins",
            ),
            (
                json!({"launch": {"targetOrigins": ["javascript:alert(1)"]}}),
                "launch.targetOrigins",
            ),
            (
                json!({"messages": [{"type": "LtiResourceLinkRequest", "visibility": "admin"}]}),
                "messages[0].visibility",
            ),
            (
                json!({"messages": [{"type": "LtiResourceLinkRequest", "placementDetails": {"file_menu": {}}}]}),
                "messages[0].placementDetails.file_menu: must be one of this message's placements",
            ),
            (
                json!({"registration": {"preApproval": {"enabled": true}}}),
                "registration.preApproval.url",
            ),
            (json!({"launchUrl": "javascript:alert(1)"}), "launchUrl"),
            (json!({"theme": {"color": "#ffd400"}}), "theme.color"),
            (
                json!({"theme": {"logo": "https://app.example.com/logo.png"}}),
                "theme.logo",
            ),
            (json!({"theme": {"css": "body{}"}}), "theme.css"),
            (
                json!({"studyreel": {"timeZone": "Mars/Base"}}),
                "studyreel.timeZone",
            ),
            (
                json!({"studyreel": {"landingPath": "//evil.example"}}),
                "studyreel.landingPath",
            ),
            (
                json!({"studyreel": {"skewSeconds": 59}}),
                "studyreel.skewSeconds",
            ),
            (
                json!({"studyreel": {"loginLinkSeconds": 901}}),
                "studyreel.loginLinkSeconds",
            ),
            (
                json!({"studyreel": {"redeem": "always"}}),
                "studyreel.redeem",
            ),
            (
                json!({"studyreel": {"placement": {"precedence": "luck"}}}),
                "studyreel.placement.precedence",
            ),
            (
                json!({"studyreel": {"placement": {"conflictThreshold": 0}}}),
                "studyreel.placement.conflictThreshold",
            ),
            (
                json!({"studyreel": {"limits": {"perStudent": 1_000_001}}}),
                "studyreel.limits",
            ),
            (json!({"limits": {"loginsPerAddress": 1_000_001}}), "limits"),
            (
                json!({"keys": {"signAfterHours": 1}}),
                "keys.signAfterHours",
            ),
            (json!({"keys": {"publishDays": 0}}), "keys.publishDays"),
            (
                json!({"keys": {"rotateAfterDays": 1}}),
                "keys.rotateAfterDays",
            ),
            (json!({"studyreel": {"secrets": []}}), "studyreel.secrets"),
            (json!({"webhooks": {"schedule": []}}), "webhooks.schedule"),
            (
                json!({"webhooks": {"schedule": [0, 59]}}),
                "webhooks.schedule",
            ),
            (
                json!({"webhooks": {"schedule": [86_401]}}),
                "webhooks.schedule",
            ),
            (
                json!({"webhooks": {"keepTryingHours": 0}}),
                "webhooks.keepTryingHours",
            ),
            (json!({"grades": {"schedule": [0, 59]}}), "grades.schedule"),
            (json!({"grades": {"delivery": "later"}}), "grades.delivery"),
            (json!({"grades": {"keepDays": 0}}), "grades.keepDays"),
            (
                json!({"grades": {"parallelPerPlatform": 33}}),
                "grades.parallelPerPlatform",
            ),
            (
                json!({"studyreel": {"secretHeader": "not a name"}}),
                "studyreel.secretHeader",
            ),
            (
                json!({"studyreel": {"secretHeader": "Content-Type"}}),
                "studyreel.secretHeader",
            ),
            (
                json!({"studyreel": {"sources": ["10.0.0.0/99"]}}),
                "studyreel.sources",
            ),
            (
                json!({"studyreel": {"provisioning": {"url": "ftp://a.example"}}}),
                "studyreel.provisioning.url",
            ),
            (
                json!({"studyreel": {"provisioning": {"url": "https://u:p@a.example"}}}),
                "studyreel.provisioning.url",
            ),
            (
                json!({"studyreel": {"provisioning": {"secrets": []}}}),
                "studyreel.provisioning.secrets",
            ),
            (
                json!({"studyreel": {"provisioning": {"data": ["email"]}}}),
                "studyreel.provisioning.data",
            ),
            (
                json!({"studyreel": {"dialects": {"edupaid": {}}}}),
                "studyreel.dialects.edupaid",
            ),
            (
                json!({"studyreel": {"dialects": {"studyreel": {}}}}),
                "studyreel.dialects.studyreel",
            ),
            (
                json!({"studyreel": {"dialects": {"lti-magic-link": {"issuer": "x"}}}}),
                "studyreel.dialects.lti-magic-link",
            ),
            (
                json!({"retention": {"launchMinutes": 0}}),
                "retention.launchMinutes",
            ),
            (
                json!({"retention": {"traceMinutes": 43201}}),
                "retention.traceMinutes",
            ),
            (
                json!({"retention": {"studentDays": 1}}),
                "retention.studentDays",
            ),
            (json!({"traces": {"claimValue": true}}), "traces.claimValue"),
        ] {
            let error = ToolSettings::default()
                .patched(patch.as_object().unwrap())
                .unwrap_err();
            assert!(error.to_string().contains(path), "{error}");
            assert_eq!(error.0.len(), 1, "{error}");
        }
    }
}
