//! StudyReel's students: one account for each issuer and subject.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

macro_rules! columns {
    () => {
        "id, tool_id, issuer, external_id, profile_sealed, status, created_at, updated_at, last_launch_at, user_id, \
         provisioned_at"
    };
}

/// The columns of a list, from a table where students are called `s`.
macro_rules! listed {
    () => {
        "SELECT s.id, s.tool_id, s.issuer, s.external_id, s.profile_sealed, s.status, s.created_at, s.updated_at, \
         s.last_launch_at, s.user_id, s.provisioned_at FROM "
    };
}

/// The remaining filters, applied to what an index found; each applies only if it has a value. They
/// can't use an index because of the `OR`.
macro_rules! rest {
    () => {
        " AND s.status <> 'erased' AND (CAST($2 AS TEXT) IS NULL OR s.status = $2) \
         AND (CAST($5 AS TEXT) IS NULL OR s.issuer = $5) AND (CAST($6 AS TEXT) IS NULL OR s.external_id = $6) \
         AND (CAST($7 AS BIGINT) IS NULL OR s.last_launch_at >= $7) \
         AND (CAST($10 AS BYTEA) IS NULL OR s.subject_hash = $10) AND (CAST($11 AS BIGINT) IS NULL OR s.launch_day >= $11)"
    };
}

/// The same, with the filters for enrolments. It counts, because PostgreSQL might scan a whole path
/// for an `EXISTS`.
macro_rules! rest_and_path {
    () => {
        concat!(
            rest!(),
            " AND (CAST($8 AS TEXT) IS NULL OR 0 < (SELECT COUNT(*) FROM enrolments e WHERE e.student_id = s.id \
             AND e.path_id = $8 AND (CAST($9 AS BIGINT) IS NULL OR e.grade = $9)))"
        )
    };
}

