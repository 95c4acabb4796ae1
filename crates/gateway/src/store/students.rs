//! Students of StudyReel, one account for each subject of an issuer.

use super::{StoreError, Tx, execute, fetch, statements};

macro_rules! columns {
    () => {
        "id, tool_id, issuer, external_id, profile_sealed, status, created_at, updated_at, last_launch_at"
    };
}

statements! {
    // Creates the account or takes hold of it: either way its row is ours until the end of the transaction, so that
    // launches of one student at the same time go one after the other.
    UPSERT = concat!(
        "INSERT INTO students (id, tool_id, issuer, subject_hash, profile_sealed, status, created_at, updated_at, \
         last_launch_at) VALUES ($1, $2, $3, $4, $5, 'active', $6, $6, $6) \
         ON CONFLICT (tool_id, issuer, subject_hash) DO UPDATE SET last_launch_at = excluded.last_launch_at \
         RETURNING ", columns!());
    SET_PROFILE = "UPDATE students SET profile_sealed = $2, updated_at = $3 WHERE id = $1";
}

/// The status of a student who may sign in.
pub const ACTIVE: &str = "active";

/// A student's account.
#[derive(sqlx::FromRow)]
pub struct Student {
    /// Our id for them.
    pub id: String,
    /// The tool they use.
    pub tool_id: String,
    /// The issuer that created them.
    pub issuer: String,
    /// The application's own id for them.
    pub external_id: Option<String>,
    /// Who they are and where they stand, sealed.
    pub profile_sealed: Vec<u8>,
    /// `active`, `disabled` or `erased`.
    pub status: String,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Milliseconds since 1970.
    pub updated_at: i64,
    /// Milliseconds since 1970.
    pub last_launch_at: i64,
}

/// A student seen for the first time, perhaps.
pub struct NewStudent {
    /// The id they get if they are new.
    pub id: String,
    /// The tool they use.
    pub tool_id: String,
    /// Who vouches for them.
    pub issuer: String,
    /// Keyed hash of their subject.
    pub subject_hash: Vec<u8>,
    /// Their profile if they are new, sealed.
    pub profile_sealed: Vec<u8>,
}

/// Creates a student or finds the one of that issuer and subject, and holds the row. The student is new where the id
/// is the given one.
///
/// # Errors
/// The store failed.
pub async fn create_or_find(
    tx: &mut Tx<'_>,
    student: NewStudent,
    now_ms: i64,
) -> Result<Student, StoreError> {
    let s = student;
    fetch!(
        one,
        tx,
        Student,
        UPSERT,
        s.id,
        s.tool_id,
        s.issuer,
        s.subject_hash,
        s.profile_sealed,
        now_ms,
    )
}

/// Replaces a student's profile.
///
/// # Errors
/// The store failed.
pub async fn set_profile(
    tx: &mut Tx<'_>,
    id: String,
    profile_sealed: Vec<u8>,
    now_ms: i64,
) -> Result<(), StoreError> {
    execute!(tx, SET_PROFILE, id, profile_sealed, now_ms).and_then(super::db::one_row)
}
