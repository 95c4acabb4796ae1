//! The users of a tool's portal. There are few of them.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

macro_rules! columns {
    () => {
        "id, tool_id, profile_sealed, password_hash, totp_sealed, role, created_at, seen_at, oidc_hash, sign_in_round"
    };
}

statements! {
    INSERT = "INSERT INTO portal_users (id, tool_id, login_hash, profile_sealed, password_hash, totp_step, role, created_at, \
              oidc_hash) VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8)";
    BY_LOGIN = concat!("SELECT ", columns!(), " FROM portal_users WHERE tool_id = $1 AND login_hash = $2");
    BY_OIDC = concat!("SELECT ", columns!(), " FROM portal_users WHERE oidc_hash = $1");
    BY_ID = concat!("SELECT ", columns!(), " FROM portal_users WHERE id = $1");
    OF_TOOL = concat!("SELECT ", columns!(), " FROM portal_users WHERE tool_id = $1 ORDER BY created_at, id");
    SET_ROLE = "UPDATE portal_users SET role = $2 WHERE id = $1";
    SET_PASSWORD = "UPDATE portal_users SET password_hash = $2, sign_in_round = sign_in_round + 1 WHERE id = $1";
    SET_TOTP = "UPDATE portal_users SET totp_sealed = $2, totp_step = $3, totp_tried = 0, \
                sign_in_round = sign_in_round + 1 WHERE id = $1";
    SET_OIDC = "UPDATE portal_users SET oidc_hash = $2, sign_in_round = sign_in_round + 1 WHERE id = $1";
    END_SIGN_INS = "UPDATE portal_users SET sign_in_round = sign_in_round + 1 WHERE id = $1";
    TRY_TOTP = "UPDATE portal_users SET totp_tried = totp_tried + 1 WHERE id = $1 AND totp_tried < $2";
    USE_TOTP = "UPDATE portal_users SET totp_step = $2, totp_tried = 0 WHERE id = $1 AND totp_step < $2";
    SEEN = "UPDATE portal_users SET seen_at = $2 WHERE id = $1";
    SEEN_IN_ROUND = "UPDATE portal_users SET seen_at = $2 WHERE id = $1 AND sign_in_round = $3";
    DELETE = "DELETE FROM portal_users WHERE id = $1";
}

/// An account in the portal of one tool.
#[derive(Clone, sqlx::FromRow)]
pub struct PortalUser {
    /// Their id.
    pub id: String,
    /// The tool whose portal it is.
    pub tool_id: String,
    /// Name and address, sealed.
    pub profile_sealed: Vec<u8>,
    /// The argon2 hash; empty if there is no password.
    pub password_hash: String,
    /// The secret of the second factor, sealed, if set up.
    pub totp_sealed: Option<Vec<u8>>,
    /// Their role, such as `owner`.
    pub role: String,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// When they last used the portal, to the minute, in milliseconds since 1970.
    pub seen_at: Option<i64>,
    /// A keyed hash of their id at the identity provider, if they are connected.
    pub oidc_hash: Option<Vec<u8>>,
    /// A sign-in is good in the round in which its first step was proven.
    pub sign_in_round: i64,
}

impl PortalUser {
    /// Whether they have a password.
    pub fn has_password(&self) -> bool {
        !self.password_hash.is_empty()
    }
}

/// Adds a user without a second factor. It is an error if the tool already has a user with the same
/// login or the same identity at the identity provider ([`StoreError::is_taken`]).
///
/// # Errors
/// The store failed.
pub async fn insert(
    tx: &mut Tx<'_>,
    login_hash: Vec<u8>,
    user: PortalUser,
) -> Result<(), StoreError> {
    execute!(
        one,
        tx,
        INSERT,
        user.id,
        user.tool_id,
        login_hash,
        user.profile_sealed,
        user.password_hash,
        user.role,
        user.created_at,
        user.oidc_hash
    )
}

/// The user of this tool's portal with this login.
///
/// # Errors
/// The store failed.
pub async fn by_login(
    tx: &mut Tx<'_>,
    tool_id: String,
    login_hash: Vec<u8>,
) -> Result<Option<PortalUser>, StoreError> {
    fetch!(optional, tx, PortalUser, BY_LOGIN, tool_id, login_hash)
}

