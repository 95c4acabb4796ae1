//! What the handlers of the pretend LMS share: its settings and all it remembers, in memory.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde_json::{Value, json};

use super::{
    deep_linking::Response as DeepLinkingResponse,
    frames::PreparedPage,
    grades::Gradebook,
    launch::{Launch, Message, PendingLogin},
    registration::Secret,
    token::AccessToken,
    tool::{ManualTool, Tool},
    wire::{Endpoint, Exchange},
};
use crate::{
    Error,
    browser::Browser,
    clock::Clock,
    faults::Faults,
    jose::SigningKey,
    people::{Course, Person},
    profiles::{Endpoints, Profile},
    random,
};

pub(super) struct Platform {
    pub(super) profile: Profile,
    /// The address that the world sees, without a slash at the end.
    pub(super) base: String,
    /// Where its authorization endpoint is, likewise.
    pub(super) sign_on: String,
    pub(super) clock: Clock,
    pub(super) faults: Faults,
    pub(super) browser: Browser,
    state: Mutex<State>,
}

/// What a platform is told about its own addresses, without slashes at the end.
pub(super) struct Addresses {
    pub(super) base: String,
    pub(super) sign_on: String,
    pub(super) issuer: String,
}

pub(super) struct State {
    pub(super) issuer: String,
    /// The key in use first, then those still published.
    pub(super) keys: Vec<SigningKey>,
    pub(super) tools: Vec<Tool>,
    pub(super) people: Vec<Person>,
    pub(super) courses: Vec<Course>,
    /// Registrations begun here, by their secret.
    pub(super) secrets: HashMap<String, Secret>,
    /// Logins begun here, by their launch id.
    pub(super) logins: HashMap<String, PendingLogin>,
    pub(super) launches: u64,
    /// Launches prepared by code, by the address that begins them.
    pub(super) tickets: HashMap<String, Launch>,
    /// Pages with frames prepared by code, by their address.
    pub(super) pages: HashMap<String, PreparedPage>,
    /// The signing keys of tools that have their own, by passport.
    pub(super) own_keys: HashMap<String, SigningKey>,
    pub(super) access_tokens: HashMap<String, AccessToken>,
    /// Key sets of tools, by address.
    pub(super) tool_keys: HashMap<String, Value>,
    pub(super) gradebook: Gradebook,
    pub(super) deep_linking: Vec<DeepLinkingResponse>,
    pub(super) wire: VecDeque<Exchange>,
    pub(super) recorded: u64,
    hits: BTreeMap<Endpoint, u64>,
}

