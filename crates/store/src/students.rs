//! Students of StudyReel, one account for each subject of an issuer.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

macro_rules! columns {
    () => {
        "id, tool_id, issuer, external_id, profile_sealed, status, created_at, updated_at, last_launch_at, user_id, \
         provisioned_at"
    };
}

/// Every filter, each in force where its value is given.
macro_rules! filtered {
    () => {
        " FROM students WHERE tool_id = $1 AND status <> 'erased' AND id > $2 \
         AND (CAST($3 AS TEXT) IS NULL OR issuer = $3) AND (CAST($4 AS TEXT) IS NULL OR status = $4) \
         AND (CAST($5 AS TEXT) IS NULL OR external_id = $5) AND (CAST($6 AS BIGINT) IS NULL OR last_launch_at >= $6) \
         AND (CAST($7 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM enrolments WHERE enrolments.student_id = students.id \
         AND enrolments.path_id = $7 AND (CAST($8 AS BIGINT) IS NULL OR enrolments.grade = $8))) \
         AND (CAST($9 AS BYTEA) IS NULL OR subject_hash = $9)"
    };
}

statements! {
    // Creates the account or takes hold of it: either way its row is ours until the end of the transaction, so that
    // launches of one student at the same time go one after the other.
    UPSERT = concat!(
        "INSERT INTO students (id, tool_id, issuer, subject_hash, profile_sealed, status, created_at, updated_at, \
         last_launch_at, user_id) VALUES ($1, $2, $3, $4, $5, 'active', $6, $6, $6, $7) \
         ON CONFLICT (tool_id, issuer, subject_hash) DO UPDATE SET last_launch_at = excluded.last_launch_at \
         RETURNING ", columns!());
    PAGE = concat!("SELECT ", columns!(), filtered!(), " ORDER BY id LIMIT $10");
    // These two find at most a few by an index.
    OF_EXTERNAL_ID = concat!("SELECT ", columns!(), filtered!(), " AND external_id = $5 ORDER BY id LIMIT $10");
    OF_SUBJECT = concat!("SELECT ", columns!(), filtered!(), " AND issuer = $3 AND subject_hash = $9 ORDER BY id LIMIT $10");
    // From one issuer to the next by the index, however many students each has.
    ISSUERS = "WITH RECURSIVE found (issuer) AS (SELECT MIN(issuer) FROM students WHERE tool_id = $1 UNION ALL \
               SELECT (SELECT MIN(issuer) FROM students WHERE tool_id = $1 AND issuer > found.issuer) FROM found \
               WHERE found.issuer IS NOT NULL) SELECT issuer FROM found WHERE issuer IS NOT NULL";
    BY_ID = concat!("SELECT ", columns!(), " FROM students WHERE tool_id = $1 AND id = $2 AND status <> 'erased'");
    HOLD = concat!(
        "UPDATE students SET updated_at = $3 WHERE tool_id = $1 AND id = $2 AND status <> 'erased' \
         RETURNING ", columns!());
    CHANGE = "UPDATE students SET external_id = $2, status = $3, profile_sealed = $4, user_id = $5, provisioned_at = $6 \
              WHERE id = $1";
    // A launch that comes in between holds the row and moves the time; then it stays.
    FORGET = "DELETE FROM students WHERE last_launch_at < $2 AND id IN (SELECT id FROM students WHERE tool_id = $1 \
              AND status = 'active' AND last_launch_at < $2 LIMIT 1000)";
    OTHERS_NAMED = "SELECT COUNT(*) FROM students WHERE tool_id = $1 AND id <> $2 AND (id = $3 OR user_id = $3)";
    SET_PROFILE = "UPDATE students SET profile_sealed = $2, updated_at = $3 WHERE id = $1";
}

/// The status of a student who may sign in.
pub const ACTIVE: &str = "active";
/// The status of one who may not, until somebody says otherwise.
pub const DISABLED: &str = "disabled";
/// The status of one of whom nothing is left.
pub const ERASED: &str = "erased";

/// A student's account.
#[derive(Clone, sqlx::FromRow)]
pub struct StudentRow {
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
    /// The `userID` that the platform was told; `None` where it was told none yet.
    pub user_id: Option<String>,
    /// When the application answered the provisioning hook, in milliseconds since 1970.
    pub provisioned_at: Option<i64>,
}

impl StudentRow {
    /// Whether the provisioning hook, where there is one, is to ask the application about them.
    pub fn needs_provisioning(&self) -> bool {
        self.provisioned_at.is_none() && self.external_id.is_none()
    }

