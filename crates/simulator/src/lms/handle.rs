//! The handle with which tests inspect and control a running LMS.

use serde_json::Value;

use super::{
    Lms, RegistrationStart,
    protocol::{claims, enrolment, login, token},
    state::{
        DeepLinkingResponse, Exchange, Launch, LaunchRecord, LineItem, LoginRequest, PreparedPage,
        StorageFault,
    },
};
use crate::{
    Error,
    browser::{Browser, Page},
    clock::Clock,
    endpoint::Endpoint,
    faults::Faults,
    jose::SigningKey,
    people::{Course, Person},
    profiles::{Endpoints, Profile},
    random,
    tool::{ManualTool, Tool},
};

/// The school and the platform itself.
impl Lms {
    /// Its issuer and protocol endpoints.
    pub fn endpoints(&self) -> Endpoints {
        self.platform.endpoints()
    }

    /// The same for one tool: some vendors have separate keys and token endpoints for each.
    pub fn endpoints_of(&self, client_id: &str) -> Result<Endpoints, Error> {
        let tool = self.platform.memory().tool(client_id)?.clone();
        Ok(self.platform.endpoints_of(&tool))
    }

    /// Uses another issuer from now on, in the configuration and in tokens.
    pub fn set_issuer(&self, issuer: &str) {
        issuer.clone_into(&mut self.platform.memory().issuer);
    }

    /// Its clock, which can be set wrong.
    pub fn clock(&self) -> &Clock {
        &self.platform.clock
    }

    /// Its faults, to set and remove.
    pub fn faults(&self) -> &Faults {
        &self.platform.faults
    }

    /// The profile it follows.
    pub fn profile(&self) -> &Profile {
        &self.platform.profile
    }

    /// The people of the invented school.
    pub fn people(&self) -> Vec<Person> {
        self.platform.memory().people.clone()
    }

    /// Adds a person to every course.
    pub fn add_person(&self, person: Person) {
        self.platform.memory().people.push(person);
    }

    /// Changes a person, such as their name.
    pub fn change_person(&self, id: &str, change: impl FnOnce(&mut Person)) -> Result<(), Error> {
        change(self.platform.memory().person_mut(id)?);
        Ok(())
    }

    /// Takes a person out of every course.
    pub fn remove_person(&self, id: &str) {
        self.platform
            .memory()
            .people
            .retain(|person| person.id != id);
    }

    /// Rosters end with a link to later changes, valid for this many seconds. No profile does this
    /// by default. `None` ends it; links already issued keep working.
    pub fn offer_differences(&self, seconds: Option<i64>) {
        self.platform.memory().differences.offer(seconds);
    }

    /// Its courses with their links.
    pub fn courses(&self) -> Vec<Course> {
        self.platform.memory().courses.clone()
    }

    /// The tools, in order of registration.
    pub fn tools(&self) -> Vec<Tool> {
        self.platform.memory().tools.clone()
    }

    /// The tool with this client id.
    pub fn tool(&self, client_id: &str) -> Option<Tool> {
        self.platform.memory().tool(client_id).ok().cloned()
    }
}

/// Tools and their registration.
impl Lms {
    /// Registers a tool as an administrator does by hand. It is active immediately.
    pub fn register_tool(&self, tool: ManualTool) -> Tool {
        self.platform.register_by_hand(tool)
    }

    /// Switches a tool on.
    pub fn activate(&self, client_id: &str) -> Result<(), Error> {
        self.platform.memory().tool_mut(client_id)?.active = true;
        Ok(())
    }

    /// Switches a tool off.
    pub fn deactivate(&self, client_id: &str) -> Result<(), Error> {
        self.platform.memory().tool_mut(client_id)?.active = false;
        Ok(())
    }

    /// Changes a tool, such as its deployment id.
    pub fn change_tool(
        &self,
        client_id: &str,
        change: impl FnOnce(&mut Tool),
    ) -> Result<(), Error> {
        change(self.platform.memory().tool_mut(client_id)?);
        Ok(())
    }

    /// Starts a registration: creates a secret and the address that opens the tool's registration
    /// page.
    pub fn begin_registration(
        &self,
        tool_registration_url: &str,
    ) -> Result<RegistrationStart, Error> {
        enrolment::begin(&self.platform, tool_registration_url)
    }

    /// Creates a registration secret only, for requests made by hand.
    pub fn registration_token(&self) -> Result<String, Error> {
        Ok(enrolment::make_secret(&self.platform)?.0)
    }
}

/// Launches, tokens and keys.
impl Lms {
    /// A complete, correct `id_token` payload for this launch, with the launch's own changes.
    pub fn claims(&self, launch: &Launch) -> Result<Value, Error> {
        let nonce = launch.nonce.as_deref().unwrap_or("nonce-of-nobody");
        claims::of(&self.platform, launch, nonce)
    }

