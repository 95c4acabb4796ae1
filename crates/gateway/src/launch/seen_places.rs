//! This server's memory of places and of what launches said about them, so that a launch from a
//! known place doesn't query the store.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use super::service_place::ServicePlace;
use super::verified::Launch;
use crate::directory::platforms::{Platform, Platforms};
use crate::kit::cache::Cache;
use crate::kit::clock::Clock;
use crate::kit::seal;

/// The most rows in memory; they only record whether the store is up to date.
const MOST_PLACES: usize = 50_000;
/// How long a seen row is trusted. For that long, another replica's newer addresses may go
/// unnoticed.
const SEEN: Duration = Duration::from_secs(60);
/// How long a launch that repeats what an earlier one said skips the store.
const CLAIMS_KNOWN: Duration = Duration::from_secs(60 * 60);
/// The memory for this in bytes, and the approximate size of one entry. It is generous, because
/// rarely launched links are many.
const CLAIMS_BYTES: usize = 32 * 1024 * 1024;
const CLAIMS_ENTRY: usize = 128;

/// A hash of what a launch says about its place, and which place that is, as received.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ClaimsMark(u128);

impl ClaimsMark {
    /// The hash of what a launch says with these claims.
    pub(super) fn by(launch: &Launch, platform: &Platform, claims: &[&str]) -> Self {
        let deployment = launch.deployment_id.as_str();
        let mut all = vec!["told", &launch.tool_id, &platform.id, deployment];
        all.extend_from_slice(claims);
        // 16 bytes are enough to distinguish texts.
        let hash = seal::hash(&all);
        let bytes = hash.first_chunk().copied().unwrap_or_default();
        Self(u128::from_le_bytes(bytes))
    }
}

/// A place, by its id, which is a hash already.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct PlaceMark([u8; 20]);

impl PlaceMark {
    pub(super) fn of(id: &str) -> Self {
        Self(id.as_bytes().first_chunk().copied().unwrap_or_default())
    }
}

/// A hash of the addresses of a place. It is only compared with another one of the same place, and
/// only by the server that made it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct AddressMark(u64);

/// When the store was queried.
#[derive(Clone, Copy)]
pub(super) struct AskedAt {
    /// By the clock's uptime.
    at: Duration,
    /// How many changes had been reported by then ([`Platforms::changes_heard`]).
    changes: u64,
}

/// A place as it was in the store.
#[derive(Clone, Copy)]
struct SeenPlace {
    addresses: AddressMark,
    /// How often its service keys have been revoked.
    revocations: i64,
    asked: AskedAt,
}

/// The store already has what a launch said about this place.
#[derive(Clone, Copy)]
struct KnownClaims {
    place: PlaceMark,
    asked: AskedAt,
}

/// The memory, in three separate caches
/// (docs/decisions/0312-places-are-remembered-in-three-caches.md).
pub(super) struct SeenPlaces {
    clock: Clock,
    platforms: Platforms,
    hasher: RandomState,
    places: Cache<PlaceMark, SeenPlace>,
    claims: Cache<ClaimsMark, KnownClaims>,
    /// When a launch brought different addresses for a place, by the clock's uptime: anything
    /// remembered from before is invalid.
    moved: Cache<PlaceMark, Duration>,
}

impl SeenPlaces {
    /// An empty memory. `platforms` reports revocations.
    pub(super) fn new(clock: Clock, platforms: Platforms) -> Self {
        // Ages are checked here, by the clock; these limits only bound memory.
        Self {
            clock,
            platforms,
            hasher: RandomState::new(),
            places: Cache::new(MOST_PLACES).living(|_| CLAIMS_KNOWN),
            claims: Cache::new(CLAIMS_BYTES)
                .weighing(|_| CLAIMS_ENTRY)
                .living(|_| CLAIMS_KNOWN),
            moved: Cache::new(MOST_PLACES).living(|_| CLAIMS_KNOWN),
        }
    }

    /// The current time. Call it before querying the store.
    pub(super) fn now(&self) -> AskedAt {
        AskedAt {
            at: self.clock.uptime(),
            changes: self.platforms.changes_heard(),
        }
    }

    /// The mark of a place's addresses. The rest of a place is in its id.
    pub(super) fn mark_of(&self, place: &ServicePlace) -> AddressMark {
        let ServicePlace {
            grades,
            memberships,
            groups,
            ..
        } = place;
        AddressMark(self.hasher.hash_one((grades, memberships, groups)))
    }

    /// Whether the store recently had everything that such a launch says, and no launch has said
    /// anything else since.
    pub(super) fn knows(&self, claims: ClaimsMark) -> bool {
        let known = self.claims.get(&claims);
        known.is_some_and(|known| self.is_current(known.place, known.asked, CLAIMS_KNOWN))
    }

    /// Records that the store has what such launches say about a place.
    pub(super) fn note_claims(&self, claims: ClaimsMark, place: PlaceMark, asked: AskedAt) {
        self.claims.insert(claims, KnownClaims { place, asked });
    }

    /// How often a place's service keys have been revoked, if the store recently had these
    /// addresses for it.
    pub(super) fn revocations(&self, place: PlaceMark, addresses: AddressMark) -> Option<i64> {
        let seen = self.places.get(&place)?;
        // While changes can't be received, entries are only trusted for a moment.
        let most = SEEN.min(self.platforms.trusted_for());
        let is_good = seen.addresses == addresses
            && seen.asked.changes == self.platforms.changes_heard()
            && self.is_current(place, seen.asked, most);
        is_good.then_some(seen.revocations)
    }

    /// Records that the store has these addresses for a place, and how often its keys have been
    /// revoked.
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

    /// A launch brought different addresses for a place. The earlier ones may come back (GR-31), so
    /// they no longer count as known.
    pub(super) fn moved(&self, place: PlaceMark) {
        self.moved.insert(place, self.clock.uptime());
    }

    fn is_current(&self, place: PlaceMark, asked: AskedAt, most: Duration) -> bool {
        let moved = self.moved.get(&place);
        moved.is_none_or(|moved| asked.at > moved)
            && self.clock.uptime().saturating_sub(asked.at) < most
    }

    /// Removes outdated entries. The record of what was said is bounded by its size alone: it is
    /// too large to scan every few seconds.
    pub(super) fn tidy(&self) {
        self.places.tidy();
        self.moved.tidy();
    }
}
