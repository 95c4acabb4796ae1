//! Our key pairs: one for each platform, so that an assertion for one can't be used at another
//! (lti.md G-02). They are created ahead of time in the background, because creating one takes a
//! good part of a second.

use std::sync::Arc;
use std::time::Duration;

use store::signing_keys::{self, NewKey, Owner};
use store::{Db, StoreError};
use tokio::sync::{Mutex, MutexGuard, Notify};

use crate::keys::pair::{KeyError, generate_by};
use crate::keys::published::KeySetDocument;
use crate::keys::signer::Signer;
use crate::kit::cache::Cache;
use crate::kit::clock::Clock;
use crate::kit::key_pairs::{FreshPairs, PairMaker};
use crate::kit::seal::Sealer;
use crate::web::client::Source;
use crate::web::name_lookups::NameLookups;
use crate::web::problem::Problem;

/// Keys in the pool that uninvited platforms leave to others.
const RESERVE: i64 = 2;
/// Bytes of published key sets to cache.
const PUBLISHED_BYTES: usize = 16 * 1024 * 1024;
/// Platforms at most whose signing key's id is remembered.
const MOST_RECENT: usize = 20_000;
/// How long another replica's change may go unseen by those who only ask which key signs. A request
/// that has been told waits longer than that for its slot if many are under way.
const RECENT: Duration = Duration::from_secs(1);

/// The key pairs that identify us to platforms. Cloning it is cheap.
#[derive(Clone)]
pub struct OurKeys(pub(super) Arc<OurKeysInner>);

pub(super) struct OurKeysInner {
    pub(super) db: Db,
    pub(super) clock: Clock,
    rows: Sealer,
    pairs: &'static dyn PairMaker,
    /// The number of keys in a full pool.
    ahead: i64,
    /// Signals that the pool may need refilling.
    wanted: Notify,
    /// Held while a key pair is created: one at a time leaves processor time for requests.
    making: Mutex<()>,
    /// Held while an uninvited platform gets its key, so that each sees what the last one left, and
    /// only one of them at a time creates a key or waits to.
    uninvited: Mutex<()>,
    /// By tool or platform. Cached only for the few seconds that another replica's change may go
    /// unnoticed, to spare the store frequent reads: a new key is published hours before it signs,
    /// and one that must disappear at once is gone everywhere within those seconds.
    published: Cache<String, Arc<KeySetDocument>>,
    /// Ids of platforms with a key set: anyone can make up others.
    pub(super) names: NameLookups<String>,
    /// By platform, the id of the key that signs. Nothing is signed by it.
    recent: Cache<String, String>,
}

impl OurKeys {
    /// The keys in this store. Their private halves are sealed with `rows`; the pool holds `ahead`
    /// of them.
    pub fn new(db: Db, clock: Clock, rows: Sealer, ahead: i64) -> Self {
        Self::made_by(&FreshPairs, db, clock, rows, ahead)
    }

    /// The same, with pairs created by this maker.
    pub fn made_by(
        pairs: &'static dyn PairMaker,
        db: Db,
        clock: Clock,
        rows: Sealer,
        ahead: i64,
    ) -> Self {
        Self(Arc::new(OurKeysInner {
            db,
            clock,
            rows,
            pairs,
            ahead,
            wanted: Notify::new(),
            making: Mutex::default(),
            uninvited: Mutex::default(),
            published: Cache::new(PUBLISHED_BYTES)
                .weighing(|document: &Arc<KeySetDocument>| document.weight()),
            names: NameLookups::new(1),
            recent: Cache::new(MOST_RECENT).living(|_| RECENT),
        }))
    }

    /// Assigns a key pair to a platform before the platform's row exists, because some platforms
    /// fetch the key set while they register (lti.md D.3).
    ///
    /// # Errors
    /// No key could be created or stored.
    pub async fn assign(&self, tool_id: &str, platform_id: &str) -> Result<(), KeyError> {
        self.assign_leaving(0, tool_id, platform_id).await
    }

