//! What the roster and the grade service have in common: authentication, refusals and paging.

use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::json;
use url::Url;

use crate::{
    lms::state::Platform,
    profiles::{AccessProblem, Refusal},
    tool::Tool,
};

/// A refusal of a service.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ServiceError {
    /// A status and a reason in JSON.
    Plain(StatusCode, String),
    /// In the vendor's wording.
    Own(Refusal),
}

impl ServiceError {
    pub(crate) fn bad(reason: impl Into<String>) -> Self {
        Self::Plain(StatusCode::BAD_REQUEST, reason.into())
    }

    pub(crate) fn missing(what: &str, id: impl std::fmt::Display) -> Self {
        Self::Plain(
            StatusCode::NOT_FOUND,
            format!("Not Found: {what} {id} doesn't exist"),
        )
    }
}

impl IntoResponse for ServiceError {
    fn into_response(self) -> Response {
        match self {
            Self::Plain(status, reason) => {
                let body = json!({ "status": status.as_u16(), "reason": reason });
                (status, Json(body)).into_response()
            }
            Self::Own(refusal) => refusal.into_response(),
        }
    }
}

/// The token of an `Authorization: Bearer …` header. The word must be capitalised, as with real
/// LMSs.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .strip_prefix("Bearer ")
        .filter(|token| !token.is_empty())
}

/// The tool that this access token belongs to, if it is valid for one of `scopes`.
pub(crate) fn caller(
    platform: &Platform,
    headers: &HeaderMap,
    scopes: &[&str],
) -> Result<Tool, ServiceError> {
    let wanted = scopes.first().copied().unwrap_or_default();
    let wanted = wanted.rsplit('/').next().unwrap_or_default();
    let refuse = platform.profile.services.refuse_access;
    let refused = |problem| ServiceError::Own(refuse(problem, wanted));
    let unknown = || refused(AccessProblem::Token);
    let token = bearer(headers).ok_or_else(unknown)?;
    let memory = platform.memory();
    let access = memory.access_tokens.get(token).ok_or_else(unknown)?;
    if access.expires <= platform.clock.seconds() {
        return Err(unknown());
    }
    let is_granted = |scope: &&str| access.scopes.iter().any(|own| own == *scope);
    if !scopes.iter().any(is_granted) {
        return Err(refused(AccessProblem::Scope));
    }
    memory
        .tool(&access.client_id)
        .cloned()
        .map_err(|_| unknown())
}

/// Requires exactly this content type; a parameter such as `charset` may follow.
pub(crate) fn require_type(headers: &HeaderMap, media_type: &str) -> Result<(), ServiceError> {
    let sent = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if sent.split(';').next().unwrap_or_default().trim() == media_type {
        Ok(())
    } else {
        Err(ServiceError::bad(format!("No handler found for {sent}")))
    }
}

/// A request for a list, given by its query.
pub(crate) struct Asked(Url);

impl Asked {
    pub(crate) fn at(platform: &Platform, uri: &Uri) -> Result<Self, ServiceError> {
        let url = Url::parse(&platform.url(&uri.to_string()));
        url.map(Self).map_err(|_| ServiceError::bad("Bad address"))
    }

    /// The same address with one parameter changed, starting at the first page.
    pub(crate) fn with(&self, name: &str, value: &str) -> Url {
        let mut url = self.0.clone();
        let kept: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(key, _)| key != "from" && key != name)
            .map(|(key, value)| (key.into_owned(), value.into_owned()))
            .collect();
        url.query_pairs_mut()
            .clear()
            .extend_pairs(kept)
            .append_pair(name, value);
        url
    }

    pub(crate) fn value(&self, name: &str) -> Option<String> {
        let mut pairs = self.0.query_pairs();
        pairs
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }
}

/// How a list is split into pages, and how the other pages are linked.
#[derive(Clone, Copy)]
pub(crate) struct Cut {
    /// The most items per page.
    pub(crate) at_most: usize,
    /// A parameter that is missing from the next page's address.
    pub(crate) loses: Option<&'static str>,
    /// Line item links as Moodle writes them: typographic quotes, HTML escaping, and more links
    /// than the next page.
    pub(crate) curly: bool,
    /// Ignores every limit and returns the whole list.
    pub(crate) whole: bool,
}

impl Cut {
    pub(crate) const PLAIN: Self = Self {
        at_most: usize::MAX,
        loses: None,
        curly: false,
        whole: false,
    };
}

/// One page of a list, with a `Link` to the next one if there is more.
pub(crate) struct Paged<T> {
    items: Vec<T>,
    link: Option<HeaderValue>,
    /// Whether this is the last page.
    pub(crate) is_last: bool,
}

impl<T> Paged<T> {
    /// The part of the list that `from` and `limit` ask for.
    pub(crate) fn cut(all: Vec<T>, asked: &Asked, cut: Cut) -> Self {
        let number = |name: &str| {
            let value = asked.value(name).filter(|_| !cut.whole)?;
            value.parse::<usize>().ok()
        };
        let from = number("from").unwrap_or(0);
        let limit = number("limit")
            .filter(|limit| *limit > 0)
            .unwrap_or(usize::MAX)
            .min(cut.at_most);
        let end = from.saturating_add(limit);
        let next = (all.len() > end).then(|| page_at(&asked.0, end, cut.loses));
        let is_last = next.is_none();
        let link = match (cut.curly, next) {
            (true, next) if limit < usize::MAX => {
                let last = all.len().saturating_sub(1) / limit * limit;
                let page = |at| page_at(&asked.0, at, None);
                let mut links = vec![
                    ("first", page(0)),
                    ("canonical", page(from)),
                    ("last", page(last)),
                ];
                links.extend(next.map(|next| ("next", next)));
                Some(curly(&links))
            }
            (_, next) => next.map(|next| format!("<{next}>; rel=\"next\"")),
        };
        Self {
            items: all.into_iter().skip(from).take(limit).collect(),
            link: link.and_then(|link| HeaderValue::from_bytes(link.as_bytes()).ok()),
            is_last,
        }
    }

    /// Replaces the links with this one.
    pub(crate) fn linked(self, url: &Url, relation: &str) -> Self {
        let link = format!("<{url}>; rel=\"{relation}\"");
        Self {
            link: HeaderValue::from_bytes(link.as_bytes()).ok(),
            ..self
        }
    }

    /// Answers with the body that `body` builds from the items.
    pub(crate) fn respond<B: Serialize>(
        self,
        media_type: &'static str,
        body: impl FnOnce(Vec<T>) -> B,
    ) -> Response {
        let mut response = typed(StatusCode::OK, media_type, &body(self.items));
        if let Some(link) = self.link {
            response.headers_mut().insert(header::LINK, link);
        }
        response
    }
}

/// The address of the page beginning at item `from`.
fn page_at(url: &Url, from: usize, without: Option<&str>) -> Url {
    let mut page = url.clone();
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(key, _)| key != "from" && Some(&**key) != without)
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect();
    page.query_pairs_mut()
        .clear()
        .extend_pairs(kept)
        .append_pair("from", &from.to_string());
    page
}

fn curly(links: &[(&str, Url)]) -> String {
    let links = links.iter().map(|(relation, url)| {
        let url = url.as_str().replace('&', "&amp;");
        format!("<{url}>; rel=“{relation}”")
    });
    links.collect::<Vec<_>>().join(", ")
}

/// JSON with a service's own media type.
pub(crate) fn typed(
    status: StatusCode,
    media_type: &'static str,
    body: &impl Serialize,
) -> Response {
    (status, [(header::CONTENT_TYPE, media_type)], Json(body)).into_response()
}
