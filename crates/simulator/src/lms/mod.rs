//! The pretend LMS.
//!
//! [`Lms::start`] runs it; the handle it gives is for tests. Its pages are for people.

mod adding;
mod authorize;
mod claims;
mod deep_linking;
mod frames;
mod grades;
mod launch;
mod pages;
mod platform;
mod registration;
mod roster;
mod services;
mod token;
mod tool;
mod variables;
mod wire;

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};

use serde_json::Value;

use self::platform::{Addresses, Platform};
pub use self::{
    claims::claim_name,
    deep_linking::Response as DeepLinkingResponse,
    frames::StorageFault,
    grades::{LineItem, ScoreRecord},
    launch::{Launch, LoginRequest, Message},
    registration::RegistrationStart,
    tool::{ManualTool, Tool},
    wire::{Endpoint, Exchange, Parameter},
};
use crate::{
    Error,
    browser::Browser,
    clock::Clock,
    faults::Faults,
    jose::SigningKey,
    people::{Course, Person},
    profiles::{Endpoints, Profile},
    server::{Bound, Running},
};

/// How to start a pretend LMS.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub addr: SocketAddr,
    /// What the world sees, if not `http://` and the address.
    pub public_url: Option<String>,
    /// Where else to listen, for a platform whose authorization endpoint is on another host than its pages, as hosted
    /// Canvas has it: that endpoint and the frame that passes tools' messages on are there.
    pub sign_on: Option<SocketAddr>,
    /// The issuer, if not the public URL or the vendor's one for all.
    pub issuer: Option<String>,
    /// Which vendor it behaves like.
    pub profile: Profile,
    /// The first signing key; made if not given.
    pub key: Option<SigningKey>,
}

impl Default for Options {
    /// A Moodle on 127.0.0.1 and any free port.
    fn default() -> Self {
        Self {
            addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            public_url: None,
            sign_on: None,
            issuer: None,
            profile: Profile::moodle(),
            key: None,
        }
    }
}

/// A running pretend LMS. It stops when this is dropped.
pub struct Lms {
    platform: Arc<Platform>,
    running: Running,
    listens_on: String,
    _sign_on: Option<Running>,
}

impl Lms {
    /// Starts it.
    pub async fn start(options: Options) -> Result<Self, Error> {
        let bound = Bound::new(options.addr).await?;
        let listens_on = bound.url();
        let base = options
            .public_url
            .unwrap_or_else(|| listens_on.clone())
            .trim_end_matches('/')
            .to_owned();
        let shared = options.profile.manual.and_then(|manual| manual.issuer);
        let issuer = options
            .issuer
            .or_else(|| shared.map(str::to_owned))
            .unwrap_or_else(|| base.clone());
        let key = options.key.map_or_else(SigningKey::generate, Ok)?;
        let sign_on = match options.sign_on {
            Some(addr) => Some(Bound::new(addr).await?),
            None => None,
        };
        let platform = Arc::new(Platform::new(
            options.profile,
            Addresses {
                sign_on: sign_on.as_ref().map_or_else(|| base.clone(), Bound::url),
                base,
                issuer,
            },
            key,
            Browser::new()?,
        ));
        let running = bound.serve(pages::router(&platform));
        let sign_on = sign_on.map(|bound| bound.serve(pages::router(&platform)));
        Ok(Self {
            platform,
            running,
            listens_on,
            _sign_on: sign_on,
        })
    }

