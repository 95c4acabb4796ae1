//! What a handler may reach: the store, the outbound client, our keys, the clock, and caches in front of the store.

use std::collections::HashSet;
use std::ops::Deref;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::{self, header::HOST};

use crate::cache::{Cache, FRESH};
use crate::clock::{Clock, Random};
use crate::config::Config;
use crate::error::Problem;
use crate::id::is_id;
use crate::launch::ltik::LtikKeys;
use crate::launch::{Launch, Message};
use crate::limits::Limiter;
use crate::outbound::Outbound;
use crate::platform_keys::PlatformKeys;
use crate::registration::blocked;
use crate::seal::{Sealer, Secrets};
use crate::service_tokens::ServiceTokens;
use crate::signing_keys::KeySetDocument;
use crate::store::deployments::Status;
use crate::store::platforms::Platform;
use crate::store::{Db, StoreError, deployments, platforms, tools};
use crate::studyreel::placement::LearningPath;
use crate::tool::Tool;
use crate::traces::Traces;
use crate::{setup, studyreel};

/// Bytes of recent launches kept at hand, so that the application's first question needs no store.
const LAUNCH_BYTES: usize = 8 * 1024 * 1024;
/// Bytes of our own key sets kept at hand.
const KEY_SET_BYTES: usize = 16 * 1024 * 1024;

/// How long a launch stays at hand: of a student, no longer than anything else that another replica may change, so that
/// erasing them is complete everywhere within seconds.
fn launch_life(launch: &Arc<Launch>) -> Duration {
    match launch.message {
        Message::StudyReel(_) => FRESH,
        Message::Lti13(_) => Duration::from_secs(600),
    }
}

/// Every tool, with the host name it is found by.
type Tools = Vec<(Option<String>, Arc<Tool>)>;

/// The running service. Cloning it is cheap.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What it is made of.
pub struct Parts {
    /// The settings it was started with.
    pub config: Config,
    /// The store.
    pub db: Db,
    /// The only HTTP client.
    pub outbound: Outbound,
    /// Time.
    pub clock: Clock,
    /// Randomness.
    pub random: Random,
    /// Seals what is stored.
    pub rows: Sealer,
    /// Seals what a browser carries from login to launch.
    pub states: Sealer,
    /// Signs and checks `ltik` and service keys.
    pub ltiks: LtikKeys,
    /// Key sets of platforms.
    pub platform_keys: PlatformKeys,
    /// Our key sets as they are published, by tool or platform.
    pub key_sets: Cache<String, Arc<KeySetDocument>>,
    /// Access tokens for platforms' services.
    pub service_tokens: ServiceTokens,
    /// Wakes whoever makes keys ahead.
    pub keys_wanted: tokio::sync::Notify,
    /// Held while a key pair is made: one at a time leaves the machine to others.
    pub key_in_the_making: tokio::sync::Mutex<()>,
    /// Whose requests were let through lately.
    pub limiter: Limiter,
    /// Traces on their way into the store.
    pub traces: Traces,
    /// What the StudyReel room keeps.
    pub studyreel: studyreel::Room,
    /// Recent launches, by id.
    pub launches: Cache<String, Arc<Launch>>,
    /// Tools of API keys, by the key's hash.
    pub api_keys: Cache<Vec<u8>, Arc<str>>,
    platforms: Cache<(String, String), Arc<Vec<Arc<Platform>>>>,
    platforms_by_id: Cache<String, Option<Arc<Platform>>>,
    deployments: Cache<(String, String), Status>,
    blocked: Cache<String, Arc<HashSet<String>>>,
    tools: RwLock<Arc<Tools>>,
    /// Held from reading the tools to keeping them, so that the newest stay.
    reloading: tokio::sync::Mutex<()>,
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Puts the service together. [`Self::reload_tools`] must have been called once before it serves.
    pub fn new(
        config: Config,
        db: Db,
        outbound: Outbound,
        clock: Clock,
        random: Random,
        secrets: &Secrets,
    ) -> Self {
        Self(Arc::new(Parts {
            rows: setup::sealer(&secrets.keys, &random),
            states: Sealer::new(&secrets.keys, "login states", random.clone()),
            ltiks: LtikKeys::new(secrets),
            platform_keys: PlatformKeys::default(),
            key_sets: Cache::new(KEY_SET_BYTES)
                .weighing(|document: &Arc<KeySetDocument>| document.weight()),
            service_tokens: ServiceTokens::default(),
            keys_wanted: tokio::sync::Notify::new(),
            key_in_the_making: tokio::sync::Mutex::default(),
            limiter: Limiter::default(),
            traces: Traces::default(),
            studyreel: studyreel::Room::new(&secrets.root),
            launches: Cache::new(LAUNCH_BYTES)
                .weighing(|launch: &Arc<Launch>| launch.weight())
                .living(launch_life),
            api_keys: Cache::new(1000),
            platforms: Cache::new(10_000),
            platforms_by_id: Cache::new(10_000),
            deployments: Cache::new(100_000),
            blocked: Cache::new(10_000),
            tools: RwLock::default(),
            reloading: tokio::sync::Mutex::default(),
            config,
            db,
            outbound,
            clock,
            random,
        }))
    }

