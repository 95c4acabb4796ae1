//! A request in all its details.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use reqwest::{
    Method,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, ORIGIN, REFERER},
};
use url::Url;

use super::form::Form;
use crate::Error;

/// How many redirects a browser follows.
pub(super) const REDIRECT_LIMIT: usize = 10;

/// A request in all its details. [`Browser`](super::Browser)'s short methods build one.
#[derive(Clone, Debug)]
pub struct Request {
    /// Browsers send `GET` and `POST`; others are for tests.
    pub method: Method,
    /// The address.
    pub url: Url,
    /// Headers beside `Cookie`.
    pub headers: HeaderMap,
    /// Empty for a request without a body.
    pub body: Vec<u8>,
    /// The page that causes the request, for `SameSite`, `Origin` and `Referer`; `None` if the
    /// person typed the address.
    pub initiator: Option<Url>,
    /// How many redirects to follow; 0 returns the first answer, whatever it is.
    pub redirects: usize,
    /// How slowly to send the body; `None` sends it at once.
    pub pace: Option<Pace>,
}

/// How a slow client sends a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// The number of pieces.
    pub pieces: usize,
    /// The pause before each piece.
    pub pause: Duration,
}

impl Pace {
    pub(super) fn send(self, body: &[u8]) -> reqwest::Body {
        let piece = body.len().div_ceil(self.pieces.max(1)).max(1);
        let pieces: Vec<Vec<u8>> = body.chunks(piece).map(<[u8]>::to_vec).collect();
        let wait = move |piece| async move {
            tokio::time::sleep(self.pause).await;
            Ok::<_, std::io::Error>(piece)
        };
        reqwest::Body::wrap_stream(stream::iter(pieces).then(wait))
    }
}

impl Request {
    /// A request typed into the address bar. Follows up to ten redirects.
    pub fn new(method: Method, url: &str) -> Result<Self, Error> {
        Ok(Self {
            method,
            url: Url::parse(url).map_err(|_| Error::Url(url.to_owned()))?,
            headers: HeaderMap::new(),
            body: Vec::new(),
            initiator: None,
            redirects: REDIRECT_LIMIT,
            pace: None,
        })
    }

    /// Adds a header. One that HTTP can't transmit is dropped.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            self.headers.append(name, value);
        }
        self
    }

    /// Sets the body and its type.
    #[must_use]
    pub fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.headers.remove(CONTENT_TYPE);
        self.body = body.into();
        self.header("content-type", content_type)
    }

    /// Returns the first answer, even a redirect.
    #[must_use]
    pub fn no_redirects(mut self) -> Self {
        self.redirects = 0;
        self
    }

    /// The submission of a form on the page at `page`.
    pub(crate) fn submission(page: &Url, form: &Form) -> Result<Self, Error> {
        let fields = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&form.fields)
            .finish();
        let mut request = if form.post {
            Self::new(Method::POST, form.action.as_str())?
                .body("application/x-www-form-urlencoded", fields)
        } else {
            let mut action = form.action.clone();
            action.set_query(Some(&fields));
            Self::new(Method::GET, action.as_str())?
        };
        request.initiator = Some(page.clone());
        Ok(request)
    }

    /// Whether it is a GET or a HEAD.
    pub(super) fn is_safe(&self) -> bool {
        matches!(self.method, Method::GET | Method::HEAD)
    }

    /// Its headers, including `Origin` and `Referer` of the page that causes it.
    pub(super) fn full_headers(&self) -> HeaderMap {
        let mut headers = self.headers.clone();
        if let Some(page) = &self.initiator {
            let origin = page.origin().ascii_serialization();
            if let (false, Ok(value)) = (self.is_safe(), HeaderValue::try_from(&origin)) {
                headers.insert(ORIGIN, value);
            }
            if let Ok(value) = HeaderValue::try_from(format!("{origin}/")) {
                headers.insert(REFERER, value);
            }
        }
        headers
    }

    /// Changes the request after a redirect with this status to `next`.
    pub(super) fn redirect(&mut self, status: u16, next: Url) {
        if status < 307 && self.method != Method::HEAD {
            self.method = Method::GET;
            self.body = Vec::new();
            self.pace = None;
            self.headers.remove(CONTENT_TYPE);
        }
        self.url = next;
    }
}