    /// The same for a platform that registers without an invitation. It leaves some of the pool to
    /// others: strangers wait for a key to be created, the invited don't.
    ///
    /// # Errors
    /// No key could be created or stored.
    pub async fn assign_uninvited(&self, tool_id: &str, platform_id: &str) -> Result<(), KeyError> {
        let _turn = self.0.uninvited.lock().await;
        self.assign_leaving(RESERVE, tool_id, platform_id).await
    }

    async fn assign_leaving(
        &self,
        reserve: i64,
        tool_id: &str,
        platform_id: &str,
    ) -> Result<(), KeyError> {
        let owner = || Owner {
            tool_id: tool_id.to_owned(),
            platform_id: platform_id.to_owned(),
            signs_from: self.0.clock.now_ms(),
        };
        if !self.take(owner(), reserve).await? {
            // The pool's next key is probably being created already: waiting for it is faster than
            // creating another in parallel.
            let _making = self.making().await;
            if !self.take(owner(), reserve).await? {
                let key = self.generate().await?;
                self.insert(key, Some(owner())).await?;
            }
        }
        // It may fetch its key set while it registers.
        self.0.names.remember(platform_id.to_owned(), true);
        self.wake();
        Ok(())
    }

    async fn generate(&self) -> Result<NewKey, KeyError> {
        generate_by(self.0.pairs, &self.0.rows).await
    }

    /// Takes a key from the pool, if it has more than the reserve.
    async fn take(&self, owner: Owner, reserve: i64) -> Result<bool, StoreError> {
        if reserve > 0 {
            let waiting = signing_keys::waiting(&mut self.0.db.read().await?.tx()).await?;
            if waiting <= reserve {
                return Ok(false);
            }
        }
        let now = self.0.clock.now_ms();
        let take = self.0.db.write_one(move |mut tx| {
            Box::pin(async move { signing_keys::take(&mut tx, owner, now).await })
        });
        take.await
    }

