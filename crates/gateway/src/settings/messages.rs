//! The messages that the tool wants to receive, and where in the LMS their links appear (services.md SV-21).

use std::collections::BTreeMap;

use lti::registration::Visibility;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

use super::addresses::picture_problem;
use super::problem::SettingsProblem;

/// A message that the tool wants to receive.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ToolMessage)]
pub struct MessageSettings {
    /// Message type, such as `LtiResourceLinkRequest`.
    #[serde(rename = "type")]
    pub message_type: String,
    /// Placements in the LMS.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub placements: Vec<String>,
    /// Differences for single placements, by placement name. Only Canvas supports this, so other LMSs don't receive
    /// them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub placement_details: BTreeMap<String, PlacementSettings>,
    /// The label of the button.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The picture of the button.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon_url: Option<Url>,
    /// Where on this service it leads, such as `/lti/launch?page=quiz`; `/lti/launch` if not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_path: Option<String>,
    /// Roles that see the link.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// Custom parameters of this message.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub custom_parameters: BTreeMap<String, String>,
    /// Who sees the link, in Canvas: `admins`, `members` of the course, or `public`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = visibilities)]
    pub visibility: Option<Visibility>,
    /// Whether the link is in a course's navigation until a teacher changes that, in Canvas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_enabled: Option<bool>,
    /// Vendor members, such as `https://canvas.instructure.com/lti/display_type`; Canvas's are sent only to Canvas.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extensions: BTreeMap<String, Value>,
}

/// How a placement differs from its message.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(as = PlacementDetails)]
pub struct PlacementSettings {
    /// The label of the button.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The picture of the button.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon_url: Option<Url>,
    /// Where on this service it leads, such as `/lti/launch?page=quiz`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_path: Option<String>,
    /// Custom parameters in addition to the message's.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub custom_parameters: BTreeMap<String, String>,
    /// Who sees the link: `admins`, `members` of the course, or `public`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = visibilities)]
    pub visibility: Option<Visibility>,
    /// For `course_navigation`: whether courses have the link until a teacher changes that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_enabled: Option<bool>,
}

impl MessageSettings {
    /// A message of this type, with defaults otherwise.
    pub fn new(message_type: String) -> Self {
        Self {
            message_type,
            placements: Vec::new(),
            placement_details: BTreeMap::new(),
            label: None,
            icon_url: None,
            target_path: None,
            roles: Vec::new(),
            custom_parameters: BTreeMap::new(),
            visibility: None,
            default_enabled: None,
            extensions: BTreeMap::new(),
        }
    }

    /// Checks a message.
    ///
    /// # Errors
    /// The member and what is wrong.
    pub fn check(&self) -> Result<(), SettingsProblem> {
        if lti::message::MessageType::from_name(&self.message_type)
            .is_none_or(|kind| !kind.is_supported())
        {
            return Err(SettingsProblem::new(
                "type",
                "must be LtiResourceLinkRequest, LtiDeepLinkingRequest or LtiSubmissionReviewRequest",
            ));
        }
        check_path(self.target_path.as_deref())?;
        check_parameters(&self.custom_parameters)?;
        for (placement, details) in &self.placement_details {
            if !self.placements.contains(placement) {
                return Err(SettingsProblem::new(
                    format!("placementDetails.{placement}"),
                    "must be one of this message's placements",
                ));
            }
            details
                .check(placement)
                .map_err(|problem| problem.within(&format!("placementDetails.{placement}")))?;
        }
        Ok(())
    }
}

impl MessageSettings {
    /// The addresses of its pictures, each with its place in the message.
    pub(super) fn pictures(&self) -> Vec<(String, &Url)> {
        let own = self.icon_url.as_ref();
        let mut pictures: Vec<_> = own
            .map(|url| ("iconUrl".to_owned(), url))
            .into_iter()
            .collect();
        for (placement, details) in &self.placement_details {
            if let Some(url) = &details.icon_url {
                pictures.push((format!("placementDetails.{placement}.iconUrl"), url));
            }
        }
        pictures
    }

    /// Checks the pictures of a message that is new. Stored settings may have others, so [`Self::check`] doesn't look
    /// at these.
    ///
    /// # Errors
    /// The member and what is wrong.
    pub(crate) fn check_pictures(&self) -> Result<(), SettingsProblem> {
        for (member, url) in self.pictures() {
            if let Some(problem) = picture_problem(url) {
                return Err(SettingsProblem::new(member, problem));
            }
        }
        Ok(())
    }
}

impl PlacementSettings {
    /// Checks the details of a placement.
    fn check(&self, placement: &str) -> Result<(), SettingsProblem> {
        let label = self.label.as_deref().unwrap_or("a label");
        if label.trim().is_empty()
            || label.chars().count() > 255
            || label.contains(char::is_control)
        {
            return Err(SettingsProblem::new(
                "label",
                "must have 1 to 255 characters",
            ));
        }
        let icon = self.icon_url.as_ref();
        if icon.is_some_and(|icon| !matches!(icon.scheme(), "http" | "https")) {
            return Err(SettingsProblem::new(
                "iconUrl",
                "must be an http or https address",
            ));
        }
        if self.default_enabled.is_some() && !placement.ends_with("course_navigation") {
            return Err(SettingsProblem::new(
                "defaultEnabled",
                "only course_navigation can be left off at first",
            ));
        }
        check_path(self.target_path.as_deref())?;
        check_parameters(&self.custom_parameters)
    }
}

/// Links must lead to our launches.
fn check_path(path: Option<&str>) -> Result<(), SettingsProblem> {
    let path = path.unwrap_or("/lti/launch");
    if path.split('?').next() != Some("/lti/launch")
        || path.contains(['#', '\\'])
        || path.contains(char::is_whitespace)
    {
        return Err(SettingsProblem::new(
            "targetPath",
            "must be /lti/launch, with a query if need be",
        ));
    }
    Ok(())
}

/// Who can see a link, as a schema.
pub(crate) fn visibilities() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some("Who sees the link, in Canvas."))
        .enum_values(Some(Visibility::ALL.map(Visibility::name)))
        .build()
}

/// Moodle stores custom parameters one per line, with name and value separated by the first `=`.
pub(super) fn check_parameters(
    parameters: &BTreeMap<String, String>,
) -> Result<(), SettingsProblem> {
    let bad = parameters.iter().find(|(name, value)| {
        name.is_empty() || name.contains(['=', '\n', '\r']) || value.contains(['\n', '\r'])
    });
    bad.map_or(Ok(()), |(name, _)| {
        Err(SettingsProblem::new(
            format!("customParameters.{name}"),
            "names and values must not contain line breaks, nor names an equals sign",
        ))
    })
}
