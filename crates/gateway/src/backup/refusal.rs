//! What callers and users get to know if there is no backup.

use axum::http::StatusCode;

use super::error::BackupError;
use crate::web::language::Language;
use crate::web::problem::Problem;
use crate::web::texts::{Text, portal_backup as texts};

/// Status, code and words of an error. They mention the server's log if it has more.
pub(crate) fn refusal(error: &BackupError) -> (Problem, Text) {
    let (status, code, says) = match error {
        BackupError::Server => (StatusCode::CONFLICT, "BACKUP_ELSEWHERE", texts::ELSEWHERE),
        BackupError::UnderWay(_) => (StatusCode::CONFLICT, "BACKUP_UNDER_WAY", texts::UNDER_WAY),
        _ => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "BACKUP_FAILED",
            texts::FAILED,
        ),
    };
    let problem = Problem::new(status, code, says.to(Language::English));
    (problem.caused_by(error), says)
}
