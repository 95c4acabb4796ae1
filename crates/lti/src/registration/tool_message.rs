//! A message that a tool can receive, and where the platform shows links for it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::message::MessageType;

/// A message the tool can receive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolMessage {
    /// Which message: a launch, a request for content, …
    pub message_type: MessageType,
    /// Where it leads. If absent, the tool's own target for this type.
    pub target_link_uri: Option<String>,
    /// The name people see.
    pub label: Option<String>,
    /// Address of a picture to show beside the label.
    pub icon_uri: Option<String>,
    /// Where in the platform the link should appear, such as `ContentArea`. Sent only if the
    /// platform lists it.
    pub placements: Vec<String>,
    /// Differences for single placements, by placement name. Only Canvas supports this, so they are
    /// sent only to Canvas.
    pub placement_details: BTreeMap<String, PlacementDetails>,
    /// Who should see it, as role URIs.
    pub roles: Vec<String>,
    /// Custom parameters of this message.
    pub custom_parameters: BTreeMap<String, String>,
    /// Who sees the link. Sent only to Canvas.
    pub visibility: Option<Visibility>,
    /// Whether the link is in a course's navigation until a teacher changes that. Sent only to
    /// Canvas.
    pub default_enabled: Option<bool>,
    /// Vendor members, such as `https://canvas.instructure.com/lti/display_type`; Canvas's are sent
    /// only to Canvas.
    pub extensions: BTreeMap<String, Value>,
}

/// How a placement differs from its message. Absent fields are taken from the message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlacementDetails {
    /// Where the link leads.
    pub target_link_uri: Option<String>,
    /// The name people see.
    pub label: Option<String>,
    /// Address of a picture to show beside the label.
    pub icon_uri: Option<String>,
    /// Custom parameters, merged with the message's; these win if names are equal.
    pub custom_parameters: BTreeMap<String, String>,
    /// Who sees the link.
    pub visibility: Option<Visibility>,
    /// Whether the link is in a course's navigation until a teacher changes that.
    pub default_enabled: Option<bool>,
}

/// Who sees a link, in Canvas's terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Visibility {
    /// Administrators and the course's teachers.
    Admins,
    /// Members of the course.
    Members,
    /// Everyone.
    Public,
}

impl Visibility {
    /// Every value.
    pub const ALL: [Self; 3] = [Self::Admins, Self::Members, Self::Public];

    /// Canvas's name for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Admins => "admins",
            Self::Members => "members",
            Self::Public => "public",
        }
    }
}

impl ToolMessage {
    /// A message of this type, with defaults otherwise.
    #[must_use]
    pub const fn new(message_type: MessageType) -> Self {
        Self {
            message_type,
            target_link_uri: None,
            label: None,
            icon_uri: None,
            placements: Vec::new(),
            placement_details: BTreeMap::new(),
            roles: Vec::new(),
            custom_parameters: BTreeMap::new(),
            visibility: None,
            default_enabled: None,
            extensions: BTreeMap::new(),
        }
    }

    /// Splits the message as Canvas expects it: one message for each placement with details, and
    /// one for the remaining placements. None of the results has placement details.
    #[must_use]
    pub fn by_placement(&self) -> Vec<Self> {
        let has_details = |placement: &String| self.placement_details.contains_key(placement);
        let (own, shared): (Vec<String>, Vec<String>) =
            self.placements.iter().cloned().partition(has_details);
        let mut messages = Vec::with_capacity(own.len() + 1);
        if own.is_empty() || !shared.is_empty() {
            messages.push(self.placed(shared, &PlacementDetails::default()));
        }
        for placement in own {
            if let Some(details) = self.placement_details.get(&placement) {
                messages.push(self.placed(vec![placement], details));
            }
        }
        messages
    }

    fn placed(&self, placements: Vec<String>, details: &PlacementDetails) -> Self {
        let mut custom_parameters = self.custom_parameters.clone();
        custom_parameters.extend(details.custom_parameters.clone());
        let text = |own: &Option<String>, shared: &Option<String>| own.clone().or(shared.clone());
        Self {
            message_type: self.message_type,
            target_link_uri: text(&details.target_link_uri, &self.target_link_uri),
            label: text(&details.label, &self.label),
            icon_uri: text(&details.icon_uri, &self.icon_uri),
            placements,
            placement_details: BTreeMap::new(),
            roles: self.roles.clone(),
            custom_parameters,
            visibility: details.visibility.or(self.visibility),
            default_enabled: details.default_enabled.or(self.default_enabled),
            extensions: self.extensions.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use test_case::cases;

    use super::*;

    fn parameters(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[cases("SV-21")]
    #[test]
    fn a_placement_with_details_is_a_message_of_its_own() {
        let mut message = ToolMessage::new(MessageType::ResourceLink);
        assert_eq!(message.by_placement(), [message.clone()]);
        message.label = Some("Quiz".into());
        message.visibility = Some(Visibility::Public);
        message.custom_parameters = parameters(&[("a", "1"), ("b", "2")]);
        message.placements = ["course_navigation", "global_navigation", "file_menu"]
            .map(str::to_owned)
            .to_vec();
        assert_eq!(message.by_placement(), [message.clone()]);
        let details = PlacementDetails {
            label: Some("All quizzes".into()),
            custom_parameters: parameters(&[("b", "3")]),
            visibility: Some(Visibility::Admins),
            ..PlacementDetails::default()
        };
        let unplaced = "wiki_page_menu".to_owned();
        let of = ["global_navigation".to_owned(), unplaced];
        message.placement_details = of.map(|name| (name, details.clone())).into();
        let messages = message.by_placement();
        let [shared, own] = &messages[..] else {
            panic!("{messages:?}");
        };
        assert_eq!(shared.placements, ["course_navigation", "file_menu"]);
        assert_eq!(
            (shared.label.as_deref(), shared.visibility),
            (Some("Quiz"), Some(Visibility::Public))
        );
        assert_eq!(own.placements, ["global_navigation"]);
        assert_eq!(
            (own.label.as_deref(), own.visibility),
            (Some("All quizzes"), Some(Visibility::Admins))
        );
        assert_eq!(own.custom_parameters, parameters(&[("a", "1"), ("b", "3")]));
        message
            .placements
            .retain(|name| name == "global_navigation");
        assert_eq!(message.by_placement(), std::slice::from_ref(own));
    }
}
