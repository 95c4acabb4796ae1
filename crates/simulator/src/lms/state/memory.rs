//! Everything that the pretend LMS remembers.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

use super::{
    AccessToken, DeepLinkingResponse, Differences, Gradebook, History, Launch, LineItem, Message,
    PendingLogin, PreparedPage, Review, ScoredPerson, Secret, Wire,
};
use crate::{
    Error,
    endpoint::Endpoint,
    jose::SigningKey,
    people::{self, Course, Person, Position},
    tool::Tool,
};

pub(crate) struct Memory {
    pub(crate) issuer: String,
    /// The current key first, then the others still published.
    pub(crate) keys: Vec<SigningKey>,
    /// Published before those, and never used.
    pub(crate) other_keys: Vec<SigningKey>,
    pub(crate) tools: Vec<Tool>,
    pub(crate) people: Vec<Person>,
    pub(crate) courses: Vec<Course>,
    /// Registrations started here, by their secret.
    pub(crate) secrets: HashMap<String, Secret>,
    /// Logins started here, by their launch id.
    pub(crate) logins: HashMap<String, PendingLogin>,
    pub(crate) launches: u64,
    pub(crate) history: History,
    /// Launches prepared by programs, by the address that starts them.
    pub(crate) tickets: HashMap<String, Launch>,
    /// Pages with frames prepared by programs, by their address.
    pub(crate) pages: HashMap<String, PreparedPage>,
    /// The signing keys for tools that have their own, by passport.
    pub(crate) own_keys: HashMap<String, SigningKey>,
    pub(crate) access_tokens: HashMap<String, AccessToken>,
    /// Accepted assertions, by client id and `jti`, and until when they could be replayed.
    assertions: HashMap<(String, String), i64>,
    /// Key sets of tools, by address.
    pub(crate) tool_keys: HashMap<String, Value>,
    pub(crate) gradebook: Gradebook,
    pub(crate) differences: Differences,
    /// The settings of the last request for content, by tool and course.
    pub(crate) asked: HashMap<(String, String), Value>,
    pub(crate) deep_linking: Vec<DeepLinkingResponse>,
    pub(crate) wire: Wire,
    hits: BTreeMap<Endpoint, u64>,
}

impl Memory {
    /// A school with its people and courses, and no tools yet.
    pub(crate) fn new(issuer: String, key: SigningKey) -> Self {
        Self {
            issuer,
            keys: vec![key],
            other_keys: Vec::new(),
            tools: Vec::new(),
            people: people::everybody(),
            courses: people::courses(),
            secrets: HashMap::new(),
            logins: HashMap::new(),
            launches: 0,
            history: History::default(),
            tickets: HashMap::new(),
            pages: HashMap::new(),
            own_keys: HashMap::new(),
            access_tokens: HashMap::new(),
            assertions: HashMap::new(),
            tool_keys: HashMap::new(),
            gradebook: Gradebook::default(),
            differences: Differences::default(),
            asked: HashMap::new(),
            deep_linking: Vec::new(),
            wire: Wire::default(),
            hits: BTreeMap::new(),
        }
    }

    pub(crate) fn key(&self) -> &SigningKey {
        &self.keys[0]
    }

    /// The key that signs a tool's launches.
    pub(crate) fn key_of(&self, tool: &Tool) -> &SigningKey {
        let own = tool.passport.as_ref();
        own.and_then(|passport| self.own_keys.get(passport))
            .unwrap_or_else(|| self.key())
    }

    pub(crate) fn jwks(&self) -> Value {
        let all = self.other_keys.iter().chain(&self.keys);
        json!({ "keys": all.map(SigningKey::jwk).collect::<Vec<_>>() })
    }

    pub(crate) fn tool(&self, client_id: &str) -> Result<&Tool, Error> {
        self.tools
            .iter()
            .find(|tool| tool.client_id == client_id)
            .ok_or_else(|| Error::unknown("tool", client_id))
    }

    pub(crate) fn tool_mut(&mut self, client_id: &str) -> Result<&mut Tool, Error> {
        self.tools
            .iter_mut()
            .find(|tool| tool.client_id == client_id)
            .ok_or_else(|| Error::unknown("tool", client_id))
    }

    pub(crate) fn person(&self, id: &str) -> Result<&Person, Error> {
        self.people
            .iter()
            .find(|person| person.id == id)
            .ok_or_else(|| Error::unknown("user", id))
    }

    /// A person's role in every course, enrolled or not.
    pub(crate) fn scored(&self, id: &str) -> ScoredPerson {
        match self.person(id).map(|person| person.position) {
            Ok(Position::Student) => ScoredPerson::Student,
            Ok(Position::Teacher | Position::Administrator) => ScoredPerson::Staff,
            Err(_) => ScoredPerson::Nobody,
        }
    }

    pub(crate) fn person_mut(&mut self, id: &str) -> Result<&mut Person, Error> {
        self.people
            .iter_mut()
            .find(|person| person.id == id)
            .ok_or_else(|| Error::unknown("user", id))
    }

    pub(crate) fn course(&self, id: &str) -> Result<&Course, Error> {
        self.courses
            .iter()
            .find(|course| course.id == id)
            .ok_or_else(|| Error::unknown("course", id))
    }

    /// The target of a launch: its own target, the deep linking URL, the link's own, or the tool's.
    pub(crate) fn target(&self, tool: &Tool, launch: &Launch) -> String {
        if let Some(target) = &launch.target_link_uri {
            return target.clone();
        }
        let own = match launch.message {
            Message::DeepLinking => tool
                .facts
                .deep_linking_url
                .clone()
                .filter(|url| !url.is_empty()),
            Message::SubmissionReview if self.review(launch).is_some_and(|r| r.url.is_some()) => {
                self.review(launch).and_then(|review| review.url)
            }
            Message::ResourceLink | Message::SubmissionReview => self
                .course(&launch.course)
                .ok()
                .and_then(|course| course.links.iter().find(|link| link.id == launch.link))
                .and_then(|link| link.url.clone()),
        };
        own.unwrap_or_else(|| tool.facts.target_link_uri.clone())
    }

    /// Accepts an assertion with these claims. Returns false if its `jti` was already used.
    pub(crate) fn take_assertion(&mut self, client_id: &str, claims: &Value, now: i64) -> bool {
        self.assertions.retain(|_, until| *until > now);
        let jti = claims["jti"].as_str().unwrap_or_default().to_owned();
        let until = claims["exp"].as_i64().unwrap_or(i64::MAX);
        let before = self.assertions.insert((client_id.to_owned(), jti), until);
        before.is_none()
    }

    /// The `submissionReview` of the line item that belongs to the link under review.
    pub(crate) fn review(&self, launch: &Launch) -> Option<Review> {
        if launch.message != Message::SubmissionReview {
            return None;
        }
        let mut items = self.gradebook.items.values();
        items
            .find(|item| {
                item.tool == launch.tool
                    && item.course == launch.course
                    && item.link.as_deref() == Some(&launch.link)
                    && item.review().is_some()
            })
            .and_then(LineItem::review)
    }

    pub(crate) fn count(&mut self, endpoint: Endpoint) {
        *self.hits.entry(endpoint).or_default() += 1;
    }

    pub(crate) fn hits(&self, endpoint: Endpoint) -> u64 {
        self.hits.get(&endpoint).copied().unwrap_or_default()
    }
}
