//! `GET /api/idtoken`: what the application reads of a launch (ltiaas-api.md §2.2).

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};

use super::answer::IdToken;
use super::{Launches, Ltiks, WithLtik};
use crate::web::json::wants_raw;
use crate::web::problem::Problem;

/// `GET /api/idtoken`, `?raw=true` for the claims as they came.
pub async fn get(
    State(launches): State<Launches>,
    State(ltiks): State<Ltiks>,
    WithLtik {
        tool,
        launch,
        platform,
    }: WithLtik,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let no_store = [(CACHE_CONTROL, "no-store")];
    if wants_raw(query.as_deref()) {
        let claims = launches.raw(&launch, platform.as_deref())?;
        return Ok((no_store, Json(claims)).into_response());
    }
    let facts = launches.facts(&launch, platform.as_deref())?;
    let service_key = || ltiks.mint_service_key(&facts.service_context());
    let answer = IdToken::new(&facts, tool.settings.services, service_key);
    Ok((no_store, Json(answer.map_err(Problem::internal)?)).into_response())
}
