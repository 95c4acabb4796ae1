//! A launch as somebody wishes it, and its beginning: the login initiation.

use serde_json::{Value, json};
use url::Url;

use super::{
    Lms,
    frames::{PreparedPage, StorageFault},
    platform::Platform,
};
use crate::{
    Error,
    browser::{Browser, Page},
    jose::SigningKey,
    people::Position,
    profiles::AuthorizationStyle,
    random,
};

/// What kind of message a launch is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Message {
    /// `LtiResourceLinkRequest`.
    #[default]
    ResourceLink,
    /// `LtiDeepLinkingRequest`.
    DeepLinking,
}

impl Message {
    /// The value of the `message_type` claim.
    pub fn name(self) -> &'static str {
        match self {
            Self::ResourceLink => "LtiResourceLinkRequest",
            Self::DeepLinking => "LtiDeepLinkingRequest",
        }
    }
}

/// Who opens what with which tool, and what shall be wrong with the token, if anything.
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
    /// Whether it opens in a window of its own instead of a frame.
    pub window: bool,
    /// The nonce, where the authentication request does not give it.
    pub nonce: Option<String>,
    /// Another target than the tool's or the link's own.
    pub target_link_uri: Option<String>,
    /// Claims to set (`Some`) or leave out (`None`) after everything else.
    pub changes: Vec<(String, Option<Value>)>,
    /// Another token header.
    pub header: Option<Value>,
    /// Another key to sign with.
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
            window: false,
            nonce: None,
            target_link_uri: None,
            changes: Vec::new(),
            header: None,
            key: None,
        }
    }

    /// Somebody else opens it.
    #[must_use]
    pub fn user(mut self, id: &str) -> Self {
        id.clone_into(&mut self.user);
        self
    }

    /// The teacher Maria (3) opens it.
    #[must_use]
    pub fn teacher(self) -> Self {
        self.user("3")
    }

    /// Another course and link.
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

    /// A nonce, for claims made without an authentication request.
    #[must_use]
    pub fn nonce(mut self, nonce: &str) -> Self {
        self.nonce = Some(nonce.to_owned());
        self
    }

    /// Another target.
    #[must_use]
    pub fn target(mut self, url: &str) -> Self {
        self.target_link_uri = Some(url.to_owned());
        self
    }

    /// A claim set to another value. Short names such as `deployment_id` mean the LTI claim of that name if there is one.
    #[must_use]
    pub fn with(mut self, claim: &str, value: impl Into<Value>) -> Self {
        self.changes.push((claim.to_owned(), Some(value.into())));
        self
    }

    /// A claim left out.
    #[must_use]
    pub fn without(mut self, claim: &str) -> Self {
        self.changes.push((claim.to_owned(), None));
        self
    }

    /// The token's header as given.
    #[must_use]
    pub fn header(mut self, header: Value) -> Self {
        self.header = Some(header);
        self
    }

    /// The token signed by another key, under the key id that the header names.
    #[must_use]
    pub fn signed_by(mut self, key: SigningKey) -> Self {
        self.key = Some(key);
        self
    }
}

/// A login initiation: a form that the LMS's page posts to the tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginRequest {
    /// The tool's login URL.
    pub url: String,
    /// The fields in order.
    pub fields: Vec<(String, String)>,
    /// Whether they travel in the address (GET), not in a form.
    pub by_get: bool,
}

impl LoginRequest {
    /// The address with all fields, for a login by GET.
    pub fn address(&self) -> Result<String, Error> {
        let mut url = Url::parse(&self.url).map_err(|_| Error::Url(self.url.clone()))?;
        url.query_pairs_mut().extend_pairs(&self.fields);
        Ok(url.into())
    }

    /// The value of a field.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// A login that was begun and not finished.
#[derive(Clone, Debug)]
pub(super) struct PendingLogin {
    pub(super) launch: Launch,
    pub(super) login_hint: String,
}

impl Lms {
    /// Begins a launch and returns the form that the LMS's page would post to the tool. It can be answered once.
    pub fn login_request(&self, launch: &Launch) -> Result<LoginRequest, Error> {
        self.platform.login_request(launch)
    }

