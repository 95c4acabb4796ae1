//! A launch as requested.

use serde_json::Value;

use crate::jose::SigningKey;

/// What kind of message a launch is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Message {
    /// `LtiResourceLinkRequest`.
    #[default]
    ResourceLink,
    /// `LtiDeepLinkingRequest`.
    DeepLinking,
    /// `LtiSubmissionReviewRequest`.
    SubmissionReview,
}

impl Message {
    /// The value of the `message_type` claim.
    pub fn name(self) -> &'static str {
        match self {
            Self::ResourceLink => "LtiResourceLinkRequest",
            Self::DeepLinking => "LtiDeepLinkingRequest",
            Self::SubmissionReview => "LtiSubmissionReviewRequest",
        }
    }
}

/// Who opens what with which tool, and what is deliberately wrong with the token.
#[derive(Clone, Debug)]
pub struct Launch {
    /// The tool's client id.
    pub tool: String,
    /// The person's id.
    pub user: String,
    /// The course's id.
    pub course: String,
    /// The resource link's id; not used for deep linking.
    pub link: String,
    /// The kind of message.
    pub message: Message,
    /// In a submission review: the id of the student whose submission it is.
    pub reviewed: Option<String>,
    /// Whether it opens in a new window instead of a frame.
    pub window: bool,
    /// The nonce, if there is no authentication request that supplies one.
    pub nonce: Option<String>,
    /// A target other than the tool's or the link's own.
    pub target_link_uri: Option<String>,
    /// Claims to set (`Some`) or remove (`None`) at the end.
    pub changes: Vec<(String, Option<Value>)>,
    /// A different token header.
    pub header: Option<Value>,
    /// A different signing key.
    pub key: Option<SigningKey>,
}

impl Launch {
    /// The student Sam (5) opens the first link (1) of the first course (2).
    pub fn new(tool: &str) -> Self {
        Self {
            tool: tool.to_owned(),
            user: "5".to_owned(),
            course: "2".to_owned(),
            link: "1".to_owned(),
            message: Message::ResourceLink,
            reviewed: None,
            window: false,
            nonce: None,
            target_link_uri: None,
            changes: Vec::new(),
            header: None,
            key: None,
        }
    }

    /// Changes the person.
    #[must_use]
    pub fn user(mut self, id: &str) -> Self {
        id.clone_into(&mut self.user);
        self
    }

    /// Changes the person to the teacher Maria (3).
    #[must_use]
    pub fn teacher(self) -> Self {
        self.user("3")
    }

    /// Changes the course and link.
    #[must_use]
    pub fn link(mut self, course: &str, link: &str) -> Self {
        course.clone_into(&mut self.course);
        link.clone_into(&mut self.link);
        self
    }

    /// A teacher selects content.
    #[must_use]
    pub fn deep_linking(mut self) -> Self {
        self.message = Message::DeepLinking;
        self.teacher()
    }

    /// A teacher looks at a student's submission.
    #[must_use]
    pub fn review(mut self, student: &str) -> Self {
        self.message = Message::SubmissionReview;
        self.reviewed = Some(student.to_owned());
        self.teacher()
    }

    /// Sets a nonce, for claims made without an authentication request.
    #[must_use]
    pub fn nonce(mut self, nonce: &str) -> Self {
        self.nonce = Some(nonce.to_owned());
        self
    }

    /// Changes the target.
    #[must_use]
    pub fn target(mut self, url: &str) -> Self {
        self.target_link_uri = Some(url.to_owned());
        self
    }

    /// Sets a claim. Short names such as `deployment_id` mean the LTI claim with that name, if
    /// there is one.
    #[must_use]
    pub fn with(mut self, claim: &str, value: impl Into<Value>) -> Self {
        self.changes.push((claim.to_owned(), Some(value.into())));
        self
    }

    /// Removes a claim.
    #[must_use]
    pub fn without(mut self, claim: &str) -> Self {
        self.changes.push((claim.to_owned(), None));
        self
    }

    /// Replaces the token's header.
    #[must_use]
    pub fn header(mut self, header: Value) -> Self {
        self.header = Some(header);
        self
    }

    /// Signs the token with another key, under the key id in the header.
    #[must_use]
    pub fn signed_by(mut self, key: SigningKey) -> Self {
        self.key = Some(key);
        self
    }
}