impl Platform {
    pub(super) fn new(
        profile: Profile,
        addresses: Addresses,
        key: SigningKey,
        browser: Browser,
    ) -> Self {
        let state = State {
            issuer: addresses.issuer,
            keys: vec![key],
            tools: Vec::new(),
            people: crate::people::everybody(),
            courses: crate::people::courses(),
            secrets: HashMap::new(),
            logins: HashMap::new(),
            launches: 0,
            tickets: HashMap::new(),
            pages: HashMap::new(),
            own_keys: HashMap::new(),
            access_tokens: HashMap::new(),
            tool_keys: HashMap::new(),
            gradebook: Gradebook::default(),
            deep_linking: Vec::new(),
            wire: VecDeque::new(),
            recorded: 0,
            hits: BTreeMap::new(),
        };
        Self {
            profile,
            base: addresses.base,
            sign_on: addresses.sign_on,
            clock: Clock::default(),
            faults: Faults::default(),
            browser,
            state: Mutex::new(state),
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    pub(super) fn endpoints(&self) -> Endpoints {
        let paths = self.profile.paths;
        Endpoints {
            issuer: self.state().issuer.clone(),
            configuration: self.registration_url(paths.configuration),
            registration: self.registration_url(paths.registration),
            authorization: format!("{}{}", self.sign_on, paths.authorization),
            jwks: self.url(paths.jwks),
            token: self.url(paths.token),
        }
    }

    /// Nothing where tools can't register themselves.
    fn registration_url(&self, path: &str) -> String {
        match self.profile.manual {
            Some(_) => String::new(),
            None => self.url(path),
        }
    }

    /// The addresses as one tool is told them.
    pub(super) fn endpoints_of(&self, tool: &Tool) -> Endpoints {
        let mut endpoints = self.endpoints();
        if let Some(passport) = &tool.passport {
            endpoints.jwks = format!("{}/{passport}", endpoints.jwks);
            endpoints.token = format!("{}/{passport}", endpoints.token);
        }
        endpoints
    }

    pub(super) fn register_by_hand(&self, tool: ManualTool) -> Tool {
        let own_keys = self.profile.manual.is_some_and(|manual| manual.own_keys);
        let passport = own_keys.then(random::uuid);
        let key = passport.as_ref().and_then(|_| SigningKey::generate().ok());
        let mut state = self.state();
        if let (Some(passport), Some(key)) = (&passport, key) {
            state.own_keys.insert(passport.clone(), key);
        }
        let style = self.profile.registration;
        let tool = Tool {
            client_id: (style.client_id)(),
            deployment_id: (style.deployment_id)(state.tools.len() + 1),
            active: true,
            passport,
            facts: tool.facts,
        };
        state.tools.push(tool.clone());
        tool
    }

    /// A tool's key set as last seen; fetched when `fresh` or never seen.
    pub(super) async fn tool_keys(&self, url: &str, fresh: bool) -> Result<Value, Error> {
        if !fresh && let Some(keys) = self.state().tool_keys.get(url) {
            return Ok(keys.clone());
        }
        let fetched = self.browser.get(url).await;
        let (status, body) = fetched
            .as_ref()
            .map_or((None, &[][..]), |page| (Some(page.status), &page.body));
        let mut state = self.state();
        state.record_fetch(self.clock.now(), url, status, body);
        let keys = fetched?.json()?;
        state.tool_keys.insert(url.to_owned(), keys.clone());
        Ok(keys)
    }
}

impl State {
    pub(super) fn key(&self) -> &SigningKey {
        &self.keys[0]
    }

    /// The key that a tool's launches are signed with.
    pub(super) fn key_of(&self, tool: &Tool) -> &SigningKey {
        let own = tool.passport.as_ref();
        own.and_then(|passport| self.own_keys.get(passport))
            .unwrap_or_else(|| self.key())
    }

    pub(super) fn jwks(&self) -> Value {
        json!({ "keys": self.keys.iter().map(SigningKey::jwk).collect::<Vec<_>>() })
    }

    pub(super) fn tool(&self, client_id: &str) -> Result<&Tool, Error> {
        self.tools
            .iter()
            .find(|tool| tool.client_id == client_id)
            .ok_or_else(|| Error::unknown("tool", client_id))
    }

    pub(super) fn tool_mut(&mut self, client_id: &str) -> Result<&mut Tool, Error> {
        self.tools
            .iter_mut()
            .find(|tool| tool.client_id == client_id)
            .ok_or_else(|| Error::unknown("tool", client_id))
    }

    pub(super) fn person(&self, id: &str) -> Result<&Person, Error> {
        self.people
            .iter()
            .find(|person| person.id == id)
            .ok_or_else(|| Error::unknown("user", id))
    }

    pub(super) fn course(&self, id: &str) -> Result<&Course, Error> {
        self.courses
            .iter()
            .find(|course| course.id == id)
            .ok_or_else(|| Error::unknown("course", id))
    }

    /// Where a launch goes: the deep linking URL, the link's own, or the tool's.
    pub(super) fn target(&self, tool: &Tool, launch: &Launch) -> String {
        let own = match launch.message {
            Message::DeepLinking => tool
                .facts
                .deep_linking_url
                .clone()
                .filter(|url| !url.is_empty()),
            Message::ResourceLink => self
                .course(&launch.course)
                .ok()
                .and_then(|course| course.links.iter().find(|link| link.id == launch.link))
                .and_then(|link| link.url.clone()),
        };
        own.unwrap_or_else(|| tool.facts.target_link_uri.clone())
    }

    pub(super) fn count(&mut self, endpoint: Endpoint) {
        *self.hits.entry(endpoint).or_default() += 1;
    }

    pub(super) fn hits(&self, endpoint: Endpoint) -> u64 {
        self.hits.get(&endpoint).copied().unwrap_or_default()
    }
}