    async fn insert(&self, key: NewKey, owner: Option<Owner>) -> Result<(), KeyError> {
        let now = self.0.clock.now_ms();
        let insert = self.0.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { signing_keys::insert(&mut tx, key, owner, now).await })
        });
        Ok(insert.await?)
    }

    /// Creates keys until the pool is full.
    ///
    /// # Errors
    /// No key could be created or stored.
    pub async fn refill(&self) -> Result<(), KeyError> {
        loop {
            // Released after each key, so that a request waiting for it can take the key before the
            // next one is created.
            let _making = self.making().await;
            let waiting = signing_keys::waiting(&mut self.0.db.read().await?.tx()).await?;
            if waiting >= self.0.ahead {
                return Ok(());
            }
            let key = self.generate().await?;
            self.insert(key, None).await?;
        }
    }

    /// Creates keys until the pool contains this many, for platforms that are about to be added in
    /// one transaction.
    ///
    /// # Errors
    /// No key could be created or stored.
    pub async fn prepare(&self, number: usize) -> Result<(), KeyError> {
        let wanted = i64::try_from(number).unwrap_or(i64::MAX);
        loop {
            // Released after each key, as above.
            let _making = self.making().await;
            let waiting = signing_keys::waiting(&mut self.0.db.read().await?.tx()).await?;
            if waiting >= wanted {
                return Ok(());
            }
            let key = self.generate().await?;
            self.insert(key, None).await?;
        }
    }

    /// Waits until the pool may need refilling.
    pub async fn wanted(&self) {
        self.0.wanted.notified().await;
    }

    /// Ends a call to [`Self::wanted`], the current or the next one.
    pub fn wake(&self) {
        self.0.wanted.notify_one();
    }

    /// Keeps others from creating a key pair as long as the guard exists.
    pub async fn making(&self) -> MutexGuard<'_, ()> {
        self.0.making.lock().await
    }

    /// Discards the keys of a platform that was not registered after all.
    ///
    /// # Errors
    /// The store failed.
    pub async fn discard(&self, platform_id: &str) -> Result<(), StoreError> {
        let platform = platform_id.to_owned();
        let delete = self.0.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { signing_keys::delete_of_platform(&mut tx, platform).await })
        });
        delete.await.map(drop)
    }

    /// The key that currently signs for a platform. It is read from the store each time, so that a
    /// change by another replica or a command takes effect when it is committed.
    ///
    /// # Errors
    /// The platform has no key, or the store failed.
    pub async fn signer(&self, platform_id: &str) -> Result<Signer, KeyError> {
        let (id, now) = (platform_id.to_owned(), self.0.clock.now_ms());
        let (recent, clearings) = (&self.0.recent, self.0.recent.clearings());
        let key = signing_keys::signing(&mut self.0.db.read().await?.tx(), id, now).await?;
        let key = key.ok_or_else(|| KeyError::Crypto("the platform has no key".into()))?;
        recent.insert_unless_cleared(clearings, platform_id.to_owned(), key.kid.clone());
        Ok(Signer {
            kid: key.kid,
            private_sealed: key.private_sealed,
            rows: self.0.rows.clone(),
        })
    }

    /// The id of the key that signed for a platform less than a second ago; `None` if that has to
    /// be looked up. Another replica may have changed it since, so it is no key to sign with.
    pub(super) fn recent_kid(&self, platform_id: &str) -> Option<String> {
        self.0.recent.get(platform_id)
    }

    /// The public half of the key that signs for a platform, as PEM for platforms where it is
    /// pasted.
    ///
    /// # Errors
    /// The store failed.
    pub async fn pem_of(&self, platform_id: &str) -> Result<String, StoreError> {
        let (id, now) = (platform_id.to_owned(), self.0.clock.now_ms());
        let key = signing_keys::signing(&mut self.0.db.read().await?.tx(), id, now).await?;
        // A platform that is being deleted may already have lost its key.
        Ok(key.map(|key| key.public_pem).unwrap_or_default())
    }

    /// The public keys published for a whole tool.
    ///
    /// # Errors
    /// The store failed.
    pub async fn of_tool(&self, tool_id: &str) -> Result<Arc<KeySetDocument>, StoreError> {
        let at = format!("tools/{tool_id}");
        if let Some(known) = self.0.published.get(&at) {
            return Ok(known);
        }
        let now = self.0.clock.now_ms();
        let keys = signing_keys::published(&mut self.0.db.read().await?.tx(), tool_id, now).await?;
        let document = Arc::new(KeySetDocument::new(&keys)?);
        self.0.published.insert(at, document.clone());
        Ok(document)
    }

    /// The public keys of a platform; `None` if it has none. Look-ups of unknown ones are counted
    /// against `source`.
    ///
    /// # Errors
    /// The store failed, or too many unknown platforms are asked for.
    pub async fn of_platform(
        &self,
        platform_id: &str,
        source: Source,
    ) -> Result<Option<Arc<KeySetDocument>>, Problem> {
        let at = format!("platforms/{platform_id}");
        if let Some(known) = self.0.published.get(&at) {
            return Ok(Some(known));
        }
        let _turn = match self.0.names.knows(platform_id) {
            true => None,
            false => Some(self.0.names.turn(source).await?),
        };
        let (id, now) = (platform_id.to_owned(), self.0.clock.now_ms());
        let keys = signing_keys::of_platform(&mut self.0.db.read().await?.tx(), id, now).await?;
        let name = platform_id.to_owned();
        self.0.names.remember(name, !keys.is_empty());
        if keys.is_empty() {
            return Ok(None);
        }
        let document = Arc::new(KeySetDocument::new(&keys)?);
        self.0.published.insert(at, document.clone());
        Ok(Some(document))
    }

    /// Drops what is cached, after a platform or its keys were changed here.
    pub fn changed(&self) {
        self.0.published.clear();
        self.0.recent.clear();
    }

    /// Drops what is too old to be given out.
    pub fn tidy(&self) {
        self.0.published.tidy();
        self.0.names.tidy();
        self.0.recent.tidy();
    }
}
