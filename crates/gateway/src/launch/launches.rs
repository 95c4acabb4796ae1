//! The launches of this installation: stored with one INSERT, cached in memory for a while, and
//! read by their applications.

mod telling;

use std::sync::Arc;
use std::time::Duration;

use store::launches::{self, LaunchTrace, NewLaunch};
use store::{Db, StoreError};

use super::adapter::{Adapter, Adapters, RawMembers};
use super::facts::Facts;
use super::known_line_items::KnownLineItems;
use super::reservations::Reservations;
use super::rows::Rows;
use super::service_places::ServicePlaces;
use super::verified::{Launch, Nonce, Release};
use crate::directory::platforms::{Platform, Platforms};
use crate::directory::tools::Tool;
use crate::events::Events;
use crate::kit::cache::Cache;
use crate::kit::clock::Clock;
use crate::kit::seal::Sealer;
use crate::settings::public_url::PublicUrl;
use crate::web::problem::Problem;

/// Bytes of recent launches in memory, so that the application's first request doesn't need the
/// store.
const RECENT_BYTES: usize = 8 * 1024 * 1024;

/// The launches. Cloning it is cheap.
#[derive(Clone)]
pub struct Launches(Arc<LaunchesInner>);

struct LaunchesInner {
    db: Db,
    rows: Rows,
    clock: Clock,
    public_url: PublicUrl,
    recent: Cache<String, RecentLaunch>,
    places: ServicePlaces,
    line_items: KnownLineItems,
    reservations: Reservations,
}

/// A cached launch.
#[derive(Clone)]
struct RecentLaunch {
    launch: Arc<Launch>,
    life: Duration,
}

impl Launches {
    /// The launches in this store, which arrive through one of these adapters. `sealer` seals their
    /// documents; `platforms` is told about revocations.
    pub(crate) fn new(
        db: Db,
        sealer: Sealer,
        clock: Clock,
        platforms: Platforms,
        events: Events,
        public_url: PublicUrl,
        adapters: Adapters,
    ) -> Self {
        Self(Arc::new(LaunchesInner {
            places: ServicePlaces::new(db.clone(), sealer.clone(), clock.clone(), platforms),
            line_items: KnownLineItems::new(db.clone(), clock.clone()),
            reservations: Reservations::new(db.clone(), clock.clone(), events),
            db,
            rows: Rows { sealer, adapters },
            clock,
            public_url,
            recent: Cache::new(RECENT_BYTES)
                .weighing(|recent: &RecentLaunch| recent.launch.weight())
                .living(|recent| recent.life),
        }))
    }

    /// The row for storing a launch.
    pub fn row(
        &self,
        launch: &Launch,
        nonce: Nonce,
        release: Release,
        trace: Option<LaunchTrace>,
    ) -> NewLaunch {
        self.0.rows.row(launch, nonce, release, trace)
    }

    /// Stores a launch, which spends its nonce. Returns false if the nonce was already spent.
    ///
    /// # Errors
    /// The store failed.
    pub async fn store(&self, row: NewLaunch) -> Result<bool, StoreError> {
        self.0.db.launch(row).await
    }

    /// Caches a stored launch. Never call it for one that still waits for its browser, because
    /// cached launches can be read.
    pub fn keep(&self, launch: &Arc<Launch>) {
        if let Some(adapter) = self.0.rows.adapters.named(launch.adapter) {
            let (launch, life) = (launch.clone(), adapter.life);
            let recent = RecentLaunch { launch, life };
            self.0.recent.insert(recent.launch.id.clone(), recent);
        }
    }

    /// Makes a waiting launch readable. Returns false if it isn't waiting (any more).
    ///
    /// # Errors
    /// The store failed.
    pub async fn release(&self, id: &str) -> Result<bool, StoreError> {
        let id = id.to_owned();
        let release = self
            .0
            .db
            .write_one(move |mut tx| Box::pin(async move { launches::release(&mut tx, id).await }));
        release.await
    }

    /// Spends the nonce of a failed launch from this platform; `id` is the row's.
    ///
    /// # Errors
    /// The store failed.
    pub async fn spend(
        &self,
        adapter: &'static Adapter,
        platform: &Platform,
        id: String,
        nonce: Nonce,
    ) -> Result<(), StoreError> {
        let owner = (platform.tool_id.clone(), Some(platform.id.clone()));
        self.spend_row(adapter.name, owner, id, nonce)
            .await
            .map(drop)
    }