    /// Its public URL, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.platform.base
    }

    /// The address it listens on, for a proxy that stands before it: what [`Lms::url`] is without a public URL.
    pub fn listens_on(&self) -> &str {
        &self.listens_on
    }

    /// Waits until the server ends.
    pub async fn ended(mut self) {
        self.running.ended().await;
    }

    /// Its issuer and protocol endpoints.
    pub fn endpoints(&self) -> Endpoints {
        self.platform.endpoints()
    }

    /// The same as one tool is told them: some vendors have keys and a token endpoint for each.
    pub fn endpoints_of(&self, client_id: &str) -> Result<Endpoints, Error> {
        let tool = self.platform.state().tool(client_id)?.clone();
        Ok(self.platform.endpoints_of(&tool))
    }

    /// Says another issuer from now on, in the configuration and in tokens.
    pub fn set_issuer(&self, issuer: &str) {
        issuer.clone_into(&mut self.platform.state().issuer);
    }

    /// Its clock, which can be set wrong.
    pub fn clock(&self) -> &Clock {
        &self.platform.clock
    }

    /// Its faults.
    pub fn faults(&self) -> &Faults {
        &self.platform.faults
    }

    /// The profile it behaves by.
    pub fn profile(&self) -> &Profile {
        &self.platform.profile
    }

    /// The people of the invented school.
    pub fn people(&self) -> Vec<Person> {
        self.platform.state().people.clone()
    }

    /// Adds somebody, a member of every course.
    pub fn add_person(&self, person: Person) {
        self.platform.state().people.push(person);
    }

    /// Its courses with their links.
    pub fn courses(&self) -> Vec<Course> {
        self.platform.state().courses.clone()
    }

    /// The tools, in order of registration.
    pub fn tools(&self) -> Vec<Tool> {
        self.platform.state().tools.clone()
    }

    /// The tool of this client id.
    pub fn tool(&self, client_id: &str) -> Option<Tool> {
        self.platform.state().tool(client_id).ok().cloned()
    }

    /// Registers a tool by hand, as an administrator does who types everything. It is active at once.
    pub fn register_tool(&self, tool: ManualTool) -> Tool {
        self.platform.register_by_hand(tool)
    }

    /// Switches a tool on.
    pub fn activate(&self, client_id: &str) -> Result<(), Error> {
        self.platform.state().tool_mut(client_id)?.active = true;
        Ok(())
    }

    /// Switches a tool off.
    pub fn deactivate(&self, client_id: &str) -> Result<(), Error> {
        self.platform.state().tool_mut(client_id)?.active = false;
        Ok(())
    }

    /// Changes a tool, for example its deployment id.
    pub fn change_tool(
        &self,
        client_id: &str,
        change: impl FnOnce(&mut Tool),
    ) -> Result<(), Error> {
        change(self.platform.state().tool_mut(client_id)?);
        Ok(())
    }

    /// A complete, right payload of an `id_token` for this launch, with the launch's own changes.
    pub fn claims(&self, launch: &Launch) -> Result<Value, Error> {
        self.platform
            .claims(launch, launch.nonce.as_deref().unwrap_or("nonce-of-nobody"))
    }

    /// The key in use.
    pub fn key(&self) -> SigningKey {
        self.platform.state().key().clone()
    }

    /// The header of an ordinary token: `typ`, `alg`, and the `kid` of the key in use.
    pub fn token_header(&self) -> Value {
        self.platform.state().key().header()
    }

    /// Signs any claims under any header with the key in use; see [`SigningKey::sign`] for other algorithms.
    pub fn sign(&self, header: &Value, claims: &Value) -> Result<String, Error> {
        self.key().sign(header, claims)
    }

    /// Signs with a fresh key from now on and returns it. The old one stays in the key set.
    pub fn rotate_key(&self) -> Result<SigningKey, Error> {
        let key = SigningKey::generate()?;
        self.platform.state().keys.insert(0, key.clone());
        Ok(key)
    }

    /// Takes all keys but the one in use out of the key set.
    pub fn drop_old_keys(&self) {
        self.platform.state().keys.truncate(1);
    }

    /// How often an endpoint was asked, faults included.
    pub fn hits(&self, endpoint: Endpoint) -> u64 {
        self.platform.state().hits(endpoint)
    }

    /// How often the key set was fetched.
    pub fn jwks_hits(&self) -> u64 {
        self.hits(Endpoint::Jwks)
    }

    /// What was said, oldest first; the last 300 exchanges.
    pub fn wire(&self) -> Vec<Exchange> {
        self.platform.state().wire.iter().cloned().collect()
    }

    /// The deep linking responses that came, good and bad.
    pub fn deep_linking_responses(&self) -> Vec<DeepLinkingResponse> {
        self.platform.state().deep_linking.clone()
    }

    /// The line items of a tool.
    pub fn line_items(&self, client_id: &str) -> Vec<LineItem> {
        self.platform.state().gradebook.of_tool(client_id)
    }
}
