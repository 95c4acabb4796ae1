//! The places that service keys stand for, in the store: the newest addresses of each, its last use, and what was revoked.

use std::time::Duration;

use store::deliveries::{self, HeldPart};
use store::service_places::{self as stored, SavePlace, ServicePlaceRow, USE_MS};
use store::{Db, StoreError, Tx};

use super::ltik::NamedPlace;
use super::service_place::{ServicePlace, ToldPlaces};
use super::verified::Launch;
use crate::directory::platforms::Platform;
use crate::kit::cache::Cache;
use crate::kit::clock::Clock;
use crate::kit::seal::{self, Sealer};
use crate::web::problem::Problem;

/// Places in memory at most: only whether they are stored as they are.
const MOST: usize = 50_000;
/// How long a place that is as it was costs no look into the store: so long another replica's newer addresses may be
/// taken for these, and its revocations go unseen.
const UNCHANGED: Duration = Duration::from_secs(60);
const UNCHANGED_MS: i64 = UNCHANGED.as_secs().cast_signed() * 1000;

/// The places of this installation.
pub(crate) struct ServicePlaces {
    db: Db,
    sealer: Sealer,
    clock: Clock,
    /// What was last seen of a place, by the hash of its id.
    kept: Cache<u128, SeenPlace>,
    /// What launches told that was kept already.
    told: Cache<PlaceTold, ()>,
}

/// What a launch tells of its place, and which one that is: hashed as it came.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct PlaceTold(u128);

impl PlaceTold {
    /// What a launch of a platform tells by these claims.
    pub(super) fn by(launch: &Launch, platform: &Platform, claims: &[&str]) -> Self {
        let deployment = launch.deployment_id.as_str();
        let mut all = vec!["told", &launch.tool_id, &platform.id, deployment];
        all.extend_from_slice(claims);
        Self(short_hash(&all))
    }
}

/// A place as a launch told it and the store has it.
#[derive(Clone, Copy)]
struct SeenPlace {
    /// The addresses, hashed.
    addresses: u128,
    /// How often its service keys were revoked.
    revocations: i64,
}

/// What a launch tells of its place that the store doesn't have yet.
pub(crate) struct PlaceNews {
    save: SavePlace,
    now_ms: i64,
}