    /// Uses up something that a stored launch allows only once, represented by the nonce; `id` is
    /// the row's. Returns false if it was already used.
    ///
    /// # Errors
    /// The store failed.
    pub async fn use_once(
        &self,
        launch: &Launch,
        id: String,
        nonce: Nonce,
    ) -> Result<bool, StoreError> {
        let owner = (launch.tool_id.clone(), launch.platform_id.clone());
        self.spend_row(launch.adapter, owner, id, nonce).await
    }

    async fn spend_row(
        &self,
        dialect: &'static str,
        (tool_id, platform_id): (String, Option<String>),
        id: String,
        nonce: Nonce,
    ) -> Result<bool, StoreError> {
        let now = self.0.clock.now_ms();
        let row = NewLaunch {
            id,
            tool_id,
            dialect,
            platform_id,
            deployment_id: None,
            nonce_hash: nonce.hash,
            document_sealed: None,
            created_at: now,
            expires_at: now,
            nonce_until: nonce.until,
            parked: false,
            trace: None,
        };
        self.0.db.launch(row).await
    }

    /// Whether a nonce was spent, by a successful or a failed launch.
    ///
    /// # Errors
    /// The store failed.
    pub async fn is_spent(&self, nonce: &Nonce) -> Result<bool, StoreError> {
        let spent = self.0.db.look_up(|mut tx| {
            let hash = nonce.hash.clone();
            Box::pin(async move { launches::is_spent(&mut tx, hash).await })
        });
        spent.await
    }

    /// A launch by its id, from memory or from the store. `None` if it has expired, is waiting for
    /// its browser, or never existed.
    ///
    /// # Errors
    /// The store failed, or the row can't be opened with this installation's key.
    pub async fn load(&self, id: &str) -> Result<Option<Arc<Launch>>, Problem> {
        let now = self.0.clock.now_ms();
        if let Some(RecentLaunch { launch, .. }) = self.0.recent.get(id) {
            return Ok((now < launch.expires_at).then_some(launch));
        }
        let row = self.0.db.look_up(|mut tx| {
            let id = id.to_owned();
            Box::pin(async move { launches::by_id(&mut tx, id).await })
        });
        let Some(row) = row.await?.filter(|row| now < row.expires_at) else {
            return Ok(None);
        };
        let launch = Arc::new(self.0.rows.open(row)?);
        self.keep(&launch);
        Ok(Some(launch))
    }

    /// The public address of one of our paths, on the tool's host.
    pub fn address(&self, tool: &Tool, path: &str) -> String {
        tool.address(&self.0.public_url).join(path)
    }

    /// Why a launch's session has ended, according to its adapter. All other reasons are in
    /// `standing`.
    ///
    /// # Errors
    /// The store failed, or the document can't be read.
    pub async fn ended(
        &self,
        tool: &Tool,
        launch: &Launch,
    ) -> Result<Option<&'static str>, Problem> {
        (self.adapter_of(launch)?.ended)(&self.0.db, tool, launch).await
    }

    /// The launch in the common form; `platform` is its own, if it is registered.
    ///
    /// # Errors
    /// The document can't be read.
    pub fn facts(
        &self,
        tool: &Tool,
        launch: &Launch,
        platform: Option<&Platform>,
    ) -> Result<Facts, Problem> {
        let public_url = tool.address(&self.0.public_url);
        (self.adapter_of(launch)?.facts)(launch, platform, &public_url)
    }

    /// The launch as the platform sent it; `platform` is its own, if it is registered.
    ///
    /// # Errors
    /// The document can't be read.
    pub fn raw(&self, launch: &Launch, platform: Option<&Platform>) -> Result<RawMembers, Problem> {
        (self.adapter_of(launch)?.raw)(launch, platform)
    }

    fn adapter_of(&self, launch: &Launch) -> Result<&'static Adapter, Problem> {
        let adapter = self.0.rows.adapters.named(launch.adapter);
        adapter.ok_or_else(|| Problem::internal("a launch of an adapter that is not in the table"))
    }

    /// The places whose services can be used after a launch.
    pub(crate) fn places(&self) -> &ServicePlaces {
        &self.0.places
    }

    /// Which line items the application has used.
    pub(crate) fn line_items(&self) -> &KnownLineItems {
        &self.0.line_items
    }

    /// Handles of chosen content.
    pub(crate) fn reservations(&self) -> &Reservations {
        &self.0.reservations
    }

    /// Removes a launch from memory, after it was erased from the store.
    pub fn forget(&self, id: &str) {
        self.0.recent.forget(id);
    }

    /// Removes outdated launches from memory.
    pub fn tidy(&self) {
        self.0.recent.tidy();
        self.0.places.tidy();
        self.0.line_items.tidy();
        self.0.reservations.tidy();
    }
}
