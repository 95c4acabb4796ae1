//! The store's places that service keys refer to: the latest addresses of each, its last use, and
//! revocations.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use store::deliveries::{self, HeldPart};
use store::service_places::{self as stored, SavePlace, ServicePlaceRow, USE_MS};
use store::{Db, StoreError, Tx, platforms};
use tokio::time::timeout;

use super::ltik::NamedPlace;
use super::seen_places::{ClaimsMark, PlaceMark, SeenPlaces};
use super::service_place::{LaunchTimes, ServicePlace};
use crate::directory::platforms::Platforms;
use crate::kit::clock::Clock;
use crate::kit::seal::Sealer;
use crate::web::problem::Problem;

/// The most visits kept until they are written. Further ones are recorded the next time the place
/// is read.
const MOST_VISITS: usize = 50_000;
/// How long a request waits for the use of its key to be recorded. If the store accepts no writes,
/// it goes on without.
const NOTING: Duration = Duration::from_secs(1);

/// The places of this installation.
pub(crate) struct ServicePlaces {
    db: Db,
    sealer: Sealer,
    clock: Clock,
    platforms: Platforms,
    seen: SeenPlaces,
    /// Places with launches that have not yet been recorded in the store.
    visited: Mutex<HashSet<String>>,
}

/// What a launch says about its place that the store doesn't have yet.
pub(crate) struct PlaceNews {
    save: SavePlace,
    now_ms: i64,
}

impl PlaceNews {
    /// Stores it in the transaction of its launch. Returns false if the place has changed
    /// meanwhile.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn save(self, tx: &mut Tx<'_>) -> Result<bool, StoreError> {
        stored::save(tx, self.save, self.now_ms).await
    }
}

/// A place, with the store's information about its use.
pub(crate) struct KnownPlace {
    pub row: ServicePlaceRow,
    pub place: ServicePlace,
}

impl ServicePlaces {
    /// The places in this store; `sealer` seals them.
    pub(super) fn new(db: Db, sealer: Sealer, clock: Clock, platforms: Platforms) -> Self {
        Self {
            seen: SeenPlaces::new(clock.clone(), platforms.clone()),
            visited: Mutex::default(),
            db,
            sealer,
            clock,
            platforms,
        }
    }

    /// Stores the addresses of a launch from the place with this id; for each service, those of the
    /// newest launch win (grades.md GR-31), so a launch may be stored again whenever it is read.
    /// While addresses stay the same, this costs nothing. Returns how often the place's service
    /// keys have been revoked. Another replica's revocation within the last second may be missing:
    /// then the issued key is refused, and reading the launch again gives a valid one.
    ///
    /// # Errors
    /// The store failed, or its data can't be read.
    pub(crate) async fn keep(
        &self,
        tool_id: &str,
        id: &str,
        place: &ServicePlace,
    ) -> Result<i64, Problem> {
        loop {
            let news = match self.compare(tool_id, id, place).await? {
                ComparedPlace::Known(revocations) => return Ok(revocations),
                ComparedPlace::News(news) => news,
            };
            // If another launch came in between, the next round sees its data; otherwise it sees
            // that this launch is stored.
            let save = self.db.write_one::<_, StoreError, _>(move |mut tx| {
                Box::pin(async move { news.save(&mut tx).await })
            });
            save.await?;
        }
    }

    /// Whether the store recently had everything that such a launch says.
    pub(super) fn knows(&self, claims: ClaimsMark) -> bool {
        self.seen.knows(claims)
    }

    /// What a launch says about its place that the store doesn't have yet, if anything.
    ///
    /// # Errors
    /// The store failed, or its data can't be read.
    pub(super) async fn news(
        &self,
        tool_id: &str,
        place: &ServicePlace,
        claims: ClaimsMark,
    ) -> Result<Option<PlaceNews>, Problem> {
        let (id, asked) = (place.id(), self.seen.now());
        Ok(match self.compare(tool_id, &id, place).await? {
            ComparedPlace::Known(_) => {
                self.seen.note_claims(claims, PlaceMark::of(&id), asked);
                None
            }
            ComparedPlace::News(news) => Some(news),
        })
    }

