//! The messages that the tool wants to receive, and where in the LMS their links appear
//! (services.md SV-21).

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
    /// Differences for single placements, by placement name. Only Canvas supports this, so other
    /// LMSs don't receive them.
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
    /// Vendor members, such as `https://canvas.instructure.com/lti/display_type`; Canvas's are sent
    /// only to Canvas.
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
    /// The first member that is wrong.
    pub fn check(&self) -> Result<(), SettingsProblem> {
        self.problems().into_iter().next().map_or(Ok(()), Err)
    }

    /// Everything that is wrong with it.
    pub(super) fn problems(&self) -> Vec<SettingsProblem> {
        let kind = lti::message::MessageType::from_name(&self.message_type);
        let is_supported = kind.is_some_and(|kind| kind.is_supported());
        let must =
            "must be LtiResourceLinkRequest, LtiDeepLinkingRequest or LtiSubmissionReviewRequest";
        let wrong = SettingsProblem::unless(is_supported, "type", must);
        let mut problems: Vec<SettingsProblem> = wrong.into_iter().collect();
        problems.extend(wrong_path(self.target_path.as_deref()));
        problems.extend(wrong_parameter(&self.custom_parameters));
        for (placement, details) in &self.placement_details {
            let member = format!("placementDetails.{placement}");
            if !self.placements.contains(placement) {
                let must = "must be one of this message's placements";
                problems.push(SettingsProblem::new(member, must));
                continue;
            }
            let wrong = details.problems(placement).into_iter();
            problems.extend(wrong.map(|one| one.within(&member)));
        }
        problems
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

    /// Checks the pictures of a message that is new. Stored settings may have others, so
    /// [`Self::check`] doesn't look at these.
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
    /// Everything that is wrong with the details of a placement.
    fn problems(&self, placement: &str) -> Vec<SettingsProblem> {
        let label = self.label.as_deref().unwrap_or("a label");
        let is_label = !label.trim().is_empty()
            && label.chars().count() <= 255
            && !label.contains(char::is_control);
        let icon = self.icon_url.as_ref();
        let checks = [
            SettingsProblem::unless(is_label, "label", "must have 1 to 255 characters"),
            SettingsProblem::unless(
                icon.is_none_or(|icon| matches!(icon.scheme(), "http" | "https")),
                "iconUrl",
                "must be an http or https address",
            ),
            SettingsProblem::unless(
                self.default_enabled.is_none() || placement.ends_with("course_navigation"),
                "defaultEnabled",
                "only course_navigation can be left off at first",
            ),
            wrong_path(self.target_path.as_deref()),
            wrong_parameter(&self.custom_parameters),
        ];
        checks.into_iter().flatten().collect()
    }
}

/// Links must lead to our launches.
fn wrong_path(path: Option<&str>) -> Option<SettingsProblem> {
    let path = path.unwrap_or("/lti/launch");
    let is_launch = path.split('?').next() == Some("/lti/launch")
        && !path.contains(['#', '\\'])
        && !path.contains(char::is_whitespace);
    let must = "must be /lti/launch, with a query if need be";
    SettingsProblem::unless(is_launch, "targetPath", must)
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
pub(super) fn wrong_parameter(parameters: &BTreeMap<String, String>) -> Option<SettingsProblem> {
    let mut parameters = parameters.iter();
    let (name, _) = parameters.find(|(name, value)| {
        name.is_empty() || name.contains(['=', '\n', '\r']) || value.contains(['\n', '\r'])
    })?;
    Some(SettingsProblem::new(
        format!("customParameters.{name}"),
        "names and values must not contain line breaks, nor names an equals sign",
    ))
}
