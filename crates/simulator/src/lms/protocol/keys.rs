//! The key set: the platform's, or that of one tool.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::lms::state::Platform;

/// Handles GET of the key set: the platform's, or that of one tool.
pub(crate) async fn jwks(
    State(platform): State<Arc<Platform>>,
    passport: Option<Path<String>>,
) -> Response {
    let memory = platform.memory();
    let Some(Path(passport)) = passport else {
        return Json(memory.jwks()).into_response();
    };
    match memory.own_keys.get(&passport) {
        Some(key) => Json(json!({ "keys": [key.jwk()] })).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