    /// The current key.
    pub fn key(&self) -> SigningKey {
        self.platform.memory().key().clone()
    }

    /// The header of a normal token: `typ`, `alg`, and the `kid` of the current key.
    pub fn token_header(&self) -> Value {
        self.platform.memory().key().header()
    }

    /// Signs any claims under any header with the current key; see [`SigningKey::sign`] for other
    /// algorithms.
    pub fn sign(&self, header: &Value, claims: &Value) -> Result<String, Error> {
        self.key().sign(header, claims)
    }

    /// Switches to a fresh signing key and returns it. The old one stays in the key set.
    pub fn rotate_key(&self) -> Result<SigningKey, Error> {
        let key = SigningKey::generate()?;
        self.platform.memory().keys.insert(0, key.clone());
        Ok(key)
    }

    /// Publishes this many additional keys, like a host that keeps the keys of many tools and
    /// schools in one set. The current key comes after them, and they never sign anything.
    pub fn publish_other_keys(&self, count: usize) {
        let mut memory = self.platform.memory();
        let key = memory.key().clone();
        let others = (0..count).map(|_| key.with_kid(&random::alphanumeric(20)));
        memory.other_keys = others.collect();
    }

    /// Removes every key except the current one from the key set.
    pub fn drop_old_keys(&self) {
        self.platform.memory().keys.truncate(1);
    }

    /// Starts a launch and returns the form that the LMS's page would post to the tool. It can be
    /// answered once.
    pub fn login_request(&self, launch: &Launch) -> Result<LoginRequest, Error> {
        login::request(&self.platform, launch)
    }

    /// An address on the LMS that starts this launch in a browser. Works once.
    pub fn launch_url(&self, launch: &Launch) -> Result<String, Error> {
        login::check(&self.platform, launch)?;
        let ticket = random::alphanumeric(16);
        self.platform
            .memory()
            .tickets
            .insert(ticket.clone(), launch.clone());
        Ok(format!("{}/launch/{ticket}", self.platform.base))
    }

    /// An address on the LMS whose page shows these launches together, each in a frame, or behind a
    /// link to a new window if the launch asks for that. Each visit starts them again.
    pub fn page_url(
        &self,
        launches: &[Launch],
        fault: Option<StorageFault>,
    ) -> Result<String, Error> {
        for launch in launches {
            login::check(&self.platform, launch)?;
        }
        let ticket = random::alphanumeric(16);
        let page = PreparedPage {
            launches: launches.to_vec(),
            fault,
        };
        self.platform.memory().pages.insert(ticket.clone(), page);
        Ok(format!("{}/frame/{ticket}", self.platform.base))
    }

    /// Launches the tool in `browser`, from the LMS's page to the final page.
    pub async fn launch(&self, browser: &Browser, launch: &Launch) -> Result<Page, Error> {
        browser.open(&self.launch_url(launch)?).await
    }
}

/// Results.
impl Lms {
    /// How many requests an endpoint received, including those answered with a fault.
    pub fn hits(&self, endpoint: Endpoint) -> u64 {
        self.platform.memory().hits(endpoint)
    }

    /// How often the key set was fetched.
    pub fn jwks_hits(&self) -> u64 {
        self.hits(Endpoint::Jwks)
    }

    /// The last 300 exchanges, oldest first.
    pub fn wire(&self) -> Vec<Exchange> {
        self.platform.memory().wire.kept().iter().cloned().collect()
    }

    /// The last 100 launches, oldest first, and how each ended.
    pub fn launches(&self) -> Vec<LaunchRecord> {
        let memory = self.platform.memory();
        memory.history.kept().iter().cloned().collect()
    }

    /// The deep linking responses received, good and bad.
    pub fn deep_linking_responses(&self) -> Vec<DeepLinkingResponse> {
        self.platform.memory().deep_linking.clone()
    }

    /// An access token for a tool, with all its scopes, as issued by the token endpoint.
    pub fn access_token(&self, client_id: &str) -> Result<String, Error> {
        let tool = self.platform.memory().tool(client_id)?.clone();
        let scopes = tool.facts.scopes.clone();
        let answer = token::give(&self.platform, &tool, scopes, "Bearer");
        Ok(answer["access_token"]
            .as_str()
            .unwrap_or_default()
            .to_owned())
    }

    /// Invalidates all access tokens.
    pub fn forget_access_tokens(&self) {
        self.platform.memory().access_tokens.clear();
    }

    /// Deletes a line item, as a teacher does.
    pub fn delete_line_item(&self, id: u64) {
        self.platform.memory().gradebook.items.remove(&id);
    }

    /// The line items of a tool.
    pub fn line_items(&self, client_id: &str) -> Vec<LineItem> {
        self.platform.memory().gradebook.of_tool(client_id)
    }
}
