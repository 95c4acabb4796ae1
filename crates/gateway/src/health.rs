//! For load balancers: is the process there, and can it do its work?

use axum::extract::State;
use axum::http::StatusCode;
use store::Db;

use crate::web::problem::Problem;

/// `GET /healthz`.
pub async fn alive() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// `GET /readyz`: the store answers.
pub async fn ready(State(db): State<Db>) -> Result<StatusCode, Problem> {
    db.ping().await?;
    Ok(StatusCode::NO_CONTENT)
}
