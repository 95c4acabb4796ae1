//! Where students stand, and the history of how they came there.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    SAVE = "INSERT INTO enrolments (student_id, subject, path_id, grade, updated_at) VALUES ($1, $2, $3, $4, $5) \
            ON CONFLICT (student_id, subject) DO UPDATE SET path_id = excluded.path_id, grade = excluded.grade, \
            updated_at = excluded.updated_at";
    OF_STUDENT = "SELECT id, outcome, placement_sealed, created_at FROM placements WHERE student_id = $1 \
                  ORDER BY created_at DESC, id DESC LIMIT 200";
    DELETE = "DELETE FROM enrolments WHERE student_id = $1";
    DELETE_PLACEMENTS = "DELETE FROM placements WHERE student_id = $1";
    INSERT_PLACEMENT = "INSERT INTO placements (id, student_id, subject, outcome, placement_sealed, created_at) \
                        VALUES ($1, $2, $3, $4, $5, $6)";
}

/// A placement to be kept in the history.
pub struct NewPlacement {
    /// Its id.
    pub id: String,
    /// Who was placed.
    pub student_id: String,
    /// In which subject.
    pub subject: String,
    /// `placed` or `suggested`.
    pub outcome: &'static str,
    /// The placement, sealed.
    pub placement_sealed: Vec<u8>,
    /// Milliseconds since 1970.
    pub created_at: i64,
}

/// A placement of the history.
#[derive(sqlx::FromRow)]
pub struct PastPlacement {
    /// Its id.
    pub id: String,
    /// `placed` or `suggested`.
    pub outcome: String,
    /// The placement, sealed.
    pub placement_sealed: Vec<u8>,
    /// Milliseconds since 1970.
    pub created_at: i64,
}

/// Puts a student into a path at a grade.
///
/// # Errors
/// The store failed.
pub async fn save(
    tx: &mut Tx<'_>,
    student_id: String,
    subject: String,
    path_id: String,
    grade: i8,
    now_ms: i64,
) -> Result<(), StoreError> {
    execute!(
        one,
        tx,
        SAVE,
        student_id,
        subject,
        path_id,
        i64::from(grade),
        now_ms
    )
}

/// Keeps a placement in the history.
///
/// # Errors
/// The store failed.
pub async fn insert_placement(tx: &mut Tx<'_>, placement: NewPlacement) -> Result<(), StoreError> {
    let p = placement;
    execute!(
        one,
        tx,
        INSERT_PLACEMENT,
        p.id,
        p.student_id,
        p.subject,
        p.outcome,
        p.placement_sealed,
        p.created_at,
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

/// Removes all that is known of where a student stands and stood.
///
/// # Errors
/// The store failed.
pub async fn erase(tx: &mut Tx<'_>, student_id: String) -> Result<(), StoreError> {
    execute!(any, tx, DELETE, student_id.clone())?;
    execute!(any, tx, DELETE_PLACEMENTS, student_id).map(drop)
}