/// The user connected to the identity with this hash. The hash is specific to a tool.
///
/// # Errors
/// The store failed.
pub async fn by_oidc(
    tx: &mut Tx<'_>,
    oidc_hash: Vec<u8>,
) -> Result<Option<PortalUser>, StoreError> {
    fetch!(optional, tx, PortalUser, BY_OIDC, oidc_hash)
}

/// A user by their id.
///
/// # Errors
/// The store failed.
pub async fn by_id(tx: &mut Tx<'_>, id: String) -> Result<Option<PortalUser>, StoreError> {
    fetch!(optional, tx, PortalUser, BY_ID, id)
}

/// All users of a tool, oldest first.
///
/// # Errors
/// The store failed.
pub async fn of_tool(tx: &mut Tx<'_>, tool_id: String) -> Result<Vec<PortalUser>, StoreError> {
    fetch!(all, tx, PortalUser, OF_TOOL, tool_id)
}

/// Changes a user's role. Returns false if the user is gone.
///
/// # Errors
/// The store failed.
pub async fn set_role(tx: &mut Tx<'_>, id: String, role: String) -> Result<bool, StoreError> {
    execute!(optional, tx, SET_ROLE, id, role)
}

/// Replaces a user's password, and ends their sign-ins under way. Returns false if the user is
/// gone.
///
/// # Errors
/// The store failed.
pub async fn set_password(
    tx: &mut Tx<'_>,
    id: String,
    password_hash: String,
) -> Result<bool, StoreError> {
    execute!(optional, tx, SET_PASSWORD, id, password_hash)
}

/// Replaces or removes the secret of the second factor, and ends sign-ins under way. `step` is the
/// time step of the code that proved it.
///
/// # Errors
/// The store failed.
pub async fn set_totp(
    tx: &mut Tx<'_>,
    id: String,
    totp_sealed: Option<Vec<u8>>,
    step: i64,
) -> Result<bool, StoreError> {
    execute!(optional, tx, SET_TOTP, id, totp_sealed, step)
}

/// Counts a code before it is checked. Returns false if `most` codes have been tried since the last
/// correct one.
///
/// # Errors
/// The store failed.
pub async fn try_totp(tx: &mut Tx<'_>, id: String, most: i64) -> Result<bool, StoreError> {
    execute!(optional, tx, TRY_TOTP, id, most)
}

/// Connects a user to an identity at the identity provider, or disconnects them, and ends their
/// sign-ins under way. Returns false if the user is gone. It is an error if another user is
/// connected to that identity ([`StoreError::is_taken`]).
///
/// # Errors
/// The store failed.
pub async fn set_oidc(
    tx: &mut Tx<'_>,
    id: String,
    oidc_hash: Option<Vec<u8>>,
) -> Result<bool, StoreError> {
    execute!(optional, tx, SET_OIDC, id, oidc_hash)
}

/// Ends a user's sign-ins under way. Returns false if the user is gone.
///
/// # Errors
/// The store failed.
pub async fn end_sign_ins(tx: &mut Tx<'_>, id: String) -> Result<bool, StoreError> {
    execute!(optional, tx, END_SIGN_INS, id)
}

/// Spends the code of a time step. Returns false if it or a later one was already used.
///
/// # Errors
/// The store failed.
pub async fn use_totp(tx: &mut Tx<'_>, id: String, step: i64) -> Result<bool, StoreError> {
    execute!(optional, tx, USE_TOTP, id, step)
}

/// Records that a user is using the portal.
///
/// # Errors
/// The store failed.
pub async fn seen(tx: &mut Tx<'_>, id: String, now_ms: i64) -> Result<bool, StoreError> {
    execute!(optional, tx, SEEN, id, now_ms)
}

/// The same for a user who signs in, unless they are gone or their round is another by now: then it
/// returns false. Their round stays as it is until the transaction ends.
///
/// # Errors
/// The store failed.
pub(crate) async fn seen_in_round(
    tx: &mut Tx<'_>,
    id: String,
    now_ms: i64,
    round: i64,
) -> Result<bool, StoreError> {
    execute!(optional, tx, SEEN_IN_ROUND, id, now_ms, round)
}

/// Removes a user, with their sessions and links. Returns false if they are already gone.
///
/// # Errors
/// The store failed.
pub async fn delete(tx: &mut Tx<'_>, id: String) -> Result<bool, StoreError> {
    execute!(optional, tx, DELETE, id)
}
