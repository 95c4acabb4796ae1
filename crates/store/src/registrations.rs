//! Dynamic registrations in progress.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    INSERT = "INSERT INTO registrations (id_hash, tool_id, issuer, status, offer_sealed, created_at, expires_at, \
              id_sealed, invited) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    BY_ID = "SELECT issuer, status, offer_sealed FROM registrations \
             WHERE id_hash = $1 AND tool_id = $2 AND status <> 'sending' AND expires_at > $3";
    FOR_THE_TOOL = "SELECT id_hash, id_sealed, issuer, created_at FROM registrations \
                    WHERE tool_id = $1 AND status = 'pending' AND expires_at > $2 AND id_sealed IS NOT NULL \
                    ORDER BY created_at LIMIT $3";
    NUMBER_FOR_THE_TOOL = "SELECT COUNT(*) FROM registrations \
                           WHERE tool_id = $1 AND status = 'pending' AND expires_at > $2 AND id_sealed IS NOT NULL";
    // Of any number of parallel calls, only one moves it on.
    MOVE = "UPDATE registrations SET status = $3, expires_at = $5 \
            WHERE id_hash = $1 AND tool_id = $2 AND status = $4 AND expires_at > $6";
    DELETE = "DELETE FROM registrations WHERE id_hash = $1";
    INTERRUPTED = "DELETE FROM registrations WHERE tool_id = $1 AND issuer = $2 AND status = 'sending' AND expires_at < $3";
    INTERRUPT = "UPDATE registrations SET expires_at = $1 WHERE status = 'sending' AND expires_at > $1";
    // Includes expired ones: strangers can cause registrations, and clean-up may pause for a day.
    UNANSWERED = "SELECT (SELECT COUNT(*) FROM registrations WHERE tool_id = $1 AND status <> 'confirm') \
                  + (SELECT COUNT(*) FROM platforms WHERE tool_id = $1 AND NOT active) AS number";
    // At most one, so that parallel calls never lock rows in a different order.
    MAKE_ROOM = "DELETE FROM registrations WHERE id_hash IN \
                 (SELECT id_hash FROM registrations WHERE tool_id = $1 AND status = 'confirm' AND invited = $3 \
                 ORDER BY created_at DESC LIMIT 1 OFFSET $2)";
    CLEAN_UP = "DELETE FROM registrations WHERE id_hash IN \
                (SELECT id_hash FROM registrations WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)";
}

/// The state of a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegistrationStatus {
    /// Waiting for the administrator's click.
    Confirm,
    /// Waiting for the tool's decision.
    Pending,
    /// Being sent.
    Sending,
}

impl RegistrationStatus {
    fn as_str(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Pending => "pending",
            Self::Sending => "sending",
        }
    }
}

/// How many registrations of a tool are in progress, or registered and not active. Pages that wait
/// for a click don't count: see [`make_room`]. Expired registrations count until they are removed,
/// usually a minute later.
///
/// # Errors
/// The store failed.
pub async fn unanswered(tx: &mut Tx<'_>, tool_id: String) -> Result<i64, StoreError> {
    let (number,) = fetch!(one, tx, (i64,), UNANSWERED, tool_id)?;
    Ok(number)
}

/// A registration to store.
pub struct NewRegistration {
    /// Hash of its id, which is secret.
    pub id_hash: Vec<u8>,
    /// The tool it is for.
    pub tool_id: String,
    /// The platform's issuer.
    pub issuer: String,
    /// Whom it waits for, or that it is being sent.
    pub status: RegistrationStatus,
    /// What the platform offers, sealed.
    pub offer_sealed: Vec<u8>,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Milliseconds since 1970.
    pub expires_at: i64,
    /// Its id, sealed, so that the portal can approve it.
    pub id_sealed: Vec<u8>,
    /// Whether it came with an invitation.
    pub invited: bool,
}

/// A registration that waits for an administrator or for the tool.
#[derive(sqlx::FromRow)]
pub struct WaitingRegistration {
    /// The platform's issuer.
    pub issuer: String,
    /// `confirm` or `pending`.
    pub status: String,
    /// What the platform offers, sealed.
    pub offer_sealed: Vec<u8>,
}

