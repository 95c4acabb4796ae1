//! Invitation links for registering. Only the hash of each code is stored.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    INSERT = "INSERT INTO invites (id, tool_id, code_hash, preset, uses_left, expires_at, created_at) \
              VALUES ($1, $2, $3, $4, $5, $6, $7)";
    OF_TOOL = "SELECT id, preset, uses_left, expires_at, created_at FROM invites WHERE tool_id = $1 ORDER BY created_at, id";
    OF_CODE = "SELECT id, preset, uses_left, expires_at, created_at FROM invites WHERE code_hash = $1 AND tool_id = $2";
    // An unlimited invite stays unlimited: NULL minus one is NULL.
    USE = "UPDATE invites SET uses_left = uses_left - 1 WHERE id = $1 \
           AND (uses_left IS NULL OR uses_left > 0) AND (expires_at IS NULL OR expires_at > $2)";
    GIVE_BACK = "UPDATE invites SET uses_left = uses_left + 1 WHERE id = $1";
    DELETE = "DELETE FROM invites WHERE tool_id = $1 AND id = $2";
}

/// A stored invite.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Invite {
    /// Its id; the code itself is not kept.
    pub id: String,
    /// The values it presets, as JSON.
    pub preset: String,
    /// Uses left; `None` means unlimited.
    pub uses_left: Option<i64>,
    /// Milliseconds since 1970; `None` means never.
    pub expires_at: Option<i64>,
    /// Milliseconds since 1970.
    pub created_at: i64,
}

impl Invite {
    /// Whether it has uses left and has not expired. This is only a hint: [`take_use`] decides,
    /// because others may be faster.
    #[must_use]
    pub fn is_usable(&self, now_ms: i64) -> bool {
        self.uses_left.is_none_or(|left| left > 0) && self.expires_at.is_none_or(|end| end > now_ms)
    }
}

/// Adds an invite.
///
/// # Errors
/// The store failed.
pub async fn insert(
    tx: &mut Tx<'_>,
    tool_id: String,
    code_hash: Vec<u8>,
    invite: Invite,
) -> Result<(), StoreError> {
    execute!(
        one,
        tx,
        INSERT,
        invite.id,
        tool_id,
        code_hash,
        invite.preset,
        invite.uses_left,
        invite.expires_at,
        invite.created_at
    )
}

/// Every invite of a tool, oldest first.
///
/// # Errors
/// The store failed.
pub async fn of_tool(tx: &mut Tx<'_>, tool_id: String) -> Result<Vec<Invite>, StoreError> {
    fetch!(all, tx, Invite, OF_TOOL, tool_id)
}

/// The invite with this code, usable or not.
///
/// # Errors
/// The store failed.
pub async fn of_code(
    tx: &mut Tx<'_>,
    code_hash: Vec<u8>,
    tool_id: String,
) -> Result<Option<Invite>, StoreError> {
    fetch!(optional, tx, Invite, OF_CODE, code_hash, tool_id)
}

/// Takes one use. Returns false if none is left.
///
/// # Errors
/// The store failed.
pub async fn take_use(tx: &mut Tx<'_>, id: String, now_ms: i64) -> Result<bool, StoreError> {
    execute!(optional, tx, USE, id, now_ms)
}

/// Gives a use back after a registration that failed.
///
/// # Errors
/// The store failed.
pub async fn give_back(tx: &mut Tx<'_>, id: String) -> Result<u64, StoreError> {
    execute!(any, tx, GIVE_BACK, id)
}

/// Removes an invite. Returns false if there is none.
///
/// # Errors
/// The store failed.
pub async fn delete(tx: &mut Tx<'_>, tool_id: String, id: String) -> Result<bool, StoreError> {
    execute!(optional, tx, DELETE, tool_id, id)
}
