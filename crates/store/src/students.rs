//! Students of StudyReel, one account for each subject of an issuer.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

macro_rules! columns {
    () => {
        "id, tool_id, issuer, external_id, profile_sealed, status, created_at, updated_at, last_launch_at, user_id, \
         provisioned_at"
    };
}

/// What a list reads, from a table where students are called `s`.
macro_rules! listed {
    () => {
        "SELECT s.id, s.tool_id, s.issuer, s.external_id, s.profile_sealed, s.status, s.created_at, s.updated_at, \
         s.last_launch_at, s.user_id, s.provisioned_at FROM "
    };
}

/// The filters that apply to what an index found, each if its value is given. Of no filter's own index: it can't be used
/// through an `OR`.
macro_rules! rest {
    () => {
        " AND s.status <> 'erased' AND (CAST($2 AS TEXT) IS NULL OR s.status = $2) \
         AND (CAST($5 AS TEXT) IS NULL OR s.issuer = $5) AND (CAST($6 AS TEXT) IS NULL OR s.external_id = $6) \
         AND (CAST($7 AS BIGINT) IS NULL OR s.last_launch_at >= $7) \
         AND (CAST($10 AS BYTEA) IS NULL OR s.subject_hash = $10) AND (CAST($11 AS BIGINT) IS NULL OR s.launch_day >= $11)"
    };
}

/// The filters of enrolments among them. Counted, since PostgreSQL may read a whole path for an `EXISTS`.
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
    // Creates the account or takes hold of it: either way its row is ours until the end of the transaction, so that
    // launches of one student at the same time go one after the other.
    UPSERT = concat!(
        "INSERT INTO students (id, tool_id, issuer, subject_hash, profile_sealed, status, created_at, updated_at, \
         last_launch_at, user_id, launch_day) VALUES ($1, $2, $3, $4, $5, 'active', $6, $6, $6, $7, $8) \
         ON CONFLICT (tool_id, issuer, subject_hash) DO UPDATE SET last_launch_at = excluded.last_launch_at, \
         launch_day = excluded.launch_day RETURNING ", columns!());
    // One statement for each filter, in the order of its index; all take the same values.
    OF_STATUS = concat!(listed!(), "students s WHERE s.tool_id = $1 AND s.status = $2 AND s.id > $3", rest_and_path!(),
                        " ORDER BY s.id LIMIT $4");
    // Tools seldom share an issuer; the '' keeps the index of both, which has another order, out of it.
    OF_ISSUER = concat!(listed!(), "students s WHERE s.tool_id || '' = $1 AND s.issuer = $5 AND s.id > $3", rest_and_path!(),
                        " ORDER BY s.id LIMIT $4");
    // One at most; the '' keeps the indexes of lists out of it.
    OF_EXTERNAL_ID = concat!(listed!(), "students s WHERE s.tool_id = $1 AND s.external_id = $6 AND s.id || '' > $3",
                             rest_and_path!(), " LIMIT $4");
    OF_SUBJECT = concat!(listed!(), "students s WHERE s.tool_id = $1 AND s.issuer = $5 AND s.subject_hash = $10 \
                         AND s.id || '' > $3", rest_and_path!(), " LIMIT $4");
    LAUNCHED_SINCE = concat!(listed!(), "students s WHERE s.tool_id = $1 AND s.status = $2 AND (s.launch_day, s.id) > ($11, $3)",
                             rest_and_path!(), " ORDER BY s.launch_day, s.id LIMIT $4");
    // A path that changed its subject may have a student twice. The '' lets no database begin with the students, whose
    // order is the same.
    IN_PATH = concat!(listed!(), "enrolments e JOIN students s ON s.id = e.student_id || '' \
                      WHERE e.tool_id = $1 AND e.path_id = $8 AND e.student_id > $3 AND 0 = (SELECT COUNT(*) FROM enrolments d \
                      WHERE d.student_id = e.student_id AND d.path_id = e.path_id AND d.subject < e.subject) \
                      AND (CAST($9 AS BIGINT) IS NULL OR e.grade = $9)", rest!(),
                      " ORDER BY e.student_id LIMIT $4");
    AT_GRADE = concat!(listed!(), "enrolments e JOIN students s ON s.id = e.student_id || '' \
                       WHERE e.tool_id = $1 AND e.path_id = $8 AND e.grade = $9 AND e.student_id > $3 AND 0 = (SELECT COUNT(*) \
                       FROM enrolments d WHERE d.student_id = e.student_id AND d.path_id = e.path_id AND d.grade = e.grade \
                       AND d.subject < e.subject)", rest!(), " ORDER BY e.student_id LIMIT $4");
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
    // A launch that comes in between holds the row and moves the day; then it stays.
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
/// The status of one who may not, until someone says otherwise.
pub const DISABLED: &str = "disabled";
/// A day of [`StudentRow::last_launch_at`].
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
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
    /// The `userID` that the platform knows; `None` if it knows none yet.
    pub user_id: Option<String>,
    /// When the application answered the provisioning hook, in milliseconds since 1970.
    pub provisioned_at: Option<i64>,
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
    /// What the platform gets as `userID` if they are new and that is settled.
    pub user_id: Option<String>,
}

/// Creates a student or finds the one of that issuer and subject, and holds the row. The student is new if the id
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
        now_ms / DAY_MS,
    )
}

/// The student of a subject, erased or not.
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

/// Gives a student another subject, by its keyed hash.
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

/// Removes a student with placements and login links, so that their subject is free.
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

/// Which students are asked for.
#[derive(Clone, Debug, Default)]
pub struct StudentFilter {
    /// Only those after this place in the list.
    pub after: StudentCursor,
    /// Whom this issuer reported, without a trailing slash.
    pub issuer: Option<String>,
    /// In this state of the column `status`, such as `active`.
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

/// A place in a list of students.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StudentCursor {
    /// The day of the last launch, in lists in the order of launches.
    day: Option<i64>,
    /// The student's id.
    id: String,
}

impl StudentCursor {
    /// Reads what [`StudentFilter::place_of`] was written as; anything else is a place, too.
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

/// The statement that finds students by the narrowest of a filter's conditions.
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
    /// Where a student stands in the list.
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

/// Students of a tool, one page of them, in the order of their ids, or by the day of their last launch if
/// `launched_since` is the narrowest condition; erased ones are none.
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
    // Of the indexes that begin with the status, each is read for itself.
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
    let f = filter;
    let since_day = f.launched_since.map(|since| since.div_euclid(DAY_MS));
    let day = f.after.day.max(since_day);
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
        f.after.id.as_str(),
        f.limit,
        f.issuer.as_deref(),
        f.external_id.as_deref(),
        f.launched_since,
        f.path_id.as_deref(),
        f.grade,
        f.subject_hash.as_deref(),
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

/// The status of a student; `None` if there is no such student.
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
/// The store failed; [`StoreError::is_taken`] if another student has that external id.
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

/// Removes up to `most` active students who were last launched on an earlier day than `since_ms`, with all that hangs on
/// them; gives how many. Nothing keeps them from coming back.
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
