//! The page of what was said between the LMS and the tools.

use std::sync::Arc;

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};

use crate::{
    lms::state::{Exchange, Platform},
    web::page,
};

#[derive(Template)]
#[template(path = "lms/wire.html")]
struct WirePage {
    exchanges: Vec<Exchange>,
}

pub(crate) async fn wire(State(platform): State<Arc<Platform>>) -> Response {
    let exchanges = platform
        .memory()
        .wire
        .kept()
        .iter()
        .rev()
        .cloned()
        .collect();
    page(StatusCode::OK, &WirePage { exchanges })
}