statements! {
    // Creates the account or updates it without changes. Either way its row is locked until the
    // transaction ends, so that simultaneous launches of one student run one after the other.
    UPSERT = concat!(
        "INSERT INTO students (id, tool_id, issuer, subject_hash, profile_sealed, status, created_at, updated_at, \
         last_launch_at, user_id, launch_day) VALUES ($1, $2, $3, $4, $5, 'active', $6, $6, $6, $7, $8) \
         ON CONFLICT (tool_id, issuer, subject_hash) DO UPDATE SET last_launch_at = excluded.last_launch_at, \
         launch_day = excluded.launch_day RETURNING ", columns!());
    // One statement per filter, in the order of its index; all take the same parameters.
    OF_STATUS = concat!(listed!(), "students s WHERE s.tool_id = $1 AND s.status = $2 AND s.id > $3", rest_and_path!(),
                        " ORDER BY s.id LIMIT $4");
    // Tools rarely share an issuer. The '' rules out the index on both, because its order is
    // different.
    OF_ISSUER = concat!(listed!(), "students s WHERE s.tool_id || '' = $1 AND s.issuer = $5 AND s.id > $3", rest_and_path!(),
                        " ORDER BY s.id LIMIT $4");
    // At most one row; the '' rules out the indexes for lists.
    OF_EXTERNAL_ID = concat!(listed!(), "students s WHERE s.tool_id = $1 AND s.external_id = $6 AND s.id || '' > $3",
                             rest_and_path!(), " LIMIT $4");
    OF_SUBJECT = concat!(listed!(), "students s WHERE s.tool_id = $1 AND s.issuer = $5 AND s.subject_hash = $10 \
                         AND s.id || '' > $3", rest_and_path!(), " LIMIT $4");
    LAUNCHED_SINCE = concat!(listed!(), "students s WHERE s.tool_id = $1 AND s.status = $2 AND (s.launch_day, s.id) > ($11, $3)",
                             rest_and_path!(), " ORDER BY s.launch_day, s.id LIMIT $4");
    // If a path changed its subject, a student may be in it twice. The '' keeps both databases from
    // starting with the students, which have the same order.
    IN_PATH = concat!(listed!(), "enrolments e JOIN students s ON s.id = e.student_id || '' \
                      WHERE e.tool_id = $1 AND e.path_id = $8 AND e.student_id > $3 AND 0 = (SELECT COUNT(*) FROM enrolments d \
                      WHERE d.student_id = e.student_id AND d.path_id = e.path_id AND d.subject < e.subject) \
                      AND (CAST($9 AS BIGINT) IS NULL OR e.grade = $9)", rest!(),
                      " ORDER BY e.student_id LIMIT $4");
    AT_GRADE = concat!(listed!(), "enrolments e JOIN students s ON s.id = e.student_id || '' \
                       WHERE e.tool_id = $1 AND e.path_id = $8 AND e.grade = $9 AND e.student_id > $3 AND 0 = (SELECT COUNT(*) \
                       FROM enrolments d WHERE d.student_id = e.student_id AND d.path_id = e.path_id AND d.grade = e.grade \
                       AND d.subject < e.subject)", rest!(), " ORDER BY e.student_id LIMIT $4");
    // Jumps from one issuer to the next in the index, however many students each has.
    ISSUERS = "WITH RECURSIVE found (issuer) AS (SELECT MIN(issuer) FROM students WHERE tool_id = $1 UNION ALL \
               SELECT (SELECT MIN(issuer) FROM students WHERE tool_id = $1 AND issuer > found.issuer) FROM found \
               WHERE found.issuer IS NOT NULL) SELECT issuer FROM found WHERE issuer IS NOT NULL";
    BY_ID = concat!("SELECT ", columns!(), " FROM students WHERE tool_id = $1 AND id = $2 AND status <> 'erased'");
    HOLD = concat!(
        "UPDATE students SET updated_at = $3 WHERE tool_id = $1 AND id = $2 AND status <> 'erased' \
         RETURNING ", columns!());
    CHANGE = "UPDATE students SET external_id = $2, status = $3, profile_sealed = $4, user_id = $5, provisioned_at = $6 \
              WHERE id = $1";
    // A launch that comes in between locks the row and moves the day; then the row stays.
    FORGET = "DELETE FROM students WHERE launch_day < $2 AND id IN (SELECT id FROM students WHERE tool_id = $1 \
              AND status = 'active' AND launch_day < $2 ORDER BY launch_day LIMIT $3)";
    OTHERS_NAMED = "SELECT COUNT(*) FROM students WHERE tool_id = $1 AND id <> $2 AND (id = $3 OR user_id = $3)";
    OF_HASH = concat!("SELECT ", columns!(), " FROM students WHERE tool_id = $1 AND issuer = $2 AND subject_hash = $3");
    SET_SUBJECT = "UPDATE students SET subject_hash = $2 WHERE id = $1";
    REMOVE = "DELETE FROM students WHERE tool_id = $1 AND id = $2";
    STATUS = "SELECT status FROM students WHERE tool_id = $1 AND id = $2";
    SET_PROFILE = "UPDATE students SET profile_sealed = $2, updated_at = $3 WHERE id = $1";
}

/// The status of a student who may sign in.
pub const ACTIVE: &str = "active";
/// The status of a student who may not sign in until reactivated.
pub const DISABLED: &str = "disabled";
/// The unit in which [`StudentRow::last_launch_at`] is indexed.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// The status of a student whose data was erased.
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
    /// Identity and placement, sealed.
    pub profile_sealed: Vec<u8>,
    /// `active`, `disabled` or `erased`.
    pub status: String,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Milliseconds since 1970.
    pub updated_at: i64,
    /// Milliseconds since 1970.
    pub last_launch_at: i64,
    /// The `userID` that the platform knows; `None` if it doesn't know one yet.
    pub user_id: Option<String>,
    /// When the application answered the provisioning hook, in milliseconds since 1970.
    pub provisioned_at: Option<i64>,
}

/// A student who may be new.
pub struct NewStudent {
    /// The id to use if they are new.
    pub id: String,
    /// The tool they use.
    pub tool_id: String,
    /// The issuer that vouches for them.
    pub issuer: String,
    /// Keyed hash of their subject.
    pub subject_hash: Vec<u8>,
    /// The profile to use if they are new, sealed.
    pub profile_sealed: Vec<u8>,
    /// The `userID` for the platform, if they are new and it is already decided.
    pub user_id: Option<String>,
}

