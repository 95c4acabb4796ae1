//! Where students are placed, and the history of their placements.

use std::sync::LazyLock;

use crate::engine::{StoreError, Tx, execute, fetch, for_rows, insert_rows, statements};

statements! {
    SAVE = "INSERT INTO enrolments (tool_id, student_id, subject, path_id, grade, updated_at) \
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (student_id, subject) DO UPDATE SET path_id = excluded.path_id, grade = excluded.grade, \
            updated_at = excluded.updated_at";
    OF_STUDENT = "SELECT id, outcome, placement_sealed, created_at FROM placements WHERE student_id = $1 \
                  ORDER BY created_at DESC, id DESC LIMIT 200";
    DELETE = "DELETE FROM enrolments WHERE student_id = $1";
    DELETE_PLACEMENTS = "DELETE FROM placements WHERE student_id = $1";
    INSERT_PLACEMENT = "INSERT INTO placements (id, student_id, subject, outcome, placement_sealed, created_at) \
                        VALUES ($1, $2, $3, $4, $5, $6)";
}

/// Rows per statement: few tools have more subjects.
const TOGETHER: usize = 8;

/// [`SAVE`] for several rows.
static SAVE_ROWS: LazyLock<Vec<String>> = LazyLock::new(|| for_rows(SAVE, TOGETHER));

/// [`INSERT_PLACEMENT`] for several rows.
static INSERT_PLACEMENTS: LazyLock<Vec<String>> =
    LazyLock::new(|| for_rows(INSERT_PLACEMENT, TOGETHER));

/// A student's place in one subject.
pub struct NewEnrolment {
    /// The tool it belongs to.
    pub tool_id: String,
    /// Who is enrolled.
    pub student_id: String,
    /// The subject. A student has one row per subject.
    pub subject: String,
    /// The path the student is in.
    pub path_id: String,
    /// The grade, -1 to 12.
    pub grade: i8,
    /// Milliseconds since 1970.
    pub updated_at: i64,
}

/// A placement to add to the history.
pub struct NewPlacement {
    /// Our id; later ones sort higher.
    pub id: String,
    /// Who was placed.
    pub student_id: String,
    /// In which subject.
    pub subject: String,
    /// `placed` or `suggested`.
    pub outcome: &'static str,
    /// The placement's JSON, sealed.
    pub placement_sealed: Vec<u8>,
    /// Milliseconds since 1970.
    pub created_at: i64,
}

/// A placement from the history.
#[derive(sqlx::FromRow)]
pub struct PastPlacement {
    /// Our id; later ones sort higher.
    pub id: String,
    /// `placed` or `suggested`.
    pub outcome: String,
    /// The placement's JSON, sealed.
    pub placement_sealed: Vec<u8>,
    /// Milliseconds since 1970.
    pub created_at: i64,
}

/// Enrols a student in paths, replacing those they had in the same subjects.
///
/// # Errors
/// The store failed.
pub async fn save(tx: &mut Tx<'_>, rows: &[NewEnrolment]) -> Result<(), StoreError> {
    insert_rows!(
        tx,
        SAVE_ROWS,
        rows,
        |row| row.tool_id.as_str(),
        row.student_id.as_str(),
        row.subject.as_str(),
        row.path_id.as_str(),
        i64::from(row.grade),
        row.updated_at
    )
}

/// Adds placements to the history.
///
/// # Errors
/// The store failed.
pub async fn insert_placements(tx: &mut Tx<'_>, rows: &[NewPlacement]) -> Result<(), StoreError> {
    insert_rows!(
        tx,
        INSERT_PLACEMENTS,
        rows,
        |row| row.id.as_str(),
        row.student_id.as_str(),
        row.subject.as_str(),
        row.outcome,
        row.placement_sealed.as_slice(),
        row.created_at
    )
}

/// A student's latest 200 placements, newest first.
///
/// # Errors
/// The store failed.
pub async fn placements_of(
    tx: &mut Tx<'_>,
    student_id: String,
) -> Result<Vec<PastPlacement>, StoreError> {
    fetch!(all, tx, PastPlacement, OF_STUDENT, student_id)
}

/// Removes everything known about a student's placements, past and present.
///
/// # Errors
/// The store failed.
pub async fn erase(tx: &mut Tx<'_>, student_id: String) -> Result<(), StoreError> {
    execute!(any, tx, DELETE, student_id.clone())?;
    execute!(any, tx, DELETE_PLACEMENTS, student_id).map(drop)
}