/// A registration waiting for the tool's decision, as the owner sees it in a list.
#[derive(sqlx::FromRow)]
pub struct UndecidedRegistration {
    /// Hash of its id, which names it in the list.
    pub id_hash: Vec<u8>,
    /// Its id, which is secret, sealed.
    pub id_sealed: Vec<u8>,
    /// The platform's issuer.
    pub issuer: String,
    /// Milliseconds since 1970.
    pub created_at: i64,
}

/// Adds a registration.
///
/// # Errors
/// The store failed.
pub async fn insert(tx: &mut Tx<'_>, row: NewRegistration) -> Result<(), StoreError> {
    execute!(
        one,
        tx,
        INSERT,
        row.id_hash,
        row.tool_id,
        row.issuer,
        row.status.as_str(),
        row.offer_sealed,
        row.created_at,
        row.expires_at,
        row.id_sealed,
        row.invited
    )
}

/// Removes one of a tool's registrations that wait for a click, the oldest, if more than `others`
/// of them are there: those with an invitation and those without are apart. Returns how many.
///
/// # Errors
/// The store failed.
pub async fn make_room(
    tx: &mut Tx<'_>,
    tool_id: String,
    others: i64,
    invited: bool,
) -> Result<u64, StoreError> {
    execute!(any, tx, MAKE_ROOM, tool_id, others, invited)
}

/// The registrations waiting for a tool's decision, oldest first.
///
/// # Errors
/// The store failed.
pub async fn undecided(
    tx: &mut Tx<'_>,
    tool_id: String,
    now_ms: i64,
    most: i64,
) -> Result<Vec<UndecidedRegistration>, StoreError> {
    fetch!(
        all,
        tx,
        UndecidedRegistration,
        FOR_THE_TOOL,
        tool_id,
        now_ms,
        most
    )
}

/// How many registrations are waiting for a tool's decision.
///
/// # Errors
/// The store failed.
pub async fn undecided_number(
    tx: &mut Tx<'_>,
    tool_id: String,
    now_ms: i64,
) -> Result<i64, StoreError> {
    let (number,) = fetch!(one, tx, (i64,), NUMBER_FOR_THE_TOOL, tool_id, now_ms)?;
    Ok(number)
}

/// A registration waiting for a click or for the tool's decision.
///
/// # Errors
/// The store failed.
pub async fn waiting(
    tx: &mut Tx<'_>,
    id_hash: Vec<u8>,
    tool_id: String,
    now_ms: i64,
) -> Result<Option<WaitingRegistration>, StoreError> {
    fetch!(
        optional,
        tx,
        WaitingRegistration,
        BY_ID,
        id_hash,
        tool_id,
        now_ms
    )
}

/// Moves a registration to another state, if it is still in the state that the caller expects.
///
/// # Errors
/// The store failed.
pub async fn advance(
    tx: &mut Tx<'_>,
    id_hash: Vec<u8>,
    tool_id: String,
    from: RegistrationStatus,
    to: RegistrationStatus,
    expires_at: i64,
    now_ms: i64,
) -> Result<bool, StoreError> {
    execute!(
        optional,
        tx,
        MOVE,
        id_hash,
        tool_id,
        to.as_str(),
        from.as_str(),
        expires_at,
        now_ms
    )
}

/// Removes a finished registration.
///
/// # Errors
/// The store failed.
pub async fn delete(tx: &mut Tx<'_>, id_hash: Vec<u8>) -> Result<u64, StoreError> {
    execute!(any, tx, DELETE, id_hash)
}

/// Removes an issuer's registrations that were interrupted while being sent and expire before
/// `before_ms`. Returns how many.
///
/// # Errors
/// The store failed.
pub async fn take_interrupted(
    tx: &mut Tx<'_>,
    tool_id: String,
    issuer: String,
    before_ms: i64,
) -> Result<u64, StoreError> {
    execute!(any, tx, INTERRUPTED, tool_id, issuer, before_ms)
}

/// Makes registrations that are being sent expire at `expires_at` at the latest.
///
/// # Errors
/// The store failed.
pub async fn interrupt(tx: &mut Tx<'_>, expires_at: i64) -> Result<u64, StoreError> {
    execute!(any, tx, INTERRUPT, expires_at)
}

/// Removes up to `most` expired registrations. Returns how many.
///
/// # Errors
/// The store failed.
pub async fn clean_up(tx: &mut Tx<'_>, now_ms: i64, most: i64) -> Result<u64, StoreError> {
    execute!(any, tx, CLEAN_UP, now_ms, most)
}
