//! The platform's services in the answer of `GET /api/idtoken`, limited to this launch and the
//! tool's settings.

use serde::Serialize;

use crate::launch::facts::Facts;
use crate::launch::service_place::ServicePlace;
use crate::settings::registration::Services;
use lti::claims::DeepLinkingSettings;
use utoipa::ToSchema;

/// The services a launch may use.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IdTokenServices<'a> {
    /// Basic Outcomes of LTI 1.1: never available.
    outcomes: Availability,
    deep_linking: DeepLinkingOffer<'a>,
    names_and_roles: RosterOffer<'a>,
    assignment_and_grades: GradesOffer<'a>,
    /// Groups of the course; absent if they are not available.
    #[serde(skip_serializing_if = "Option::is_none")]
    groups: Option<Availability>,
    /// Gives access to the services of this launch's course after the launch has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    service_key: Option<String>,
}

/// A service without further details.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct Availability {
    available: bool,
}

/// Deep linking; available if the platform asks for content.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeepLinkingOffer<'a> {
    available: bool,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    accept_types: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    accept_presentation_document_targets: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    accept_media_types: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accept_multiple: Option<bool>,
    /// Whether a line item that comes with a resource link is honoured; absent if the platform
    /// doesn't say.
    #[serde(skip_serializing_if = "Option::is_none")]
    accept_line_item: Option<bool>,
    /// Where to send the person's browser to cancel: it returns to the platform without a choice.
    #[serde(skip_serializing_if = "Option::is_none")]
    return_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

/// Names and roles of the course's members.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RosterOffer<'a> {
    available: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    context_memberships_url: Option<&'a str>,
}

/// Assignments and grades.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GradesOffer<'a> {
    available: bool,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    scopes: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    line_item_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line_items_url: Option<&'a str>,
}

impl<'a> IdTokenServices<'a> {
    /// `place` is the launch's: it has only addresses that could be fetched.
    pub(super) fn new<E>(
        facts: &'a Facts,
        place: &'a ServicePlace,
        enabled: Services,
        (service_key, return_url): (
            impl FnOnce() -> Result<String, E>,
            impl FnOnce() -> Result<String, E>,
        ),
    ) -> Result<Self, E> {
        let deep_linking = facts.deep_linking.as_ref();
        let deep_linking = deep_linking.filter(|_| enabled.deep_linking);
        let names_and_roles = RosterOffer::new(place, enabled);
        let assignment_and_grades = GradesOffer::new(facts, place, enabled);
        let has_groups = enabled.groups && place.groups.is_some();
        let needs_key = names_and_roles.available || assignment_and_grades.available || has_groups;
        Ok(Self {
            outcomes: Availability::default(),
            deep_linking: match deep_linking {
                Some(settings) => DeepLinkingOffer::new(settings, return_url()?),
                None => DeepLinkingOffer::default(),
            },
            names_and_roles,
            assignment_and_grades,
            groups: has_groups.then_some(Availability { available: true }),
            service_key: needs_key.then(service_key).transpose()?,
        })
    }
}

impl<'a> RosterOffer<'a> {
    fn new(place: &'a ServicePlace, enabled: Services) -> Self {
        let url = place.memberships.as_deref();
        let url = url.filter(|_| enabled.names_and_roles);
        Self {
            available: url.is_some(),
            context_memberships_url: url,
        }
    }
}

impl<'a> GradesOffer<'a> {
    fn new(facts: &'a Facts, place: &ServicePlace, enabled: Services) -> Self {
        let grades = facts.grades.as_ref();
        let is_usable = enabled.assignment_and_grades && place.grades.is_some();
        let Some(grades) = grades.filter(|_| is_usable) else {
            return Self::default();
        };
        Self {
            available: true,
            scopes: &grades.scope,
            line_item_id: grades.lineitem.as_deref(),
            line_items_url: grades.lineitems.as_deref(),
        }
    }
}

impl<'a> DeepLinkingOffer<'a> {
    fn new(settings: &'a DeepLinkingSettings, return_url: String) -> Self {
        let media = settings.accept_media_types.as_deref().unwrap_or_default();
        let media = media.split(',').map(str::trim);
        Self {
            available: true,
            accept_types: &settings.accept_types,
            accept_presentation_document_targets: &settings.accept_presentation_document_targets,
            accept_media_types: media.filter(|media| !media.is_empty()).collect(),
            accept_multiple: settings.accept_multiple,
            accept_line_item: settings.accept_lineitem,
            return_url: Some(return_url),
            title: settings.title.as_deref(),
            text: settings.text.as_deref(),
        }
    }
}