    /// An address on the LMS that begins this launch in a browser, once.
    pub fn launch_url(&self, launch: &Launch) -> Result<String, Error> {
        self.platform.check_launch(launch)?;
        let ticket = random::alphanumeric(16);
        self.platform
            .state()
            .tickets
            .insert(ticket.clone(), launch.clone());
        Ok(format!("{}/launch/{ticket}", self.platform.base))
    }

    /// An address on the LMS whose page shows these launches together, each in a frame, or behind a link to a new
    /// window where the launch asks for one. They begin anew each time it is opened.
    pub fn page_url(
        &self,
        launches: &[Launch],
        fault: Option<StorageFault>,
    ) -> Result<String, Error> {
        for launch in launches {
            self.platform.check_launch(launch)?;
        }
        let ticket = random::alphanumeric(16);
        let page = PreparedPage {
            launches: launches.to_vec(),
            fault,
        };
        self.platform.state().pages.insert(ticket.clone(), page);
        Ok(format!("{}/frame/{ticket}", self.platform.base))
    }

    /// Launches the tool in `browser`, from the LMS's page to the page that remains in the end.
    pub async fn launch(&self, browser: &Browser, launch: &Launch) -> Result<Page, Error> {
        browser.open(&self.launch_url(launch)?).await
    }
}

impl Platform {
    pub(super) fn login_request(&self, launch: &Launch) -> Result<LoginRequest, Error> {
        self.check_launch(launch)?;
        let mut state = self.state();
        let tool = state.tool(&launch.tool)?.clone();
        state.launches += 1;
        let launch_id = format!("ltilaunch{}_{}", launch.link, 100_000_000 + state.launches);
        let course_module = launch.link.parse::<u64>().unwrap_or_default() + 1;
        let (login_hint, message_hint) = match self.authorization_style() {
            AuthorizationStyle::Strict => (
                launch.user.clone(),
                json!({ "cmid": course_module, "launchid": launch_id }).to_string(),
            ),
            AuthorizationStyle::OpenEdx => (launch.user.clone(), launch_id.clone()),
            AuthorizationStyle::OpenOlat => {
                let claims = json!({ "deploymentKey": 17, "launchid": launch_id });
                let key = state.key();
                (key.sign(&key.header(), &claims)?, launch.user.clone())
            }
        };
        let login = PendingLogin {
            launch: launch.clone(),
            login_hint: login_hint.clone(),
        };
        state.logins.insert(launch_id, login);
        let target = launch
            .target_link_uri
            .clone()
            .unwrap_or_else(|| state.target(&tool, launch));
        let mut fields = vec![
            ("iss".to_owned(), state.issuer.clone()),
            ("target_link_uri".to_owned(), target),
            ("login_hint".to_owned(), login_hint),
            ("lti_message_hint".to_owned(), message_hint),
            ("client_id".to_owned(), tool.client_id),
            ("lti_deployment_id".to_owned(), tool.deployment_id),
        ];
        if let Some(storage) = self.profile.launch.storage {
            fields.push(("lti_storage_target".to_owned(), storage.target().to_owned()));
        }
        let request = LoginRequest {
            url: tool.facts.login_url,
            fields,
            by_get: self
                .profile
                .manual
                .is_some_and(|manual| manual.login_by_get),
        };
        state.record_login(self.clock.now(), &request);
        Ok(request)
    }

    pub(super) fn authorization_style(&self) -> AuthorizationStyle {
        let manual = self.profile.manual;
        manual.map_or(AuthorizationStyle::Strict, |manual| manual.authorization)
    }

    /// Everything a launch names has to exist, and its tool has to be switched on.
    pub(super) fn check_launch(&self, launch: &Launch) -> Result<(), Error> {
        let state = self.state();
        if !state.tool(&launch.tool)?.active {
            return Err(Error::unknown("active tool", &launch.tool));
        }
        let person = state.person(&launch.user)?;
        let course = state.course(&launch.course)?;
        match launch.message {
            Message::ResourceLink if !course.links.iter().any(|link| link.id == launch.link) => {
                Err(Error::unknown("resource link", &launch.link))
            }
            Message::DeepLinking if person.position == Position::Student => {
                Err(Error::unknown("teacher", &launch.user))
            }
            _ => Ok(()),
        }
    }
}
