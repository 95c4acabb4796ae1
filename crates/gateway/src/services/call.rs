//! One request to a platform's service.

use axum::http::Method;
use url::Url;

/// One request to a service.
pub(crate) struct Call<'a> {
    pub method: Method,
    pub url: &'a Url,
    /// The scope it needs.
    pub scope: &'a str,
    pub accept: &'static str,
    /// A body and its media type.
    pub body: Option<(&'static str, Vec<u8>)>,
}

impl<'a> Call<'a> {
    /// A GET of `url`, without a body.
    pub(crate) const fn get(url: &'a Url, scope: &'a str, accept: &'static str) -> Self {
        Self {
            method: Method::GET,
            url,
            scope,
            accept,
            body: None,
        }
    }
}
