//! What the tool requests from a platform, according to its settings (lti.md D.3).

use lti::message::MessageType;
use lti::registration::{PlacementDetails, ToolMessage, ToolRegistration, WantedServices};
use url::Url;

use crate::settings::messages::{MessageSettings, PlacementSettings};
use crate::settings::public_url::PublicUrl;
use crate::settings::tool::ToolSettings;

/// The request to a platform for which our addresses end in `suffix`.
pub(crate) fn wanted(
    settings: &ToolSettings,
    public: &PublicUrl,
    suffix: &str,
    messages: Option<&[MessageSettings]>,
) -> ToolRegistration {
    let launch = public.join("/lti/launch");
    let messages = messages
        .unwrap_or(&settings.messages)
        .iter()
        .filter_map(|message| {
            Some(ToolMessage {
                label: message.label.clone(),
                icon_uri: message.icon_url.as_ref().map(Url::to_string),
                target_link_uri: message.target_path.as_ref().map(|path| public.join(path)),
                placements: message.placements.clone(),
                placement_details: message
                    .placement_details
                    .iter()
                    .map(|(placement, set)| (placement.clone(), details(set, public)))
                    .collect(),
                roles: message.roles.clone(),
                custom_parameters: message.custom_parameters.clone(),
                visibility: message.visibility,
                default_enabled: message.default_enabled,
                extensions: message.extensions.clone(),
                ..ToolMessage::new(MessageType::from_name(&message.message_type)?)
            })
        });
    ToolRegistration {
        name: settings.name.clone(),
        localized_names: settings.names.clone(),
        description: settings.description.clone(),
        initiate_login_uri: public.join(&format!("/lti/login{suffix}")),
        redirect_uris: vec![launch.clone()],
        jwks_uri: public.join(&format!("/lti/keys{suffix}")),
        deep_linking_uri: settings.services.deep_linking.then(|| launch.clone()),
        target_link_uri: launch,
        logo_uri: settings.logo_url.as_ref().map(Url::to_string),
        messages: messages.collect(),
        custom_parameters: settings.custom_parameters.clone(),
        privacy: settings.privacy_level,
        services: WantedServices {
            grades: settings.services.assignment_and_grades,
            roster: settings.services.names_and_roles,
            groups: settings.services.groups,
        },
        extensions: settings.extensions.clone(),
        ..ToolRegistration::default()
    }
}

fn details(set: &PlacementSettings, public: &PublicUrl) -> PlacementDetails {
    PlacementDetails {
        target_link_uri: set.target_path.as_ref().map(|path| public.join(path)),
        label: set.label.clone(),
        icon_uri: set.icon_url.as_ref().map(Url::to_string),
        custom_parameters: set.custom_parameters.clone(),
        visibility: set.visibility,
        default_enabled: set.default_enabled,
    }
}