    /// Reads the tools anew: after a change here, and every few seconds for changes of other replicas.
    ///
    /// # Errors
    /// The store failed; the tools read before stay in force.
    pub async fn reload_tools(&self) -> Result<(), StoreError> {
        let _reloading = self.reloading.lock().await;
        let found = tools::all(&mut self.db.read().await?.tx()).await?;
        let found = found
            .into_iter()
            .map(|(host, tool)| (host, Arc::new(tool)))
            .collect();
        *self.tools.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(found);
        Ok(())
    }

    fn tools(&self) -> Arc<Tools> {
        self.tools
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The tool of a host name, without a port; else the first, which needs no host name.
    pub fn tool_at(&self, host: &str) -> Option<Arc<Tool>> {
        let host = host
            .rsplit_once(':')
            .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()))
            .map_or(host, |(name, _)| name);
        let tools = self.tools();
        let named = tools.iter().find(|(name, _)| {
            name.as_deref()
                .is_some_and(|name| name.eq_ignore_ascii_case(host))
        });
        named
            .or_else(|| tools.first())
            .map(|(_, tool)| tool.clone())
    }

    /// Every tool.
    pub fn every_tool(&self) -> Vec<Arc<Tool>> {
        self.tools().iter().map(|(_, tool)| tool.clone()).collect()
    }

    /// The learning paths that the settings file defines for a tool: it knows the first only.
    pub fn written_paths(&self, tool_id: &str) -> &[LearningPath] {
        match self.tools().first() {
            Some((_, first)) if first.id == tool_id => &self.config.learning_paths,
            _ => &[],
        }
    }

    /// A tool by its id.
    pub fn tool(&self, id: &str) -> Option<Arc<Tool>> {
        self.tools()
            .iter()
            .find(|(_, tool)| tool.id == id)
            .map(|(_, tool)| tool.clone())
    }

    /// Whether pages may name the reason of a refusal (lti.md B-04).
    pub fn shows_reasons(&self) -> bool {
        self.tools()
            .iter()
            .all(|(_, tool)| tool.settings.launch.show_reasons)
    }

    /// Every platform of an issuer.
    ///
    /// # Errors
    /// The store failed.
    pub async fn platforms_of(
        &self,
        tool_id: &str,
        issuer: &str,
    ) -> Result<Arc<Vec<Arc<Platform>>>, StoreError> {
        let key = (tool_id.to_owned(), issuer.to_owned());
        if let Some(found) = self.platforms.get(&key) {
            return Ok(found);
        }
        let rows = self.db.look_up(|mut tx| {
            let (tool_id, issuer) = key.clone();
            Box::pin(async move { platforms::of_issuer(&mut tx, tool_id, issuer).await })
        });
        let rows = rows.await?;
        let found = Arc::new(rows.into_iter().map(Arc::new).collect());
        self.platforms.insert(key, Arc::clone(&found));
        Ok(found)
    }

    /// A platform by its id.
    ///
    /// # Errors
    /// The store failed.
    pub async fn platform(&self, id: &str) -> Result<Option<Arc<Platform>>, StoreError> {
        // Ours are letters and digits; nothing else is worth a look, or a place in the cache.
        if !is_id(id) {
            return Ok(None);
        }
        if let Some(found) = self.platforms_by_id.get(id) {
            return Ok(found);
        }
        let found = self.db.look_up(|mut tx| {
            let id = id.to_owned();
            Box::pin(async move { platforms::by_id(&mut tx, id).await })
        });
        let found = found.await?.map(Arc::new);
        self.platforms_by_id.insert(id.to_owned(), found.clone());
        Ok(found)
    }

    /// A deployment's status, where it is known.
    ///
    /// # Errors
    /// The store failed.
    pub async fn deployment(
        &self,
        platform_id: &str,
        deployment_id: &str,
    ) -> Result<Option<Status>, StoreError> {
        let key = (platform_id.to_owned(), deployment_id.to_owned());
        if let Some(status) = self.deployments.get(&key) {
            return Ok(Some(status));
        }
        let found = self.db.look_up(|mut tx| {
            let (platform_id, deployment_id) = key.clone();
            Box::pin(async move { deployments::one(&mut tx, platform_id, deployment_id).await })
        });
        let Some(found) = found.await? else {
            return Ok(None);
        };
        // What keeps people out is asked anew each time: another replica may just have let them in.
        if found.status == Status::Active {
            self.deployments.insert(key, found.status);
        }
        Ok(Some(found.status))
    }

    /// Whether an operator stopped the launches of this person of a platform.
    ///
    /// # Errors
    /// The store failed, or its rows can't be opened.
    pub async fn is_blocked(&self, platform_id: &str, subject: &str) -> Result<bool, Problem> {
        let blocked = match self.blocked.get(platform_id) {
            Some(blocked) => blocked,
            None => {
                let found = Arc::new(blocked::subjects(self, platform_id).await?);
                self.blocked
                    .insert(platform_id.to_owned(), Arc::clone(&found));
                found
            }
        };
        Ok(blocked.contains(subject))
    }

    /// Forgets what was kept at hand and is too old to be given out.
    pub fn tidy_caches(&self) {
        self.key_sets.tidy();
        self.launches.tidy();
        self.api_keys.tidy();
        self.platforms.tidy();
        self.platforms_by_id.tidy();
        self.deployments.tidy();
        self.blocked.tidy();
        self.studyreel.paths.tidy();
    }

    /// Forgets what is cached of platforms, after one was changed here.
    pub fn platforms_changed(&self) {
        self.platforms.clear();
        self.platforms_by_id.clear();
        self.deployments.clear();
        self.blocked.clear();
        self.key_sets.clear();
    }
}

/// The host a request was sent to: HTTP/2 has it in the address, HTTP/1 in a header.
pub fn host_of<'a>(uri: &'a http::Uri, headers: &'a http::HeaderMap) -> &'a str {
    let header = || headers.get(HOST).and_then(|value| value.to_str().ok());
    uri.authority()
        .map(http::uri::Authority::as_str)
        .or_else(header)
        .unwrap_or("")
}

/// The tool a request is for, by the host name it was sent to.
pub struct AtTool(pub Arc<Tool>);

impl FromRequestParts<App> for AtTool {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut http::request::Parts,
        app: &App,
    ) -> Result<Self, Problem> {
        app.tool_at(host_of(&parts.uri, &parts.headers))
            .map(Self)
            .ok_or_else(Problem::unavailable)
    }
}
