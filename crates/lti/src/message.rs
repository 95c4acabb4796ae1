//! The kinds of launch message: the claim `message_type` (LTI Core 1.3 §5.3.1, B.5).
//!
//! ```
//! use lti::message::MessageType;
//!
//! let kind = MessageType::from_name("LtiDeepLinkingRequest");
//! assert_eq!(kind, Some(MessageType::DeepLinking));
//! assert_eq!(MessageType::from_name("ltideeplinkingrequest"), None);
//! ```

/// A launch message type of LTI 1.3 and its extensions.
///
/// Names are compared byte for byte; `ltiresourcelinkrequest` is not a message type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MessageType {
    /// A person opens a resource link.
    ResourceLink,
    /// An author chooses content to place into a course.
    DeepLinking,
    /// A grader looks at a submission.
    SubmissionReview,
    /// A proctored assessment begins.
    StartProctoring,
    /// A proctored assessment has ended.
    EndAssessment,
    /// A request concerning a person's data.
    DataPrivacy,
    /// A launch into a context without a resource link.
    ContextLaunch,
    /// A person has to accept an agreement.
    Eula,
    /// The settings of an asset processor are opened.
    AssetProcessorSettings,
    /// A report of an asset processor is opened.
    ReportReview,
}

impl MessageType {
    /// Every known type.
    pub const ALL: [Self; 10] = [
        Self::ResourceLink,
        Self::DeepLinking,
        Self::SubmissionReview,
        Self::StartProctoring,
        Self::EndAssessment,
        Self::DataPrivacy,
        Self::ContextLaunch,
        Self::Eula,
        Self::AssetProcessorSettings,
        Self::ReportReview,
    ];

    /// The value of the `message_type` claim.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ResourceLink => "LtiResourceLinkRequest",
            Self::DeepLinking => "LtiDeepLinkingRequest",
            Self::SubmissionReview => "LtiSubmissionReviewRequest",
            Self::StartProctoring => "LtiStartProctoring",
            Self::EndAssessment => "LtiEndAssessment",
            Self::DataPrivacy => "LtiDataPrivacyLaunchRequest",
            Self::ContextLaunch => "LtiContextLaunchRequest",
            Self::Eula => "LtiEulaRequest",
            Self::AssetProcessorSettings => "LtiAssetProcessorSettingsRequest",
            Self::ReportReview => "LtiReportReviewRequest",
        }
    }

    /// The type with exactly this name, if any.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether this crate supports the type. Others are recognised, then refused.
    #[must_use]
    pub const fn is_supported(self) -> bool {
        matches!(
            self,
            Self::ResourceLink | Self::DeepLinking | Self::SubmissionReview
        )
    }
}

#[cfg(test)]
mod tests {
    use test_case::cases;

    use super::*;

    #[test]
    fn names_go_there_and_back() {
        for kind in MessageType::ALL {
            assert_eq!(MessageType::from_name(kind.name()), Some(kind));
        }
    }

    #[cases("TC-123")]
    #[test]
    fn message_type_names_are_exact() {
        for name in [
            "ltiresourcelinkrequest",
            "LtiResourceLinkRequest ",
            "LtiFooRequest",
            "",
            "basic-lti-launch-request",
        ] {
            assert_eq!(MessageType::from_name(name), None, "{name}");
        }
    }
}
