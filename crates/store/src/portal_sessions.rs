//! Who is signed in to the portal: only the hash of each token.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

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

/// A session to be stored.
pub struct NewPortalSession {
    /// Its id, which is no secret.
    pub id: String,
    /// What it is found by.
    pub token_hash: Vec<u8>,
    /// Whose it is.
    pub user_id: String,
    /// Browser and system, in a few words.
    pub agent: String,
    /// Milliseconds since 1970.
    pub now: i64,
    /// When the person last proved who they are, in milliseconds since 1970.
    pub confirmed_at: i64,
    /// When it ends unless it is used, in milliseconds since 1970.
    pub expires_at: i64,
}

/// A session and whose it is.
#[derive(Clone, sqlx::FromRow)]
pub struct PortalSession {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub user_id: String,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Its last use, to the minute, in milliseconds since 1970.
    pub seen_at: i64,
    /// When the person last proved who they are, in milliseconds since 1970.
    pub confirmed_at: i64,
    /// When it ends unless it is used, in milliseconds since 1970.
    pub expires_at: i64,
    /// The tool whose portal it is.
    pub tool_id: String,
    /// What the person may do now.
    pub role: String,
    /// Name and address, sealed.
    pub profile_sealed: Vec<u8>,
}

/// A session in its user's list.
#[derive(Clone, sqlx::FromRow)]
pub struct ListedSession {
    /// Its id.
    pub id: String,
    /// Browser and system, in a few words.
    pub agent: String,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Its last use, to the minute, in milliseconds since 1970.
    pub seen_at: i64,
    /// When the person last proved who they are, in milliseconds since 1970.
    pub confirmed_at: i64,
    /// When it ends unless it is used, in milliseconds since 1970.
    pub expires_at: i64,
}

/// Begins a session.
///
/// # Errors
/// The store failed.
pub async fn insert(tx: &mut Tx<'_>, session: NewPortalSession) -> Result<(), StoreError> {
    let s = session;
    execute!(
        one,
        tx,
        INSERT,
        s.id,
        s.token_hash,
        s.user_id,
        s.agent,
        s.now,
        s.now,
        s.confirmed_at,
        s.expires_at
    )
}

/// The session of a token, over or not.
///
/// # Errors
/// The store failed.
pub async fn by_token(
    tx: &mut Tx<'_>,
    token_hash: Vec<u8>,
) -> Result<Option<PortalSession>, StoreError> {
    fetch!(optional, tx, PortalSession, BY_TOKEN, token_hash)
}

/// The session of this id, over or not.
///
/// # Errors
/// The store failed.
pub async fn by_id(tx: &mut Tx<'_>, id: String) -> Result<Option<PortalSession>, StoreError> {
    fetch!(optional, tx, PortalSession, BY_ID, id)
}

/// The sessions of one person, oldest first.
///
/// # Errors
/// The store failed.
pub async fn of_user(tx: &mut Tx<'_>, user_id: String) -> Result<Vec<ListedSession>, StoreError> {
    fetch!(all, tx, ListedSession, OF_USER, user_id)
}

/// Notes a use, and when the session ends now; false if it is gone, or a later use is noted.
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

/// Notes that the person proved again who they are; false if the session is gone.
///
/// # Errors
/// The store failed.
pub async fn confirm(tx: &mut Tx<'_>, id: String, now_ms: i64) -> Result<bool, StoreError> {
    execute!(optional, tx, CONFIRM, id, now_ms)
}

/// Ends the session of a token; false if there is none.
///
/// # Errors
/// The store failed.
pub async fn end(tx: &mut Tx<'_>, token_hash: Vec<u8>) -> Result<bool, StoreError> {
    execute!(optional, tx, END, token_hash)
}

/// Ends one session of a person; false if it isn't theirs.
///
/// # Errors
/// The store failed.
pub async fn end_one(tx: &mut Tx<'_>, id: String, user_id: String) -> Result<bool, StoreError> {
    execute!(optional, tx, END_ONE, id, user_id)
}

/// Ends all sessions of a person but this one; all, if it isn't theirs or is empty. Gives how many.
///
/// # Errors
/// The store failed.
pub async fn end_others(tx: &mut Tx<'_>, user_id: String, but: String) -> Result<u64, StoreError> {
    execute!(any, tx, END_OTHERS, user_id, but)
}

/// Removes up to `most` sessions that are over; gives how many.
///
/// # Errors
/// The store failed.
pub async fn clean_up(tx: &mut Tx<'_>, now_ms: i64, most: i64) -> Result<u64, StoreError> {
    execute!(any, tx, CLEAN_UP, now_ms, most)
}
