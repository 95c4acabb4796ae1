//! Places in platforms whose services an application may use after a launch, with the latest
//! addresses of those services, sealed.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

macro_rules! columns {
    () => {
        "id, tool_id, platform_id, place_sealed, created_at, changed_at, last_used_at, revoked_at, revocations, forget_at"
    };
}

statements! {
    BY_ID = concat!("SELECT ", columns!(), " FROM service_places WHERE id = $1");
    SAVE = "INSERT INTO service_places (id, tool_id, platform_id, place_sealed, created_at, changed_at, forget_at) \
            VALUES ($1, $2, $3, $4, $5, $5, $7) \
            ON CONFLICT (id) DO UPDATE SET place_sealed = excluded.place_sealed, changed_at = excluded.changed_at, \
            forget_at = CASE WHEN service_places.forget_at < excluded.forget_at THEN excluded.forget_at \
            ELSE service_places.forget_at END WHERE service_places.place_sealed = $6";
    OF_TOOL = concat!("SELECT ", columns!(), " FROM service_places WHERE tool_id = $1 AND id > $2 ORDER BY id LIMIT $3");
    OF_PLATFORM = concat!("SELECT ", columns!(), " FROM service_places WHERE platform_id = $1 AND tool_id = $2 AND id > $3 \
                          ORDER BY id LIMIT $4");
    REVOKE = "UPDATE service_places SET revoked_at = $3, revocations = revocations + 1, forget_at = $4 \
              WHERE id = $1 AND tool_id = $2";
    USED = "UPDATE service_places SET last_used_at = $2, forget_at = CASE WHEN forget_at < $4 THEN $5 ELSE forget_at END \
            WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $3)";
    // The sum rules out the index by end for these two; the second checks again, because a place
    // may have been visited meanwhile.
    VISIT = "UPDATE service_places SET forget_at = $3 WHERE id = $1 AND forget_at + 0 < $2";
    CLEAN_UP = "DELETE FROM service_places WHERE forget_at + 0 < $1 AND id IN \
                (SELECT id FROM service_places WHERE forget_at < $1 ORDER BY forget_at LIMIT $2)";
}

/// The precision of the time of last use, in milliseconds: it is written no more often than that.
pub const USE_MS: i64 = 60_000;
/// How long to keep a place without launches and without use of its keys, in milliseconds.
pub const KEPT_MS: i64 = 400 * DAY_MS;
/// How much earlier it may be removed: a visit is recorded no more often than this.
const EXACT_MS: i64 = 30 * DAY_MS;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// The `forget_at` of a place whose keys were revoked: without its row, they would become valid
/// again with the next launch.
const NEVER: i64 = i64::MAX;

/// A place as stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ServicePlaceRow {
    /// Its id, which service keys contain.
    pub id: String,
    /// The tool it is for.
    pub tool_id: String,
    /// The platform whose services the addresses belong to.
    pub platform_id: String,
    /// The place and the addresses of its services, sealed.
    pub place_sealed: Vec<u8>,
    /// When the first launch came from there, in milliseconds since 1970.
    pub created_at: i64,
    /// When its addresses were last written, in milliseconds since 1970.
    pub changed_at: i64,
    /// When a service key for it was last used, in milliseconds since 1970, to the minute.
    pub last_used_at: Option<i64>,
    /// Service keys from launches up to this time are refused, in milliseconds since 1970.
    pub revoked_at: Option<i64>,
    /// How often its service keys were revoked.
    pub revocations: i64,
    /// When to remove it unless it is visited or used first, in milliseconds since 1970.
    pub forget_at: i64,
}

impl ServicePlaceRow {
    /// Whether a launch from there at this time, in milliseconds since 1970, is worth recording.
    pub fn wants_visit(&self, now_ms: i64) -> bool {
        self.forget_at < renewed_before(now_ms)
    }
}

/// A place that would end before this time is extended when visited now.
const fn renewed_before(now_ms: i64) -> i64 {
    now_ms.saturating_add(KEPT_MS - EXACT_MS)
}

/// A place by its id.
///
/// # Errors
/// The store failed.
pub async fn by_id(tx: &mut Tx<'_>, id: String) -> Result<Option<ServicePlaceRow>, StoreError> {
    fetch!(optional, tx, ServicePlaceRow, BY_ID, id)
}

/// A place to store.
#[derive(Debug)]
pub struct SavePlace {
    /// Hash of the place: the same place always has the same id.
    pub id: String,
    /// The tool it is for.
    pub tool_id: String,
    /// The platform it is in.
    pub platform_id: String,
    /// The place and the addresses of its services, sealed.
    pub place_sealed: Vec<u8>,
    /// The sealed value that the row had when it was read, `None` if there was no row. Sealing the
    /// same data twice gives different bytes, so this identifies the version.
    pub before: Option<Vec<u8>>,
}

/// Stores a place, or updates the addresses of a known one and leaves the rest unchanged. Returns
/// false if the row is no longer as `before`.
///
/// # Errors
/// The store failed.
pub async fn save(tx: &mut Tx<'_>, place: SavePlace, now_ms: i64) -> Result<bool, StoreError> {
    execute!(
        optional,
        tx,
        SAVE,
        place.id,
        place.tool_id,
        place.platform_id,
        place.place_sealed,
        now_ms,
        place.before,
        now_ms.saturating_add(KEPT_MS)
    )
}

/// The next places of a tool after an id, in order of their ids, optionally of one platform.
///
/// # Errors
/// The store failed.
pub async fn page(
    tx: &mut Tx<'_>,
    tool_id: String,
    platform_id: Option<String>,
    after: String,
    most: i64,
) -> Result<Vec<ServicePlaceRow>, StoreError> {
    match platform_id {
        Some(platform) => fetch!(
            all,
            tx,
            ServicePlaceRow,
            OF_PLATFORM,
            platform,
            tool_id,
            after,
            most
        ),
        None => fetch!(all, tx, ServicePlaceRow, OF_TOOL, tool_id, after, most),
    }
}

/// Revokes all service keys issued so far for a place. Returns false if the tool has no such place.
///
/// # Errors
/// The store failed.
pub async fn revoke(
    tx: &mut Tx<'_>,
    tool_id: String,
    id: String,
    now_ms: i64,
) -> Result<bool, StoreError> {
    execute!(optional, tx, REVOKE, id, tool_id, now_ms, NEVER)
}

/// Records that a service key was used, unless a use within the last minute is already recorded.
///
/// # Errors
/// The store failed.
pub async fn used(tx: &mut Tx<'_>, id: String, at_ms: i64) -> Result<bool, StoreError> {
    execute!(
        optional,
        tx,
        USED,
        id,
        at_ms,
        at_ms - USE_MS,
        renewed_before(at_ms),
        at_ms.saturating_add(KEPT_MS)
    )
}

/// Extends a place from which a launch came at this time, in milliseconds since 1970. Returns false
/// if that was already recorded.
///
/// # Errors
/// The store failed.
pub async fn visit(tx: &mut Tx<'_>, id: String, at_ms: i64) -> Result<bool, StoreError> {
    execute!(
        optional,
        tx,
        VISIT,
        id,
        renewed_before(at_ms),
        at_ms.saturating_add(KEPT_MS)
    )
}

/// Removes up to `most` places that were not visited for long. Returns how many.
///
/// # Errors
/// The store failed.
pub async fn clean_up(tx: &mut Tx<'_>, now_ms: i64, most: i64) -> Result<u64, StoreError> {
    execute!(any, tx, CLEAN_UP, now_ms, most)
}
