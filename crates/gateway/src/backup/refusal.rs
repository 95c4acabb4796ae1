//! What callers and users get to know if there is no backup.

use axum::http::StatusCode;

use super::error::BackupError;
use crate::web::api_rule::ApiRule;
use crate::web::language::Language;
use crate::web::problem::Problem;
use crate::web::texts::{Text, portal_backup as texts};

const ELSEWHERE: ApiRule = ApiRule::new(
    "BACKUP_ELSEWHERE",
    StatusCode::CONFLICT,
    texts::ELSEWHERE.to(Language::English),
);
const UNDER_WAY: ApiRule = ApiRule::new(
    "BACKUP_UNDER_WAY",
    StatusCode::CONFLICT,
    texts::UNDER_WAY.to(Language::English),
);
const FAILED: ApiRule = ApiRule::new(
    "BACKUP_FAILED",
    StatusCode::INTERNAL_SERVER_ERROR,
    texts::FAILED.to(Language::English),
);

/// An error for programs, and in words for people. They mention the server's log if it has more.
pub(crate) fn refusal(error: &BackupError) -> (Problem, Text) {
    let (rule, says) = match error {
        BackupError::Server => (ELSEWHERE, texts::ELSEWHERE),
        BackupError::UnderWay(_) => (UNDER_WAY, texts::UNDER_WAY),
        _ => (FAILED, texts::FAILED),
    };
    (rule.problem().caused_by(error), says)
}
