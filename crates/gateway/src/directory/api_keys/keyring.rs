//! Checks API keys: the keys of every tool are kept in memory, so that a wrong one costs no
//! look-up.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use axum::http::request::Parts;
use store::api_keys::{self, ApiKeyRow};
use store::{Db, StoreError, behind_another};

use super::failures::Failures;
use super::guessable::is_guessable;
use super::new::{Hasher, KeyHash, old_hash};
use super::scope::Scope;
use crate::directory::credentials::Credentials;
use crate::directory::tools::{Tool, Tools};
use crate::kit::clock::{Clock, Stopwatch};
use crate::web::client::Clients;
use crate::web::limiter::Limiter;
use crate::web::problem::Problem;

/// How old the keys in memory may be, so that a revoked one is refused everywhere within five
/// seconds, however busy the store is. There are few, and reading them takes a fraction of a
/// millisecond.
const FRESH: Duration = Duration::from_secs(2);
/// How old they may be when a key isn't among them: it may have been created since.
const RECENT: Duration = Duration::from_secs(1);

/// How long to wait for another request that reads the keys, outside a request.
const PATIENCE: Duration = Duration::from_secs(4);

/// The answer to a request whose key was revoked, or expired, while its body arrived.
pub(crate) const REVOKED: &str = "The API key was revoked, or has expired.";

/// The API keys of every tool. Cloning it is cheap.
#[derive(Clone)]
pub struct ApiKeys(Arc<ApiKeysInner>);

struct ApiKeysInner {
    db: Db,
    clock: Clock,
    tools: Tools,
    clients: Clients,
    hasher: Hasher,
    ring: RwLock<Option<Arc<Ring>>>,
    /// Held from reading the keys until they are stored here, so that the newest win.
    reading: tokio::sync::Mutex<()>,
    uses: Mutex<HashMap<Arc<str>, KeyUse>>,
    failures: Failures,
}

/// What the API keys need.
pub struct ApiKeysParts {
    pub db: Db,
    pub clock: Clock,
    pub tools: Tools,
    pub clients: Clients,
    pub limiter: Limiter,
    pub hasher: Hasher,
}

/// The keys as of some moment.
struct Ring {
    since: Stopwatch,
    keys: HashMap<KeyHash, Arc<ApiKey>>,
    /// When each key expires, by its id.
    ends: HashMap<Arc<str>, Option<i64>>,
}

impl Ring {
    /// Whether the key with this id is still valid.
    fn has(&self, id: &str, now_ms: i64) -> bool {
        let end = self.ends.get(id);
        end.is_some_and(|end| end.is_none_or(|end| now_ms < end))
    }
}

/// A valid API key.
pub struct ApiKey {
    /// Its id, which is not secret.
    pub id: Arc<str>,
    /// The name its owner gave it.
    pub name: String,
    /// What it may be used for.
    pub scope: Scope,
    tool_id: String,
    expires_at: Option<i64>,
}

/// A use that has not been stored yet.
struct KeyUse {
    at_ms: i64,
    /// The unkeyed hash of an older version, and the hash that replaces it.
    rehash: Option<(KeyHash, KeyHash)>,
}

impl From<ApiKeysParts> for ApiKeys {
    fn from(parts: ApiKeysParts) -> Self {
        Self(Arc::new(ApiKeysInner {
            failures: Failures::new(parts.limiter, parts.clock.clone()),
            db: parts.db,
            clock: parts.clock,
            tools: parts.tools,
            clients: parts.clients,
            hasher: parts.hasher,
            ring: RwLock::default(),
            reading: tokio::sync::Mutex::default(),
            uses: Mutex::default(),
        }))
    }
}

impl ApiKeys {
    /// The key that a request carries, and its tool.
    ///
    /// # Errors
    /// 401 for an invalid key, 429 if the address has sent too many wrong ones, or the store
    /// failed.
    pub async fn find(
        &self,
        head: &Parts,
        api_key: &str,
    ) -> Result<(Arc<Tool>, Arc<ApiKey>), Problem> {
        let kept = &*self.0;
        let source = kept.clients.source_of(head);
        let hash = kept.hasher.hash(api_key);
        // What looks random is compared even if wrong keys came from the same address, because
        // guesses at it are in vain. A short one that an operator chose isn't (decision 0513).
        let is_slowed = is_guessable(api_key);
        if is_slowed {
            kept.failures.check(source, &hash)?;
        }
        let Some(key) = self.look_up(api_key, &hash).await? else {
            return Err(kept.failures.count(source));
        };
        if is_slowed {
            // Of many that were sent at once, the wrong ones may have been counted meanwhile.
            kept.failures.check_right(source, &hash)?;
        }
        // The key is right: it is we who haven't read the tools yet.
        let Some(tool) = kept.tools.by_id(&key.tool_id) else {
            return Err(Problem::unavailable());
        };
        let now = kept.clock.now_ms();
        if key.expires_at.is_some_and(|end| end <= now) {
            return Err(Problem::unauthorized("The API key has expired."));
        }
        kept.failures.succeeded(source, hash);
        self.uses()
            .entry(Arc::clone(&key.id))
            .and_modify(|known| known.at_ms = now)
            .or_insert(KeyUse {
                at_ms: now,
                rehash: None,
            });
        Ok((tool, key))
    }