impl PlaceNews {
    /// Stores it in the transaction of its launch; false if the place has changed meanwhile.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn save(self, tx: &mut Tx<'_>) -> Result<bool, StoreError> {
        stored::save(tx, self.save, self.now_ms).await
    }
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
            told: Cache::new(MOST).living(|()| UNCHANGED),
        }
    }

    /// Keeps the addresses of a launch, of each service those of the newest launch (grades.md GR-31): a launch may be kept
    /// again whenever it is read. While addresses stay the same this costs nothing. Gives how often the place's service
    /// keys were revoked, of which up to a minute may be missing.
    ///
    /// # Errors
    /// The store failed, or what it has can't be read.
    pub(crate) async fn keep(&self, tool_id: &str, place: &ServicePlace) -> Result<i64, Problem> {
        loop {
            let news = match self.compare(tool_id, place).await? {
                ComparedPlace::Known(revocations) => return Ok(revocations),
                ComparedPlace::News(news) => news,
            };
            // If another launch came in between, the next round sees what it told; else, that this one is stored.
            let save = self.db.write_one::<_, StoreError, _>(move |mut tx| {
                Box::pin(async move { news.save(&mut tx).await })
            });
            save.await?;
        }
    }

    /// Whether the store had all that such a launch tells, a moment ago.
    pub(super) fn was_told(&self, told: PlaceTold) -> bool {
        self.told.get(&told).is_some()
    }

    /// What a launch tells of its place that the store doesn't have yet, if anything.
    ///
    /// # Errors
    /// The store failed, or what it has can't be read.
    pub(super) async fn news(
        &self,
        tool_id: &str,
        place: &ServicePlace,
        told: PlaceTold,
    ) -> Result<Option<PlaceNews>, Problem> {
        Ok(match self.compare(tool_id, place).await? {
            ComparedPlace::Known(_) => {
                self.told.insert(told, ());
                None
            }
            ComparedPlace::News(news) => Some(news),
        })
    }

    async fn compare(&self, tool_id: &str, place: &ServicePlace) -> Result<ComparedPlace, Problem> {
        if !place.has_services() {
            return Ok(ComparedPlace::Known(0));
        }
        let id = place.id();
        let addresses = ServicePlace {
            told: None,
            ..place.clone()
        };
        let (key, addresses) = (short_hash(&[&id]), short_hash(&[&written(&addresses)?]));
        if let Some(seen) = self.kept.get(&key)
            && seen.addresses == addresses
        {
            return Ok(ComparedPlace::Known(seen.revocations));
        }
        let before = self.find(&id).await?;
        let now = match &before {
            Some(before) => place.clone().merged(&before.place),
            None => place.clone(),
        };
        if let Some(before) = before
            .as_ref()
            .filter(|before| now.is_within(&before.place))
        {
            let revocations = before.row.revocations;
            if place.is_within(&now) {
                let seen = SeenPlace {
                    addresses,
                    revocations,
                };
                self.kept.insert(key, seen);
            }
            return Ok(ComparedPlace::Known(revocations));
        }
        let save = SavePlace {
            tool_id: tool_id.to_owned(),
            platform_id: now.platform_id.clone(),
            place_sealed: self.sealer.seal(&identity(&id), written(&now)?.as_bytes()),
            before: before.map(|before| before.row.place_sealed),
            id,
        };
        let now_ms = self.clock.now_ms();
        Ok(ComparedPlace::News(PlaceNews { save, now_ms }))
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

    /// The place that a service key opens, and notes its use; `None` if the tool has no such place, or the key was revoked.
    ///
    /// # Errors
    /// The store failed, or what it has can't be read.
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
            let used = self.db.write_one::<_, StoreError, _>(move |mut tx| {
                Box::pin(async move { stored::used(&mut tx, row.id, now).await })
            });
            used.await?;
        }
        Ok(Some(place))
    }

    /// A place of a tool, whoever asks and with which key; that is not noted as a use.
    ///
    /// # Errors
    /// The store failed, or what it has can't be read.
    pub(crate) async fn by_id(
        &self,
        tool_id: &str,
        id: &str,
    ) -> Result<Option<ServicePlace>, Problem> {
        let known = self.find(id).await?;
        let known = known.filter(|known| known.row.tool_id == tool_id);
        Ok(known.map(|known| known.place))
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
                    let held = HeldPart::ServiceKeys(row.platform_id, row.id, now);
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
        self.told.tidy();
    }
}

/// What comes of comparing a launch's place with the store.
enum ComparedPlace {
    /// The store has it. How often its service keys were revoked.
    Known(i64),
    /// Something is new.
    News(PlaceNews),
}

impl NamedPlace {
    /// Whether the key was given out after the last revocation, for a launch after it. The launch's time alone would not
    /// tell: a key of a launch whose date was ahead would outlive its revocation (decision 0278).
    fn is_good(&self, row: &ServicePlaceRow) -> bool {
        let Some(revoked) = row.revoked_at else {
            return true;
        };
        // Who gives a key out may not have heard of a revocation for a while.
        let may_be_unheard = self.issued_ms <= revoked.saturating_add(UNCHANGED_MS);
        let missing = row.revocations.saturating_sub(self.revocations);
        self.issued_ms > revoked && (missing <= 0 || (missing == 1 && may_be_unheard))
    }
}

/// 16 bytes of a hash: enough to tell texts apart.
fn short_hash(texts: &[&str]) -> u128 {
    let hash = seal::hash(texts);
    let bytes = hash.first_chunk().copied().unwrap_or_default();
    u128::from_le_bytes(bytes)
}

fn written(place: &ServicePlace) -> Result<String, Problem> {
    serde_json::to_string(place).map_err(Problem::internal)
}

/// What a place is sealed together with.
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
            // Given out before the revocation, whatever the launch's date was.
            (900, 0, Some((1000, 1)), false),
            (day, 0, Some((1000, 1)), false),
            // An older launch that was read once more.
            (900, 1, Some((1000, 1)), false),
            (1001, 1, Some((1000, 1)), true),
            // Given out where the revocation had not been heard of yet.
            (1001, 0, Some((1000, 1)), true),
            (1001, 0, Some((1000, 2)), false),
            (1000 + UNCHANGED_MS + 1, 0, Some((1000, 1)), false),
            // Revoked before keys had numbers.
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