    async fn compare(
        &self,
        tool_id: &str,
        id: &str,
        place: &ServicePlace,
    ) -> Result<ComparedPlace, Problem> {
        if !place.has_services() {
            return Ok(ComparedPlace::Known(0));
        }
        let (mark, addresses) = (PlaceMark::of(id), self.seen.mark_of(place));
        if let Some(revocations) = self.seen.revocations(mark, addresses) {
            return Ok(ComparedPlace::Known(revocations));
        }
        let (asked, now_ms) = (self.seen.now(), self.clock.now_ms());
        let before = self.find(id).await?;
        let now = match &before {
            Some(before) => place.clone().merged(&before.place, now_ms),
            None => place.clone(),
        };
        if let Some(before) = before
            .as_ref()
            .filter(|before| now.is_within(&before.place))
        {
            let revocations = before.row.revocations;
            if place.is_within(&now) {
                self.seen.note(mark, addresses, revocations, asked);
            }
            if before.row.wants_visit(now_ms) {
                self.note_visit(id.to_owned());
            }
            return Ok(ComparedPlace::Known(revocations));
        }
        if before.is_some() {
            self.seen.moved(mark);
        }
        let save = SavePlace {
            tool_id: tool_id.to_owned(),
            platform_id: now.platform_id.clone(),
            place_sealed: self.sealer.seal(&identity(id), written(&now)?.as_bytes()),
            before: before.map(|before| before.row.place_sealed),
            id: id.to_owned(),
        };
        Ok(ComparedPlace::News(PlaceNews { save, now_ms }))
    }

    async fn find(&self, id: &str) -> Result<Option<KnownPlace>, Problem> {
        let row = self.db.look_up(|mut tx| {
            let id = id.to_owned();
            Box::pin(async move { stored::by_id(&mut tx, id).await })
        });
        row.await?.map(|row| self.open(row)).transpose()
    }

    /// A place as it was read.
    ///
    /// # Errors
    /// It can't be opened or read.
    pub(crate) fn open(&self, row: ServicePlaceRow) -> Result<KnownPlace, Problem> {
        let plain = self.sealer.open(&identity(&row.id), &row.place_sealed);
        let place = serde_json::from_slice(&plain.map_err(Problem::internal)?);
        let mut place: ServicePlace = place.map_err(Problem::internal)?;
        // Older versions stored no time; none of their data comes from a later launch.
        place.told.get_or_insert(LaunchTimes::at(row.changed_at));
        Ok(KnownPlace { row, place })
    }

    /// The place that a service key gives access to; also records the key's use. `None` if the tool
    /// has no such place, or the key was revoked.
    ///
    /// # Errors
    /// The store failed, or its data can't be read.
    pub(crate) async fn of_key(
        &self,
        tool_id: &str,
        key: &NamedPlace,
    ) -> Result<Option<ServicePlace>, Problem> {
        let known = self.find(&key.place_id).await?;
        let known = known.filter(|known| known.row.tool_id == tool_id && key.is_good(&known.row));
        let Some(KnownPlace { row, place }) = known else {
            return Ok(None);
        };
        let now = self.clock.now_ms();
        if row.last_used_at.is_none_or(|last| last <= now - USE_MS) {
            self.note_use(row.id, now).await;
        }
        Ok(Some(place))
    }