    /// Whether a request carries a key that is in memory. It still has to be checked: it may just
    /// have been revoked. One that may be guessed is never known here, because what follows from
    /// this would tell, and no wrong guess is counted.
    pub(crate) fn has_key(&self, head: &Parts) -> bool {
        let api_key = Credentials::of(head).map(Credentials::api_key);
        let Some(api_key) = api_key.ok().filter(|key| !is_guessable(key)) else {
            return false;
        };
        let ring = self.0.ring.read().unwrap_or_else(PoisonError::into_inner);
        let now = self.0.clock.now_ms();
        ring.as_ref().is_some_and(|ring| {
            let key = ring.keys.get(&self.0.hasher.hash(api_key));
            key.is_some_and(|key| ring.has(&key.id, now))
        })
    }

    /// Whether the key with this id, sent with a request some time ago, is still valid.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn is_in_force(&self, id: &str) -> Result<bool, StoreError> {
        let ring = self.ring(|since| since.elapsed() < FRESH).await?;
        Ok(ring.has(id, self.0.clock.now_ms()))
    }

    /// The same as the store has it now: another replica or a command may just have revoked the
    /// key.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn is_in_force_now(&self, id: &str) -> Result<bool, StoreError> {
        let asked = Stopwatch::start();
        // Requests that ask at the same time share a read.
        let ring = self.ring(|since| {
            let waited = asked.elapsed();
            since.elapsed() <= waited
        });
        Ok(ring.await?.has(id, self.0.clock.now_ms()))
    }

    /// How long the clock has run.
    pub(crate) fn uptime(&self) -> Duration {
        self.0.clock.uptime()
    }

    async fn look_up(
        &self,
        api_key: &str,
        hash: &KeyHash,
    ) -> Result<Option<Arc<ApiKey>>, StoreError> {
        for age in [FRESH, RECENT] {
            let ring = self.ring(|since| since.elapsed() < age).await?;
            if let Some(key) = ring.keys.get(hash) {
                return Ok(Some(Arc::clone(key)));
            }
            let old = old_hash(api_key);
            if let Some(key) = ring.keys.get(&old) {
                let known = KeyUse {
                    at_ms: self.0.clock.now_ms(),
                    rehash: Some((old, *hash)),
                };
                self.uses().insert(Arc::clone(&key.id), known);
                return Ok(Some(Arc::clone(key)));
            }
        }
        Ok(None)
    }

    /// The keys, read from the store unless those in memory are fresh enough.
    async fn ring(
        &self,
        is_fresh: impl Fn(Stopwatch) -> bool + Send + Sync,
    ) -> Result<Arc<Ring>, StoreError> {
        let at_hand = || {
            let ring = self.0.ring.read().unwrap_or_else(PoisonError::into_inner);
            ring.clone().filter(|ring| is_fresh(ring.since))
        };
        if let Some(ring) = at_hand() {
            return Ok(ring);
        }
        // If the store is silent, a queue of requests must not wait for it one after the other.
        let _reading = behind_another(PATIENCE, self.0.reading.lock()).await?;
        if let Some(ring) = at_hand() {
            return Ok(ring);
        }
        let since = Stopwatch::start();
        let rows = self
            .0
            .db
            .look_up(|mut tx| Box::pin(async move { api_keys::all(&mut tx).await }));
        let keys: HashMap<_, _> = rows.await?.into_iter().filter_map(read).collect();
        let ends = keys
            .values()
            .map(|key| (Arc::clone(&key.id), key.expires_at));
        let ends = ends.collect();
        let ring = Arc::new(Ring { since, keys, ends });
        self.keep(Some(Arc::clone(&ring)));
        Ok(ring)
    }

    /// Drops the keys in memory after a change.
    pub async fn changed(&self) {
        // A read under way may have started before the change.
        let _reading = self.0.reading.lock().await;
        self.keep(None);
    }

    fn keep(&self, ring: Option<Arc<Ring>>) {
        let mut kept = self.0.ring.write().unwrap_or_else(PoisonError::into_inner);
        *kept = ring;
    }

    fn uses(&self) -> MutexGuard<'_, HashMap<Arc<str>, KeyUse>> {
        self.0.uses.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When the key with this id was last used here, unless that has been stored.
    pub(crate) fn unstored_use(&self, id: &str) -> Option<i64> {
        self.uses().get(id).map(|known| known.at_ms)
    }

    /// Stores when keys were used, and replaces hashes of older versions. Called once a minute, so
    /// that no request waits for it.
    ///
    /// # Errors
    /// The store failed; a key's next use is stored instead.
    pub async fn note_uses(&self) -> Result<(), StoreError> {
        let uses = std::mem::take(&mut *self.uses());
        if uses.is_empty() {
            return Ok(());
        }
        let write = self.0.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                for (id, KeyUse { at_ms, rehash }) in uses {
                    api_keys::used(&mut tx, &id, at_ms).await?;
                    if let Some((before, hash)) = rehash {
                        api_keys::rehash(&mut tx, &before, &hash).await?;
                    }
                }
                Ok(())
            })
        });
        write.await
    }

    /// Logs which addresses have sent wrong keys since the last call.
    pub fn report_failures(&self) {
        self.0.failures.report();
    }

    /// The hasher for new keys.
    pub fn hasher(&self) -> &Hasher {
        &self.0.hasher
    }
}

/// What a request needs of a row.
fn read(row: ApiKeyRow) -> Option<(KeyHash, Arc<ApiKey>)> {
    let (Ok(hash), Some(scope)) = (
        KeyHash::try_from(row.key_hash.as_slice()),
        Scope::named(&row.scope),
    ) else {
        tracing::warn!(
            api_key = row.id,
            "an API key that this version can't read is out of force"
        );
        return None;
    };
    let key = ApiKey {
        id: row.id.into(),
        name: row.name,
        scope,
        tool_id: row.tool_id,
        expires_at: row.expires_at,
    };
    Some((hash, Arc::new(key)))
}
