//! The launch itself in the answer of `GET /api/idtoken`: what was opened, and where.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::launch::facts::Facts;
use crate::settings::registration::Services;
use lti::claims::{Context, ForUser, LaunchPresentation, ResourceLink};
use utoipa::ToSchema;

/// What was opened, and where.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IdTokenLaunch<'a> {
    /// The kind of message, such as `LtiResourceLinkRequest`.
    r#type: &'static str,
    /// Present and true if the platform requests content: show a picker, and answer with
    /// `POST /api/deeplinking`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    deep_linking: bool,
    /// The placement from which it was opened, such as `assignment_selection`: from Canvas's own
    /// claim, or a custom parameter `placement`.
    #[serde(skip_serializing_if = "Option::is_none")]
    placement: Option<&'a str>,
    /// Where the link leads, on our host.
    target: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<IdTokenContext<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_link: Option<IdTokenLink<'a>>,
    /// The old name of `resourceLink`.
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<IdTokenLink<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    presentation: Option<IdTokenPresentation<'a>>,
    /// The one line item of this link, if it has exactly one.
    #[serde(skip_serializing_if = "Option::is_none")]
    line_item_id: Option<&'a str>,
    /// The same line item, and whether the application has used it.
    #[serde(skip_serializing_if = "Option::is_none")]
    line_item: Option<IdTokenLineItem<'a>>,
    /// In a submission review: whose submission it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    for_user: Option<IdTokenForUser<'a>>,
    /// Custom parameters that have a value.
    custom: &'a BTreeMap<String, String>,
}

/// The course.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IdTokenContext<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    r#type: &'a [String],
}

/// The link that was followed.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct IdTokenLink<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
}

/// The line item of the link.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IdTokenLineItem<'a> {
    id: &'a str,
    /// Whether the application ever created it, replaced it or sent a score to it through Hallpass,
    /// or placed its link with a handle. If not, ask the teacher which of your content belongs to
    /// it.
    known: bool,
}

/// The person whose submission is under review, as far as the platform says.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IdTokenForUser<'a> {
    /// The same as `user.id` in this person's launches.
    user_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    family_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    person_sourcedid: Option<&'a str>,
    /// Roles as received.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    roles: &'a [String],
}

/// How the platform displays the launch, and the page to return to.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IdTokenPresentation<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    document_target: Option<&'a str>,
    /// The old name of `documentTarget`.
    #[serde(rename = "document_target", skip_serializing_if = "Option::is_none")]
    document_target_before: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    return_url: Option<&'a str>,
    /// The old name of `returnUrl`.
    #[serde(rename = "return_url", skip_serializing_if = "Option::is_none")]
    return_url_before: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<&'a str>,
    /// In pixels, as text, because LTIAAS's SDK for Node accepts nothing else.
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<String>,
    /// In pixels, as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<String>,
}

impl<'a> IdTokenLaunch<'a> {
    pub(super) fn new(facts: &'a Facts, enabled: Services, line_item_is_known: bool) -> Self {
        let link = facts.resource_link.as_ref().map(IdTokenLink::from);
        let grades = facts.grades.as_ref();
        let grades = grades.filter(|_| enabled.assignment_and_grades);
        let line_item = grades.and_then(|grades| grades.lineitem.as_deref());
        Self {
            r#type: facts.message_type,
            deep_linking: facts.deep_linking.is_some(),
            placement: facts.placement.as_deref(),
            target: &facts.target,
            context: facts.context.as_ref().map(IdTokenContext::from),
            resource_link: link,
            resource: link,
            presentation: facts.presentation.as_ref().map(IdTokenPresentation::from),
            line_item_id: line_item,
            line_item: line_item.map(|id| IdTokenLineItem {
                id,
                known: line_item_is_known,
            }),
            for_user: facts.for_user.as_ref().and_then(IdTokenForUser::of),
            custom: &facts.custom,
        }
    }
}

impl<'a> From<&'a Context> for IdTokenContext<'a> {
    fn from(context: &'a Context) -> Self {
        Self {
            id: &context.id,
            label: context.label.as_deref(),
            title: context.title.as_deref(),
            r#type: &context.types,
        }
    }
}

impl<'a> From<&'a ResourceLink> for IdTokenLink<'a> {
    fn from(link: &'a ResourceLink) -> Self {
        Self {
            id: &link.id,
            title: link.title.as_deref(),
            description: link.description.as_deref(),
        }
    }
}

impl<'a> IdTokenForUser<'a> {
    fn of(person: &'a ForUser) -> Option<Self> {
        Some(Self {
            user_id: person.user_id.as_deref()?,
            name: person.name.as_deref(),
            given_name: person.given_name.as_deref(),
            family_name: person.family_name.as_deref(),
            email: person.email.as_deref(),
            person_sourcedid: person.person_sourcedid.as_deref(),
            roles: &person.roles,
        })
    }
}

impl<'a> From<&'a LaunchPresentation> for IdTokenPresentation<'a> {
    fn from(presentation: &'a LaunchPresentation) -> Self {
        let target = presentation.document_target.as_deref();
        let back = presentation.return_url.as_deref();
        Self {
            document_target: target,
            document_target_before: target,
            return_url: back,
            return_url_before: back,
            locale: presentation.locale.as_deref(),
            width: presentation.width.map(|pixels| pixels.to_string()),
            height: presentation.height.map(|pixels| pixels.to_string()),
        }
    }
}
