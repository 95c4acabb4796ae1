//! The tool's registrations with StudyReel: one row per StudyReel, name and version.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    ONE = "SELECT id, base_url, name, version, launch_url_hash, remote_id, deployment_id, asked_at, registered_at \
           FROM studyreel_registrations WHERE tool_id = $1 AND base_url = $2 AND name = $3 AND version = $4";
    OF_TOOL = "SELECT id, base_url, name, version, launch_url_hash, remote_id, deployment_id, asked_at, registered_at \
               FROM studyreel_registrations WHERE tool_id = $1 ORDER BY asked_at, id";
    // Earlier answers stay until there is a new one.
    ASK = "INSERT INTO studyreel_registrations (id, tool_id, base_url, name, version, asked_at) \
           VALUES ($1, $2, $3, $4, $5, $6) \
           ON CONFLICT (tool_id, base_url, name, version) DO UPDATE SET asked_at = excluded.asked_at";
    KEEP = "UPDATE studyreel_registrations SET launch_url_hash = $2, remote_id = $3, deployment_id = $4, \
            answer_sealed = $5, registered_at = $6 WHERE id = $1";
    SETTLE = "UPDATE studyreel_registrations SET asked_at = registered_at WHERE id = $1 AND registered_at IS NOT NULL";
    FORGET = "DELETE FROM studyreel_registrations WHERE id = $1 AND registered_at IS NULL";
}

/// A registration, or an attempt.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct StudyReelRegistrationRow {
    /// Its id here.
    pub id: String,
    /// The base URL of the StudyReel.
    pub base_url: String,
    /// The name used in the registration.
    pub name: String,
    /// The application's version used in the registration.
    pub version: String,
    /// Hash of the launch URL that was registered.
    pub launch_url_hash: Option<Vec<u8>>,
    /// StudyReel's id for it, if it sent one.
    pub remote_id: Option<String>,
    /// The deployment its launches will name, if StudyReel sent one.
    pub deployment_id: Option<String>,
    /// When it was last requested, in milliseconds since 1970.
    pub asked_at: i64,
    /// When it was answered, in milliseconds since 1970. Earlier than `asked_at` if the last answer
    /// is missing.
    pub registered_at: Option<i64>,
}

impl StudyReelRegistrationRow {
    /// Whether it was requested without an answer: StudyReel may have it or not.
    pub fn is_open(&self) -> bool {
        self.registered_at.is_none_or(|at| at < self.asked_at)
    }
}

/// What StudyReel answered.
pub struct StudyReelRegistrationReply {
    /// Hash of the launch URL that was registered.
    pub launch_url_hash: Vec<u8>,
    /// StudyReel's id for it.
    pub remote_id: Option<String>,
    /// The deployment of its launches.
    pub deployment_id: Option<String>,
    /// The whole answer, sealed.
    pub answer_sealed: Vec<u8>,
}

/// The registration with this name and version at a StudyReel.
///
/// # Errors
/// The store failed.
pub async fn one(
    tx: &mut Tx<'_>,
    tool_id: String,
    base_url: String,
    name: String,
    version: String,
) -> Result<Option<StudyReelRegistrationRow>, StoreError> {
    fetch!(
        optional,
        tx,
        StudyReelRegistrationRow,
        ONE,
        tool_id,
        base_url,
        name,
        version
    )
}

/// Every registration of a tool, oldest first.
///
/// # Errors
/// The store failed.
pub async fn of_tool(
    tx: &mut Tx<'_>,
    tool_id: String,
) -> Result<Vec<StudyReelRegistrationRow>, StoreError> {
    fetch!(all, tx, StudyReelRegistrationRow, OF_TOOL, tool_id)
}

/// Records that a registration is being requested. `id` becomes its id if there is none with this
/// name and version yet.
///
/// # Errors
/// The store failed.
pub async fn ask(
    tx: &mut Tx<'_>,
    tool_id: String,
    registration: StudyReelRegistrationRow,
) -> Result<(), StoreError> {
    execute!(
        one,
        tx,
        ASK,
        registration.id,
        tool_id,
        registration.base_url,
        registration.name,
        registration.version,
        registration.asked_at
    )
}

/// Stores the answer.
///
/// # Errors
/// The store failed.
pub async fn keep(
    tx: &mut Tx<'_>,
    id: String,
    answered: StudyReelRegistrationReply,
    now_ms: i64,
) -> Result<(), StoreError> {
    execute!(
        one,
        tx,
        KEEP,
        id,
        answered.launch_url_hash,
        answered.remote_id,
        answered.deployment_id,
        answered.answer_sealed,
        now_ms,
    )
}

/// Records that an attempt was refused: everything is as before.
///
/// # Errors
/// The store failed.
pub async fn refused(tx: &mut Tx<'_>, id: String) -> Result<(), StoreError> {
    execute!(any, tx, SETTLE, id.clone())?;
    execute!(any, tx, FORGET, id).map(drop)
}