    /// The `userID` to tell the platform: what it was told before, else the application's own id, else ours. Settled
    /// once it was asked for, since the platform expects the same on every launch; true where that is now.
    pub fn tell(&mut self) -> (String, bool) {
        if let Some(told) = &self.user_id {
            return (told.clone(), false);
        }
        let id = self.external_id.as_ref().unwrap_or(&self.id).clone();
        self.user_id = Some(id.clone());
        (id, true)
    }
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
    /// What the platform is told as `userID` if they are new and that is settled.
    pub user_id: Option<String>,
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
) -> Result<StudentRow, StoreError> {
    let s = student;
    fetch!(
        one,
        tx,
        StudentRow,
        UPSERT,
        s.id,
        s.tool_id,
        s.issuer,
        s.subject_hash,
        s.profile_sealed,
        now_ms,
        s.user_id,
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
    execute!(one, tx, SET_PROFILE, id, profile_sealed, now_ms)
}

/// Which students are asked for.
#[derive(Clone, Debug, Default)]
pub struct StudentFilter {
    /// Only those after this id.
    pub after: String,
    /// Of this issuer.
    pub issuer: Option<String>,
    /// Of this status.
    pub status: Option<String>,
    /// With this id in the application.
    pub external_id: Option<String>,
    /// Launched at this time or later, in milliseconds since 1970.
    pub launched_since: Option<i64>,
    /// Enrolled in this path.
    pub path_id: Option<String>,
    /// At this grade of that path.
    pub grade: Option<i64>,
    /// Of this subject of the issuer, by its keyed hash.
    pub subject_hash: Option<Vec<u8>>,
    /// At most so many.
    pub limit: i64,
}

/// Students of a tool by id, one page of them; erased ones are none.
///
/// # Errors
/// The store failed.
pub async fn page(
    tx: &mut Tx<'_>,
    tool_id: String,
    filter: StudentFilter,
) -> Result<Vec<StudentRow>, StoreError> {
    let f = filter;
    macro_rules! found {
        ($statement:ident) => {
            fetch!(
                all,
                tx,
                StudentRow,
                $statement,
                tool_id,
                f.after,
                f.issuer,
                f.status,
                f.external_id,
                f.launched_since,
                f.path_id,
                f.grade,
                f.subject_hash,
                f.limit,
            )
        };
    }
    match (&f.external_id, &f.issuer, &f.subject_hash) {
        (_, Some(_), Some(_)) => found!(OF_SUBJECT),
        (Some(_), ..) => found!(OF_EXTERNAL_ID),
        _ => found!(PAGE),
    }
}

/// Every issuer that has sent a student to a tool.
///
/// # Errors
/// The store failed.
pub async fn issuers(tx: &mut Tx<'_>, tool_id: String) -> Result<Vec<String>, StoreError> {
    let found: Vec<(String,)> = fetch!(all, tx, (String,), ISSUERS, tool_id)?;
    Ok(found.into_iter().map(|(issuer,)| issuer).collect())
}

/// One student.
///
/// # Errors
/// The store failed.
pub async fn by_id(
    tx: &mut Tx<'_>,
    tool_id: String,
    id: String,
) -> Result<Option<StudentRow>, StoreError> {
    fetch!(optional, tx, StudentRow, BY_ID, tool_id, id)
}

/// Whether the platform knows, or may come to know, another student of the tool by this id.
///
/// # Errors
/// The store failed.
pub async fn is_anothers(
    tx: &mut Tx<'_>,
    student: &StudentRow,
    user_id: &str,
) -> Result<bool, StoreError> {
    let (tool_id, id) = (student.tool_id.as_str(), student.id.as_str());
    let (others,) = fetch!(one, tx, (i64,), OTHERS_NAMED, tool_id, id, user_id)?;
    Ok(others > 0)
}

/// One student, whose row is held until the end of the transaction.
///
/// # Errors
/// The store failed.
pub async fn hold(
    tx: &mut Tx<'_>,
    tool_id: String,
    id: String,
    now_ms: i64,
) -> Result<Option<StudentRow>, StoreError> {
    fetch!(optional, tx, StudentRow, HOLD, tool_id, id, now_ms)
}

/// Writes down what may change in a student: `external_id`, `status`, `profile_sealed`, `user_id`, `provisioned_at`.
///
/// # Errors
/// The store failed; [`StoreError::is_taken`] where another student has that external id.
pub async fn change(tx: &mut Tx<'_>, student: StudentRow) -> Result<(), StoreError> {
    let s = student;
    execute!(
        one,
        tx,
        CHANGE,
        s.id,
        s.external_id,
        s.status,
        s.profile_sealed,
        s.user_id,
        s.provisioned_at,
    )
}

/// Removes up to 1,000 active students who were not launched since, with all that hangs on them; gives how many. Nothing
/// keeps them from coming back.
///
/// # Errors
/// The store failed.
pub async fn forget(tx: &mut Tx<'_>, tool_id: String, since_ms: i64) -> Result<u64, StoreError> {
    execute!(any, tx, FORGET, tool_id, since_ms)
}
