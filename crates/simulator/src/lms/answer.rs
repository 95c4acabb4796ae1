//! The two pages that protocol steps answer with: a self-submitting form, and an error page.

use askama::Template;
use axum::{
    extract::OriginalUri,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{Error, web::page};

/// A page that submits hidden fields automatically, with a button for browsers without scripts.
#[derive(Template)]
#[template(path = "post.html")]
pub(crate) struct AutoPost<'a> {
    title: &'a str,
    action: &'a str,
    fields: Vec<(&'a str, String)>,
}

impl<'a> AutoPost<'a> {
    pub(crate) fn response(
        title: &'a str,
        action: &'a str,
        fields: Vec<(&'a str, String)>,
    ) -> Response {
        let mut response = page(
            StatusCode::OK,
            &Self {
                title,
                action,
                fields,
            },
        );
        response.headers_mut().insert(
            header::CACHE_CONTROL,
            header::HeaderValue::from_static("no-store"),
        );
        response
    }
}

/// A page that says what is wrong.
#[derive(Template)]
#[template(path = "lms/error.html")]
pub(crate) struct ErrorPage<'a> {
    why: &'a str,
}

impl<'a> ErrorPage<'a> {
    pub(crate) fn response(status: StatusCode, why: &'a str) -> Response {
        page(status, &ErrorPage { why })
    }
}

/// The answer for unknown addresses.
pub(crate) async fn unknown(uri: OriginalUri) -> Response {
    let why = format!("There is no page at {}", uri.path());
    ErrorPage::response(StatusCode::NOT_FOUND, &why)
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::Unknown { .. } => StatusCode::NOT_FOUND,
            _ => StatusCode::BAD_REQUEST,
        };
        ErrorPage::response(status, &self.to_string())
    }
}