/// Creates a student or finds the one with that issuer and subject, and locks the row. The student
/// is new if the returned id is the given one.
///
/// # Errors
/// The store failed.
pub async fn create_or_find(
    tx: &mut Tx<'_>,
    student: NewStudent,
    now_ms: i64,
) -> Result<StudentRow, StoreError> {
    fetch!(
        one,
        tx,
        StudentRow,
        UPSERT,
        student.id,
        student.tool_id,
        student.issuer,
        student.subject_hash,
        student.profile_sealed,
        now_ms,
        student.user_id,
        now_ms / DAY_MS,
    )
}

/// The student with this subject, erased or not.
///
/// # Errors
/// The store failed.
pub async fn of_hash(
    tx: &mut Tx<'_>,
    tool_id: String,
    issuer: String,
    subject_hash: Vec<u8>,
) -> Result<Option<StudentRow>, StoreError> {
    fetch!(
        optional,
        tx,
        StudentRow,
        OF_HASH,
        tool_id,
        issuer,
        subject_hash
    )
}

/// Changes a student's subject, given by its keyed hash.
///
/// # Errors
/// The store failed; [`StoreError::is_taken`] if another student has it.
pub async fn set_subject(
    tx: &mut Tx<'_>,
    id: String,
    subject_hash: Vec<u8>,
) -> Result<(), StoreError> {
    execute!(one, tx, SET_SUBJECT, id, subject_hash)
}

/// Removes a student with their placements and login links, so that the subject is free again.
///
/// # Errors
/// The store failed.
pub async fn remove(tx: &mut Tx<'_>, tool_id: String, id: String) -> Result<(), StoreError> {
    execute!(one, tx, REMOVE, tool_id, id)
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

/// Which students to return.
#[derive(Clone, Debug, Default)]
pub struct StudentFilter {
    /// Only those after this position in the list.
    pub after: StudentCursor,
    /// Those reported by this issuer, without a trailing slash.
    pub issuer: Option<String>,
    /// Those with this `status`, such as `active`.
    pub status: Option<String>,
    /// The one with this id in the application.
    pub external_id: Option<String>,
    /// Those who launched at this time or later, in milliseconds since 1970.
    pub launched_since: Option<i64>,
    /// Those enrolled in this path.
    pub path_id: Option<String>,
    /// Those at this grade of that path.
    pub grade: Option<i64>,
    /// Those with this subject of the issuer, given by its keyed hash.
    pub subject_hash: Option<Vec<u8>>,
    /// The most to return.
    pub limit: i64,
}

/// A position in a list of students.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StudentCursor {
    /// The day of the last launch, in lists ordered by launch.
    day: Option<i64>,
    /// The student's id.
    id: String,
}

impl StudentCursor {
    /// Parses what [`StudentFilter::place_of`] returned. Any other text is a valid position, too.
    pub fn parse(text: &str) -> Self {
        let place = text.split_once('.').and_then(|(day, id)| {
            let day = Some(day.parse().ok()?);
            Some(Self { day, id: id.into() })
        });
        place.unwrap_or_else(|| Self {
            day: None,
            id: text.to_owned(),
        })
    }
}

impl std::fmt::Display for StudentCursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.day {
            Some(day) => write!(f, "{day}.{}", self.id),
            None => f.write_str(&self.id),
        }
    }
}

/// The statement for the most selective of a filter's conditions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Narrowest {
    Subject,
    ExternalId,
    Grade,
    Path,
    Launched,
    Issuer,
    Status,
}

impl StudentFilter {
    /// A student's position in the list.
    pub fn place_of(&self, student: &StudentRow) -> StudentCursor {
        let is_by_day = self.narrowest() == Narrowest::Launched;
        StudentCursor {
            day: is_by_day.then_some(student.last_launch_at.div_euclid(DAY_MS)),
            id: student.id.clone(),
        }
    }

