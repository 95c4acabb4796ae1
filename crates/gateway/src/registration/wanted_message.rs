//! A message as specified by the tool when it completes a registration.

use std::collections::BTreeMap;

use lti::registration::Visibility;
use serde::Deserialize;
use serde_json::Value;
use url::Url;
use utoipa::ToSchema;

use crate::settings::messages::{MessageSettings, PlacementSettings, visibilities};
use crate::settings::problem::SettingsProblem;
use crate::settings::tool::ToolSettings;

/// A message to request. Omitted members are taken from the tool's settings for this type.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct WantedMessage {
    r#type: String,
    /// The placements in the LMS; those that it lists are requested.
    placements: Option<Vec<String>>,
    /// Differences for single placements, by placement name.
    placement_details: Option<BTreeMap<String, PlacementSettings>>,
    /// The label of the button.
    label: Option<String>,
    /// The picture of the button.
    icon_url: Option<Url>,
    /// Where on this service it leads, such as `/lti/launch?page=quiz`.
    target_path: Option<String>,
    /// Roles that see the link.
    roles: Option<Vec<String>>,
    /// Custom parameters of this message.
    custom_parameters: Option<BTreeMap<String, String>>,
    /// Who sees the link, in Canvas: `admins`, `members` of the course, or `public`.
    #[serde(default)]
    #[schema(schema_with = visibilities)]
    visibility: Option<Visibility>,
    /// Whether the link is in a course's navigation until a teacher changes that, in Canvas.
    default_enabled: Option<bool>,
    /// Vendor members.
    extensions: Option<BTreeMap<String, Value>>,
}

impl WantedMessage {
    /// Checks the pictures that it names. Those of the settings are not its own: stored ones may
    /// have addresses that new ones may not.
    ///
    /// # Errors
    /// The member and what is wrong.
    pub(super) fn check_pictures(&self) -> Result<(), SettingsProblem> {
        let own = MessageSettings {
            icon_url: self.icon_url.clone(),
            placement_details: self.placement_details.clone().unwrap_or_default(),
            ..MessageSettings::new(self.r#type.clone())
        };
        own.check_pictures()
    }

    /// The message, completed from the settings.
    pub(super) fn into_settings(self, settings: &ToolSettings) -> MessageSettings {
        let mut set = settings.messages.iter();
        let set = set.find(|message| message.message_type == self.r#type);
        let set = set.cloned();
        let set = set.unwrap_or_else(|| MessageSettings::new(self.r#type.clone()));
        let placements = self.placements.unwrap_or(set.placements);
        // Details for a placement that is not requested this time are not a mistake.
        let mut details = set.placement_details;
        details.retain(|placement, _| placements.contains(placement));
        MessageSettings {
            message_type: self.r#type,
            placement_details: self.placement_details.unwrap_or(details),
            placements,
            label: self.label.or(set.label),
            icon_url: self.icon_url.or(set.icon_url),
            target_path: self.target_path.or(set.target_path),
            roles: self.roles.unwrap_or(set.roles),
            custom_parameters: self.custom_parameters.unwrap_or(set.custom_parameters),
            visibility: self.visibility.or(set.visibility),
            default_enabled: self.default_enabled.or(set.default_enabled),
            extensions: self.extensions.unwrap_or(set.extensions),
        }
    }
}
