//! Places in platforms whose services an application may use after a launch, with the newest addresses of those
//! services, sealed.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    BY_ID = "SELECT id, tool_id, platform_id, place_sealed, created_at, changed_at, last_used_at, revoked_at, revocations \
             FROM service_places WHERE id = $1";
    SAVE = "INSERT INTO service_places (id, tool_id, platform_id, place_sealed, created_at, changed_at) \
            VALUES ($1, $2, $3, $4, $5, $5) \
            ON CONFLICT (id) DO UPDATE SET place_sealed = excluded.place_sealed, changed_at = excluded.changed_at \
            WHERE service_places.place_sealed = $6";
    OF_TOOL = "SELECT id, tool_id, platform_id, place_sealed, created_at, changed_at, last_used_at, revoked_at, revocations \
               FROM service_places WHERE tool_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    OF_PLATFORM = "SELECT id, tool_id, platform_id, place_sealed, created_at, changed_at, last_used_at, revoked_at, revocations \
                   FROM service_places WHERE platform_id = $1 AND tool_id = $2 AND id > $3 ORDER BY id LIMIT $4";
    REVOKE = "UPDATE service_places SET revoked_at = $3, revocations = revocations + 1 WHERE id = $1 AND tool_id = $2";
    USED = "UPDATE service_places SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $3)";
}

/// How exact the time of the last use is, in milliseconds: it is written at most that often.
pub const USE_MS: i64 = 60_000;

/// A place as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ServicePlaceRow {
    /// Its id, which service keys name.
    pub id: String,
    /// The tool it is for.
    pub tool_id: String,
    /// Whose services the addresses are of.
    pub platform_id: String,
    /// What it is, and the addresses of its services, sealed.
    pub place_sealed: Vec<u8>,
    /// When a launch first came from there, in milliseconds since 1970.
    pub created_at: i64,
    /// When its addresses were last written, in milliseconds since 1970.
    pub changed_at: i64,
    /// When a service key for it was last used, in milliseconds since 1970, to the minute.
    pub last_used_at: Option<i64>,
    /// Service keys of launches up to this time are refused, in milliseconds since 1970.
    pub revoked_at: Option<i64>,
    /// How often its service keys were revoked.
    pub revocations: i64,
}

/// A place by its id.
///
/// # Errors
/// The store failed.
pub async fn by_id(tx: &mut Tx<'_>, id: String) -> Result<Option<ServicePlaceRow>, StoreError> {
    fetch!(optional, tx, ServicePlaceRow, BY_ID, id)
}

/// A place to be stored.
#[derive(Debug)]
pub struct SavePlace {
    /// What it is, hashed: the same place always has the same id.
    pub id: String,
    /// The tool it is for.
    pub tool_id: String,
    /// The platform it is in.
    pub platform_id: String,
    /// What it is, and the addresses of its services, sealed.
    pub place_sealed: Vec<u8>,
    /// What the row has of that so far, `None` if there is no row. No two sealings are the same.
    pub before: Option<Vec<u8>>,
}

/// Stores a place, or other addresses of a known one; the rest of a known one stays. False if the row is no longer as it
/// was before.
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
        place.before
    )
}

/// The next places of a tool after an id, by their ids; of one platform, if one is named.
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

/// Refuses the service keys of this and all earlier launches from a place; false if the tool has no such place.
///
/// # Errors
/// The store failed.
pub async fn revoke(
    tx: &mut Tx<'_>,
    tool_id: String,
    id: String,
    now_ms: i64,
) -> Result<bool, StoreError> {
    execute!(optional, tx, REVOKE, id, tool_id, now_ms)
}

/// Notes when a service key was used, unless a use of the last minute is noted already.
///
/// # Errors
/// The store failed.
pub async fn used(tx: &mut Tx<'_>, id: String, at_ms: i64) -> Result<bool, StoreError> {
    execute!(optional, tx, USED, id, at_ms, at_ms - USE_MS)
}
