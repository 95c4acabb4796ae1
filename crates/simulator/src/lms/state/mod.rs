//! The state of the pretend LMS, all in memory. Nothing here knows requests or pages.

mod addresses;
mod deep_linking;
mod differences;
mod gradebook;
mod history;
mod launch;
mod login;
mod memory;
mod prepared;
mod secrets;
mod wire;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use self::{
    deep_linking::DeepLinkingResponse,
    gradebook::{LineItem, ScoreRecord},
    history::{Ending, LaunchRecord},
    launch::{Launch, Message},
    login::LoginRequest,
    prepared::StorageFault,
    wire::{Exchange, Parameter},
};
pub(crate) use self::{
    deep_linking::ITEMS,
    differences::Differences,
    gradebook::{Gradebook, Review, ScoredPerson, SentScore, Taking, number},
    history::History,
    login::PendingLogin,
    memory::Memory,
    prepared::PreparedPage,
    secrets::{AccessToken, Secret},
    wire::{Wire, shown},
};
use crate::{
    browser::Browser,
    clock::Clock,
    faults::Faults,
    jose::SigningKey,
    profiles::Profile,
    random,
    tool::{ManualTool, Tool},
};

pub(crate) struct Platform {
    pub(crate) profile: Profile,
    /// Its public address, without a trailing slash.
    pub(crate) base: String,
    /// The origin of its authorization endpoint, without a trailing slash.
    pub(crate) sign_on: String,
    pub(crate) clock: Clock,
    pub(crate) faults: Faults,
    pub(crate) browser: Browser,
    /// Where tools' owners can read the trace of a launch, with `{reference}` in it.
    traces: Option<String>,
    memory: Mutex<Memory>,
}

/// A platform's own addresses, without trailing slashes, and where launches are traced.
pub(crate) struct Addresses {
    pub(crate) base: String,
    pub(crate) sign_on: String,
    pub(crate) issuer: String,
    pub(crate) traces: Option<String>,
}

impl Platform {
    /// The address of the trace with this reference.
    pub(crate) fn trace(&self, reference: &str) -> Option<String> {
        let reference: String =
            url::form_urlencoded::byte_serialize(reference.as_bytes()).collect();
        Some(self.traces.as_ref()?.replace("{reference}", &reference))
    }

    pub(crate) fn new(
        profile: Profile,
        addresses: Addresses,
        key: SigningKey,
        browser: Browser,
    ) -> Self {
        Self {
            profile,
            base: addresses.base,
            sign_on: addresses.sign_on,
            traces: addresses.traces,
            clock: Clock::default(),
            faults: Faults::default(),
            browser,
            memory: Mutex::new(Memory::new(addresses.issuer, key)),
        }
    }

    pub(crate) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn register_by_hand(&self, tool: ManualTool) -> Tool {
        let own_keys = self.profile.manual.is_some_and(|manual| manual.own_keys);
        let passport = own_keys.then(random::uuid);
        let key = passport.as_ref().and_then(|_| SigningKey::generate().ok());
        let mut memory = self.memory();
        if let (Some(passport), Some(key)) = (&passport, key) {
            memory.own_keys.insert(passport.clone(), key);
        }
        let style = self.profile.registration;
        let tool = Tool {
            client_id: (style.client_id)(),
            deployment_id: (style.deployment_id)(memory.tools.len() + 1),
            active: true,
            passport,
            facts: tool.facts,
        };
        memory.tools.push(tool.clone());
        tool
    }
}
