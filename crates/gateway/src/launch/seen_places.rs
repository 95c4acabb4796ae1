//! What this server remembers of places and of what launches told of them, so that a launch from a known one asks nothing
//! of the store.

use std::time::Duration;

use super::verified::Launch;
use crate::directory::platforms::{Platform, Platforms};
use crate::kit::cache::Cache;
use crate::kit::clock::Clock;
use crate::kit::seal;

/// Rows in memory at most: only whether they are stored as they are.
const MOST: usize = 50_000;
/// How long a row is trusted to be as it was seen: for that long, another replica's newer addresses may be mistaken for
/// these.
const SEEN: Duration = Duration::from_secs(60);
/// How long a launch that tells what an earlier one told costs no look into the store.
const TOLD: Duration = Duration::from_secs(60 * 60);
/// Bytes of what was told in memory at most, and roughly those of one: links that launch now and then are many.
const TOLD_BYTES: usize = 32 * 1024 * 1024;
const TOLD_ENTRY: usize = 128;

/// What a launch tells of its place, and which one that is: hashed as it came.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ToldClaims(u128);

impl ToldClaims {
    /// What a launch of a platform tells by these claims.
    pub(super) fn by(launch: &Launch, platform: &Platform, claims: &[&str]) -> Self {
        let deployment = launch.deployment_id.as_str();
        let mut all = vec!["told", &launch.tool_id, &platform.id, deployment];
        all.extend_from_slice(claims);
        Self(short_hash(&all))
    }
}

/// A place, by the hash of its id.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct PlaceMark(u128);

impl PlaceMark {
    pub(super) fn of(id: &str) -> Self {
        Self(short_hash(&[id]))
    }
}

/// The addresses of a place, hashed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct AddressMark(u128);

impl AddressMark {
    pub(super) fn of(written: &str) -> Self {
        Self(short_hash(&[written]))
    }
}

/// When the store was asked.
#[derive(Clone, Copy)]
pub(super) struct AskedAt {
    /// By the clock's uptime.
    at: Duration,
    /// How many changes had been heard of ([`Platforms::changes_heard`]).
    changes: u64,
}

/// A place as the store had it.
#[derive(Clone, Copy)]
struct SeenPlace {
    addresses: AddressMark,
    /// How often its service keys were revoked.
    revocations: i64,
    asked: AskedAt,
}

/// The store had what a launch told of this place.
#[derive(Clone, Copy)]
struct ToldOf {
    place: PlaceMark,
    asked: AskedAt,
}

/// What is remembered, in three caches for a reason (docs/decisions/0312-places-are-remembered-in-three-caches.md).
pub(super) struct SeenPlaces {
    clock: Clock,
    platforms: Platforms,
    places: Cache<PlaceMark, SeenPlace>,
    told: Cache<ToldClaims, ToldOf>,
    /// Since when what was remembered of a place counts no more, by the clock's uptime: a launch told other addresses.
    moved: Cache<PlaceMark, Duration>,
}

impl SeenPlaces {
    /// Nothing yet. `platforms` hear of revocations.
    pub(super) fn new(clock: Clock, platforms: Platforms) -> Self {
        // Ages are looked at here, by the clock: these only bound what takes room.
        Self {
            clock,
            platforms,
            places: Cache::new(MOST).living(|_| TOLD),
            told: Cache::new(TOLD_BYTES)
                .weighing(|_| TOLD_ENTRY)
                .living(|_| TOLD),
            moved: Cache::new(MOST).living(|_| TOLD),
        }
    }

    /// Now; to be asked before the store is.
    pub(super) fn now(&self) -> AskedAt {
        AskedAt {
            at: self.clock.uptime(),
            changes: self.platforms.changes_heard(),
        }
    }

    /// Whether the store had all that such a launch tells, not long ago, and no other launch told something else since.
    pub(super) fn was_told(&self, told: ToldClaims) -> bool {
        let known = self.told.get(&told);
        known.is_some_and(|known| self.is_current(known.place, known.asked, TOLD))
    }

    /// The store has what such launches tell of a place.
    pub(super) fn note_told(&self, told: ToldClaims, place: PlaceMark, asked: AskedAt) {
        self.told.insert(told, ToldOf { place, asked });
    }

    /// How often a place's service keys were revoked, if the store had these addresses of it a moment ago.
    pub(super) fn revocations(&self, place: PlaceMark, addresses: AddressMark) -> Option<i64> {
        let seen = self.places.get(&place)?;
        // While changes can't be heard of, what was seen is only trusted for a moment.
        let most = SEEN.min(self.platforms.trusted_for());
        let is_good = seen.addresses == addresses
            && seen.asked.changes == self.platforms.changes_heard()
            && self.is_current(place, seen.asked, most);
        is_good.then_some(seen.revocations)
    }

    /// The store has these addresses of a place, whose keys were revoked so often.
    pub(super) fn note(
        &self,
        place: PlaceMark,
        addresses: AddressMark,
        revocations: i64,
        asked: AskedAt,
    ) {
        let seen = SeenPlace {
            addresses,
            revocations,
            asked,
        };
        self.places.insert(place, seen);
    }

    /// A launch tells other addresses of a place. Those from before may come back (GR-31), so they are no longer known.
    pub(super) fn moved(&self, place: PlaceMark) {
        self.moved.insert(place, self.clock.uptime());
    }

    fn is_current(&self, place: PlaceMark, asked: AskedAt, most: Duration) -> bool {
        let moved = self.moved.get(&place);
        moved.is_none_or(|moved| asked.at > moved)
            && self.clock.uptime().saturating_sub(asked.at) < most
    }

    /// Drops what is too old to be trusted. What was told is bounded by its bytes alone: it is too much to be looked at every
    /// few seconds.
    pub(super) fn tidy(&self) {
        self.places.tidy();
        self.moved.tidy();
    }
}

/// 16 bytes of a hash: enough to tell texts apart.
fn short_hash(texts: &[&str]) -> u128 {
    let hash = seal::hash(texts);
    let bytes = hash.first_chunk().copied().unwrap_or_default();
    u128::from_le_bytes(bytes)
}
