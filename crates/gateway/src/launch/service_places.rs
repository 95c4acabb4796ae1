//! The places that service keys stand for, in the store: the newest addresses of each, its last use, and what was revoked.

use std::time::Duration;

use store::deliveries::{self, HeldBack};
use store::service_places::{self as stored, SavePlace, ServicePlaceRow, USE_MS};
use store::{Db, StoreError};

use super::service_place::{ServicePlace, ToldPlaces};
use crate::kit::cache::Cache;
use crate::kit::clock::Clock;
use crate::kit::seal::{self, Sealer};
use crate::web::problem::Problem;

/// Places in memory at most: only whether they are stored as they are.
const MOST: usize = 50_000;
/// How long a place that is as it was costs no look into the store: so long another replica's newer addresses may be
/// taken for these.
const UNCHANGED: Duration = Duration::from_secs(60);

/// The places of this installation.
pub(crate) struct ServicePlaces {
    db: Db,
    sealer: Sealer,
    clock: Clock,
    /// What was last seen of a place, by its id: a hash.
    kept: Cache<String, Vec<u8>>,
}

/// A place with what the store knows of its use.
pub(crate) struct KnownPlace {
    pub row: ServicePlaceRow,
    pub place: ServicePlace,
}

impl ServicePlaces {
    /// The places in this store; `sealer` seals them.
    pub(super) fn new(db: Db, sealer: Sealer, clock: Clock) -> Self {
        Self {
            db,
            sealer,
            clock,
            kept: Cache::new(MOST).living(|_| UNCHANGED),
        }
    }

    /// Keeps the addresses of a launch, of each service those of the newest launch (grades.md GR-31): a launch may be kept
    /// again whenever it is read. While addresses stay the same this costs nothing.
    ///
    /// # Errors
    /// The store failed, or what it has can't be read.
    pub(crate) async fn keep(&self, tool_id: &str, place: ServicePlace) -> Result<(), Problem> {
        if !place.has_services() {
            return Ok(());
        }
        let id = place.id();
        let addresses = ServicePlace {
            told: None,
            ..place.clone()
        };
        let seen = seal::hash(&[&written(&addresses)?]);
        if self.kept.get(&id).is_some_and(|kept| kept == seen) {
            return Ok(());
        }
        // Only a save that came in between makes another round necessary.
        loop {
            let before = self.find(&id).await?;
            let now = match &before {
                Some(before) => place.clone().merged(&before.place),
                None => place.clone(),
            };
            let is_known = before
                .as_ref()
                .is_some_and(|before| now.is_within(&before.place));
            if is_known || self.save(&id, tool_id, before, &now).await? {
                if place.is_within(&now) {
                    self.kept.insert(id, seen);
                }
                return Ok(());
            }
        }
    }

    /// Saves a place over what was found; false if that has changed meanwhile.
    async fn save(
        &self,
        id: &str,
        tool_id: &str,
        before: Option<KnownPlace>,
        place: &ServicePlace,
    ) -> Result<bool, Problem> {
        let (id, now) = (id.to_owned(), self.clock.now_ms());
        let save = SavePlace {
            tool_id: tool_id.to_owned(),
            platform_id: place.platform_id.clone(),
            place_sealed: self.sealer.seal(&identity(&id), written(place)?.as_bytes()),
            before: before.map(|before| before.row.place_sealed),
            id,
        };
        let save = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { stored::save(&mut tx, save, now).await })
        });
        Ok(save.await?)
    }

    async fn find(&self, id: &str) -> Result<Option<KnownPlace>, Problem> {
        let row = self.db.look_up(|mut tx| {
            let id = id.to_owned();
            Box::pin(async move { stored::by_id(&mut tx, id).await })
        });
        row.await?.map(|row| self.open(row)).transpose()
    }

    fn open(&self, row: ServicePlaceRow) -> Result<KnownPlace, Problem> {
        let plain = self.sealer.open(&identity(&row.id), &row.place_sealed);
        let place = serde_json::from_slice(&plain.map_err(Problem::internal)?);
        let mut place: ServicePlace = place.map_err(Problem::internal)?;
        // Older versions kept no time: what they wrote was of no later launch.
        place.told.get_or_insert(ToldPlaces::at(row.changed_at));
        Ok(KnownPlace { row, place })
    }

    /// The place that a service key of a launch of `issued_ms` opens, and notes its use; `None` if the tool has no such
    /// place, or the key was revoked.
    ///
    /// # Errors
    /// The store failed, or what it has can't be read.
    pub(crate) async fn of_key(
        &self,
        tool_id: &str,
        id: &str,
        issued_ms: i64,
    ) -> Result<Option<ServicePlace>, Problem> {
        let known = self.find(id).await?.filter(|known| {
            let revoked = known.row.revoked_at;
            known.row.tool_id == tool_id && revoked.is_none_or(|revoked| issued_ms > revoked)
        });
        let Some(KnownPlace { row, place }) = known else {
            return Ok(None);
        };
        let now = self.clock.now_ms();
        if row.last_used_at.is_none_or(|last| last <= now - USE_MS) {
            let used = self.db.write_one::<_, StoreError, _>(move |mut tx| {
                Box::pin(async move { stored::used(&mut tx, row.id, now).await })
            });
            used.await?;
        }
        Ok(Some(place))
    }

    /// Places of a tool, of one platform if one is named, after an id.
    ///
    /// # Errors
    /// The store failed, or what it has can't be read.
    pub(crate) async fn page(
        &self,
        tool_id: &str,
        platform_id: Option<String>,
        after: String,
        most: i64,
    ) -> Result<Vec<KnownPlace>, Problem> {
        let mut reader = self.db.read().await?;
        let rows = stored::page(
            &mut reader.tx(),
            tool_id.to_owned(),
            platform_id,
            after,
            most,
        )
        .await?;
        rows.into_iter().map(|row| self.open(row)).collect()
    }

    /// Refuses the service keys of all launches from a place so far; false if the tool has no such place.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn revoke(&self, tool_id: &str, id: &str) -> Result<bool, StoreError> {
        let (tool_id, id, now) = (tool_id.to_owned(), id.to_owned(), self.clock.now_ms());
        let revoke = self.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                if !stored::revoke(&mut tx, tool_id, id.clone(), now).await? {
                    return Ok(false);
                }
                // Scores that they brought wait, too (grades.md GR-11).
                if let Some(row) = stored::by_id(&mut tx, id).await? {
                    let held = HeldBack::ServiceKeys(row.platform_id, row.id, now);
                    deliveries::hold(&mut tx, &held, now).await?;
                }
                Ok(true)
            })
        });
        revoke.await
    }

    /// Drops from memory what is too old to be trusted.
    pub(super) fn tidy(&self) {
        self.kept.tidy();
    }
}

fn written(place: &ServicePlace) -> Result<String, Problem> {
    serde_json::to_string(place).map_err(Problem::internal)
}

/// What a place is sealed together with.
pub(crate) fn identity(id: &str) -> String {
    format!("service_places/{id}")
}
