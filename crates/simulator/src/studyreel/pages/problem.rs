//! The error page.

use askama::Template;
use axum::{extract::OriginalUri, http::StatusCode, response::Response};

use crate::web::page;

#[derive(Template)]
#[template(path = "studyreel/error.html")]
struct ProblemPage<'a> {
    why: &'a str,
}

pub(super) fn problem(status: StatusCode, why: &str) -> Response {
    page(status, &ProblemPage { why })
}

/// The answer for unknown addresses.
pub(crate) async fn unknown(uri: OriginalUri) -> Response {
    let why = format!("There is no page at {}", uri.path());
    problem(StatusCode::NOT_FOUND, &why)
}