    fn narrowest(&self) -> Narrowest {
        let has_status = self.status.as_deref();
        if self.subject_hash.is_some() && self.issuer.is_some() {
            Narrowest::Subject
        } else if self.external_id.is_some() {
            Narrowest::ExternalId
        } else if has_status.is_some_and(|status| status != ACTIVE) {
            Narrowest::Status
        } else if self.path_id.is_some() && self.grade.is_some() {
            Narrowest::Grade
        } else if self.path_id.is_some() {
            Narrowest::Path
        } else if self.launched_since.is_some() {
            Narrowest::Launched
        } else if self.issuer.is_some() {
            Narrowest::Issuer
        } else {
            Narrowest::Status
        }
    }
}

/// A page of a tool's students, in order of their ids, or of the day of their last launch if
/// `launched_since` is the most selective condition. Erased students are excluded.
///
/// # Errors
/// The store failed.
pub async fn page(
    tx: &mut Tx<'_>,
    tool_id: &str,
    filter: StudentFilter,
) -> Result<Vec<StudentRow>, StoreError> {
    let narrowest = filter.narrowest();
    let asked = filter.status.as_deref();
    // Indexes that begin with the status are read once per status.
    let statuses = match (narrowest, asked) {
        (Narrowest::Status | Narrowest::Launched, None) => vec![Some(ACTIVE), Some(DISABLED)],
        _ => vec![asked],
    };
    let mut found = Vec::new();
    for status in statuses {
        found.extend(of_one_status(tx, tool_id, &filter, narrowest, status).await?);
    }
    found.sort_by_cached_key(|student| {
        let place = filter.place_of(student);
        (place.day, place.id)
    });
    found.truncate(usize::try_from(filter.limit).unwrap_or(0));
    Ok(found)
}

async fn of_one_status(
    tx: &mut Tx<'_>,
    tool_id: &str,
    filter: &StudentFilter,
    narrowest: Narrowest,
    status: Option<&str>,
) -> Result<Vec<StudentRow>, StoreError> {
    let since_day = filter.launched_since.map(|since| since.div_euclid(DAY_MS));
    let day = filter.after.day.max(since_day);
    let statement = match narrowest {
        Narrowest::Subject => OF_SUBJECT,
        Narrowest::ExternalId => OF_EXTERNAL_ID,
        Narrowest::Grade => AT_GRADE,
        Narrowest::Path => IN_PATH,
        Narrowest::Launched => LAUNCHED_SINCE,
        Narrowest::Issuer => OF_ISSUER,
        Narrowest::Status => OF_STATUS,
    };
    fetch!(
        all,
        tx,
        StudentRow,
        statement,
        tool_id,
        status,
        filter.after.id.as_str(),
        filter.limit,
        filter.issuer.as_deref(),
        filter.external_id.as_deref(),
        filter.launched_since,
        filter.path_id.as_deref(),
        filter.grade,
        filter.subject_hash.as_deref(),
        day,
    )
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

/// Whether this id is, or may become, the platform's id for another student of the tool.
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

/// The status of a student. Returns `None` if there is no such student.
///
/// # Errors
/// The store failed.
pub async fn status(
    tx: &mut Tx<'_>,
    tool_id: String,
    id: String,
) -> Result<Option<String>, StoreError> {
    let found = fetch!(optional, tx, (String,), STATUS, tool_id, id)?;
    Ok(found.map(|(status,)| status))
}

/// One student, whose row is locked until the transaction ends.
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

/// Updates the mutable fields of a student: `external_id`, `status`, `profile_sealed`, `user_id`,
/// `provisioned_at`.
///
/// # Errors
/// The store failed; [`StoreError::is_taken`] if another student has that external id.
pub async fn change(tx: &mut Tx<'_>, student: StudentRow) -> Result<(), StoreError> {
    execute!(
        one,
        tx,
        CHANGE,
        student.id,
        student.external_id,
        student.status,
        student.profile_sealed,
        student.user_id,
        student.provisioned_at,
    )
}

/// Removes up to `most` active students whose last launch was on a day before `since_ms`, with all
/// their data. Returns how many. They may come back.
///
/// # Errors
/// The store failed.
pub async fn forget(
    tx: &mut Tx<'_>,
    tool_id: &str,
    since_ms: i64,
    most: i64,
) -> Result<u64, StoreError> {
    execute!(any, tx, FORGET, tool_id, since_ms.div_euclid(DAY_MS), most)
}
