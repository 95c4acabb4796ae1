//! Who is signed in to the portal. Only the hash of each token is stored.
//!
//! A transaction that writes to a user and to sessions of theirs begins with the user: in different
//! orders, two could deadlock, and sessions that begin could be missed by what ends them.

use crate::engine::{StoreError, Tx, execute, fetch, statements};
use crate::portal_users;

macro_rules! with_user {
    () => {
        "SELECT s.id, s.user_id, s.created_at, s.seen_at, s.confirmed_at, s.expires_at, u.tool_id, u.role, u.profile_sealed \
         FROM portal_sessions s JOIN portal_users u ON u.id = s.user_id"
    };
}

statements! {
    INSERT = "INSERT INTO portal_sessions (id, token_hash, user_id, agent, created_at, seen_at, confirmed_at, expires_at) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    BY_TOKEN = concat!(with_user!(), " WHERE s.token_hash = $1");
    BY_ID = concat!(with_user!(), " WHERE s.id = $1");
    OF_USER = "SELECT id, agent, created_at, seen_at, confirmed_at, expires_at FROM portal_sessions \
               WHERE user_id = $1 ORDER BY created_at, id";
    SEEN = "UPDATE portal_sessions SET seen_at = $2, expires_at = $3 WHERE id = $1 AND seen_at < $2";
    CONFIRM = "UPDATE portal_sessions SET confirmed_at = $2 WHERE id = $1";
    END = "DELETE FROM portal_sessions WHERE token_hash = $1";
    END_ONE = "DELETE FROM portal_sessions WHERE id = $1 AND user_id = $2";
    END_OTHERS = "DELETE FROM portal_sessions WHERE user_id = $1 AND id <> $2";
    CLEAN_UP = "DELETE FROM portal_sessions WHERE id IN \
                (SELECT id FROM portal_sessions WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)";
}

/// A session to store.
pub struct NewPortalSession {
    /// Its id, which is not secret.
    pub id: String,
    /// The hash of the cookie's token, by which it is found.
    pub token_hash: Vec<u8>,
    /// The signed-in user.
    pub user_id: String,
    /// Their round of sign-ins, read when they proved who they are.
    pub round: i64,
    /// A short description of browser and operating system.
    pub agent: String,
    /// Milliseconds since 1970.
    pub now: i64,
    /// When the user last proved their identity, in milliseconds since 1970.
    pub confirmed_at: i64,
    /// When it expires unless it is used, in milliseconds since 1970.
    pub expires_at: i64,
}

/// A session and its user.
#[derive(Clone, sqlx::FromRow)]
pub struct PortalSession {
    /// Names the session in lists and forms; not secret.
    pub id: String,
    /// The signed-in user.
    pub user_id: String,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// When it was last used, to the minute, in milliseconds since 1970.
    pub seen_at: i64,
    /// When the user last proved their identity, in milliseconds since 1970.
    pub confirmed_at: i64,
    /// When it expires unless it is used, in milliseconds since 1970.
    pub expires_at: i64,
    /// The tool whose portal it is.
    pub tool_id: String,
    /// The user's current role, such as `owner`.
    pub role: String,
    /// Name and address, sealed.
    pub profile_sealed: Vec<u8>,
}

/// A session in the list of its user.
#[derive(Clone, sqlx::FromRow)]
pub struct ListedSession {
    /// Names the session in lists and forms; not secret.
    pub id: String,
    /// A short description of browser and operating system.
    pub agent: String,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// When it was last used, to the minute, in milliseconds since 1970.
    pub seen_at: i64,
    /// When the user last proved their identity, in milliseconds since 1970.
    pub confirmed_at: i64,
    /// When it expires unless it is used, in milliseconds since 1970.
    pub expires_at: i64,
}

/// Creates a session, in a transaction, and records that its user is using the portal. Returns
/// false if the user is gone, or what they proved counts no more: their round is another by now.
///
/// # Errors
/// The store failed.
pub async fn begin(tx: &mut Tx<'_>, session: NewPortalSession) -> Result<bool, StoreError> {
    let (user_id, now) = (session.user_id.clone(), session.now);
    // Whatever changes the round from here on waits for this transaction, and finds the session.
    if !portal_users::seen_in_round(tx, user_id, now, session.round).await? {
        return Ok(false);
    }
    let insert = execute!(
        one,
        tx,
        INSERT,
        session.id,
        session.token_hash,
        session.user_id,
        session.agent,
        now,
        now,
        session.confirmed_at,
        session.expires_at
    );
    insert.map(|()| true)
}

/// The session with this token, expired or not.
///
/// # Errors
/// The store failed.
pub async fn by_token(
    tx: &mut Tx<'_>,
    token_hash: Vec<u8>,
) -> Result<Option<PortalSession>, StoreError> {
    fetch!(optional, tx, PortalSession, BY_TOKEN, token_hash)
}

/// The session with this id, expired or not.
///
/// # Errors
/// The store failed.
pub async fn by_id(tx: &mut Tx<'_>, id: String) -> Result<Option<PortalSession>, StoreError> {
    fetch!(optional, tx, PortalSession, BY_ID, id)
}

/// The sessions of a user, oldest first.
///
/// # Errors
/// The store failed.
pub async fn of_user(tx: &mut Tx<'_>, user_id: String) -> Result<Vec<ListedSession>, StoreError> {
    fetch!(all, tx, ListedSession, OF_USER, user_id)
}

/// Records a use, and the session's new expiry. Returns false if the session is gone, or a later
/// use is already recorded.
///
/// # Errors
/// The store failed.
pub async fn seen(
    tx: &mut Tx<'_>,
    id: String,
    now_ms: i64,
    expires_at: i64,
) -> Result<bool, StoreError> {
    execute!(optional, tx, SEEN, id, now_ms, expires_at)
}

/// Records that the user proved their identity again. Returns false if the session is gone.
///
/// # Errors
/// The store failed.
pub async fn confirm(tx: &mut Tx<'_>, id: String, now_ms: i64) -> Result<bool, StoreError> {
    execute!(optional, tx, CONFIRM, id, now_ms)
}

/// Ends the session with this token. Returns false if there is none.
///
/// # Errors
/// The store failed.
pub async fn end(tx: &mut Tx<'_>, token_hash: Vec<u8>) -> Result<bool, StoreError> {
    execute!(optional, tx, END, token_hash)
}

/// Ends one session of a user, and their sign-ins under way. Returns false if it isn't theirs.
///
/// # Errors
/// The store failed.
pub async fn end_one(tx: &mut Tx<'_>, id: String, user_id: String) -> Result<bool, StoreError> {
    let session = by_id(tx, id.clone()).await?;
    if session.is_none_or(|session| session.user_id != user_id) {
        return Ok(false);
    }
    portal_users::end_sign_ins(tx, user_id.clone()).await?;
    execute!(optional, tx, END_ONE, id, user_id)
}

/// Ends all sessions of a user except this one, or all of them if it isn't theirs or is empty, and
/// their sign-ins under way. Returns how many sessions.
///
/// # Errors
/// The store failed.
pub async fn end_others(tx: &mut Tx<'_>, user_id: String, but: String) -> Result<u64, StoreError> {
    portal_users::end_sign_ins(tx, user_id.clone()).await?;
    execute!(any, tx, END_OTHERS, user_id, but)
}

/// Removes up to `most` expired sessions. Returns how many.
///
/// # Errors
/// The store failed.
pub async fn clean_up(tx: &mut Tx<'_>, now_ms: i64, most: i64) -> Result<u64, StoreError> {
    execute!(any, tx, CLEAN_UP, now_ms, most)
}
