//! For load balancers: is the process there, and can it do its work?

use axum::extract::State;
use axum::http::StatusCode;
use store::Db;

use crate::web::problem::Problem;

/// Says that the process is there.
#[utoipa::path(
    get, path = "/healthz", tag = "Monitoring", operation_id = "isAlive",
    responses((status = 204, description = "It is.")),
)]
pub async fn alive() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// Says whether it can do its work.
#[utoipa::path(
    get, path = "/readyz", tag = "Monitoring", operation_id = "isReady",
    responses(
        (status = 204, description = "The store answers."),
        (status = 503, description = "`SERVICE_UNAVAILABLE`: it does not. Try again after `Retry-After` seconds."),
    ),
)]
pub async fn ready(State(db): State<Db>) -> Result<StatusCode, Problem> {
    db.ping().await?;
    Ok(StatusCode::NO_CONTENT)
}
