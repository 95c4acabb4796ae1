//! What callers and users are shown if a backup fails.

use axum::http::StatusCode;

use super::error::BackupError;
use crate::web::language::Language;
use crate::web::problem::Problem;
use crate::web::texts::{Text, portal_backup as texts};

/// Status, code and text for an error. The text mentions the server's log if that has more.
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