    /// Records the use of a service key. The request itself needs no write, so it goes on if this
    /// fails.
    async fn note_use(&self, id: String, now: i64) {
        let used = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { stored::used(&mut tx, id, now).await })
        });
        let noted = timeout(NOTING, used).await;
        if let Err(error) = noted.unwrap_or(Err(StoreError::Silent)) {
            tracing::debug!(%error, "the use of a service key was not noted; the next one is");
        }
    }

    /// Records a launch from a place that would otherwise expire, until [`Self::write_visits`].
    fn note_visit(&self, id: String) {
        let mut visited = self.visited();
        if visited.len() < MOST_VISITS {
            visited.insert(id);
        }
    }

    fn visited(&self) -> MutexGuard<'_, HashSet<String>> {
        self.visited.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stores which places had launches, once a month for each, so that they don't expire. Called
    /// once a minute, and when the server stops.
    ///
    /// # Errors
    /// The store failed; the visits are recorded again the next time the places are read.
    pub(crate) async fn write_visits(&self) -> Result<(), StoreError> {
        let mut visited: Vec<String> = std::mem::take(&mut *self.visited()).into_iter().collect();
        // Always in the same order, so that two servers can't deadlock.
        visited.sort_unstable();
        let now = self.clock.now_ms();
        let write = self.db.spread(visited, move |mut tx, piece| {
            Box::pin(async move {
                for id in piece {
                    stored::visit(&mut tx, id, now).await?;
                }
                Ok(())
            })
        });
        write.await
    }

    /// A place of a tool, looked up without a key, so no use is recorded.
    ///
    /// # Errors
    /// The store failed, or its data can't be read.
    pub(crate) async fn by_id(
        &self,
        tool_id: &str,
        id: &str,
    ) -> Result<Option<ServicePlace>, Problem> {
        let known = self.find(id).await?;
        let known = known.filter(|known| known.row.tool_id == tool_id);
        Ok(known.map(|known| known.place))
    }

    /// Places of a tool after an id, optionally of one platform.
    ///
    /// # Errors
    /// The store failed, or its data can't be read.
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

    /// Revokes the service keys of all launches from a place so far. Returns false if the tool has
    /// no such place.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn revoke(&self, tool_id: &str, id: &str) -> Result<bool, StoreError> {
        let (tool_id, id, now) = (tool_id.to_owned(), id.to_owned(), self.clock.now_ms());
        let revoke = self.db.write_or_repeat(move |mut tx| {
            let (tool_id, id) = (tool_id.clone(), id.clone());
            Box::pin(async move {
                let Some(row) = stored::by_id(&mut tx, id.clone()).await? else {
                    return Ok(false);
                };
                // As when a platform is deactivated: this lock makes sure that delivery attempts
                // are recorded before it, or see it.
                platforms::lock(&mut tx, row.platform_id.clone()).await?;
                if !stored::revoke(&mut tx, tool_id, id, now).await? {
                    return Ok(false);
                }
                // Scores that came with those keys are held, too (grades.md GR-11).
                let held = HeldPart::ServiceKeys(row.platform_id, row.id);
                deliveries::switch(&mut tx, &held, false, None, now).await?;
                Ok(true)
            })
        });
        let revoked = revoke.await;
        // Even if no answer came, because it may have been stored all the same. Other replicas
        // notice through the store.
        self.platforms.changed();
        revoked
    }

    /// Removes outdated entries from memory.
    pub(super) fn tidy(&self) {
        self.seen.tidy();
    }
}

/// The result of comparing a launch's place with the store.
enum ComparedPlace {
    /// The store already has it; how often its service keys have been revoked.
    Known(i64),
    /// Something is new.
    News(PlaceNews),
}

impl NamedPlace {
    /// Whether the key was issued after the last revocation, and for a launch after it. The
    /// launch's time alone isn't enough: a key from a launch while the clock was ahead would
    /// survive its revocation (decision 0278).
    fn is_good(&self, row: &ServicePlaceRow) -> bool {
        let is_newer = row.revoked_at.is_none_or(|at| self.issued_ms > at);
        is_newer && self.revocations >= row.revocations
    }
}

fn written(place: &ServicePlace) -> Result<String, Problem> {
    serde_json::to_string(place).map_err(Problem::internal)
}

/// The identity that a place is sealed with.
pub(crate) fn identity(id: &str) -> String {
    format!("service_places/{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_good(issued_ms: i64, heard: i64, revoked: Option<(i64, i64)>) -> bool {
        let row = ServicePlaceRow {
            id: "place".into(),
            tool_id: "tool".into(),
            platform_id: "platform".into(),
            place_sealed: Vec::new(),
            created_at: 0,
            changed_at: 0,
            last_used_at: None,
            revoked_at: revoked.map(|(at, _)| at),
            revocations: revoked.map_or(0, |(_, times)| times),
            forget_at: i64::MAX,
        };
        let key = NamedPlace {
            place_id: row.id.clone(),
            issued_ms,
            revocations: heard,
        };
        key.is_good(&row)
    }

    #[test]
    fn a_revoked_key_of_a_launch_whose_date_was_ahead_is_refused() {
        let day = 24 * 60 * 60 * 1000;
        for (issued_ms, heard, revoked, good) in [
            (1, 0, None, true),
            // Issued before the revocation, whatever the launch's time was: off by moments or by
            // days.
            (900, 0, Some((1000, 1)), false),
            (1001, 0, Some((1000, 1)), false),
            (day, 0, Some((1000, 1)), false),
            (day, 1, Some((1000, 2)), false),
            // An older launch that was read again.
            (900, 1, Some((1000, 1)), false),
            (1001, 1, Some((1000, 1)), true),
            // Revoked before keys had numbers.
            (900, 0, Some((1000, 0)), false),
            (1001, 0, Some((1000, 0)), true),
        ] {
            assert_eq!(
                is_good(issued_ms, heard, revoked),
                good,
                "{issued_ms}, {heard}, {revoked:?}"
            );
        }
    }
}
