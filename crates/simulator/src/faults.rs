//! Ways in which the pretend LMS can misbehave, per endpoint, adjustable while it runs.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use serde_json::Value;

mod gate;
mod planned;
mod score_refusal;

pub use gate::Gate;
pub use planned::Faults;
pub use score_refusal::ScoreRefusal;

/// A wrong way to answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// This status with an empty body, without doing anything.
    Status(u16),
    /// Exactly this, without doing anything.
    Answer {
        /// Any status; 200 hides a wrong body.
        status: u16,
        /// Need not match the body.
        content_type: String,
        /// Sent byte for byte.
        body: String,
    },
    /// 302 to this address, without doing anything.
    Redirect(String),
    /// The right answer, but as an HTML page.
    Html,
    /// The right JSON with members changed (`Some`) or removed (`None`), given as JSON pointers
    /// such as `/issuer`.
    Change(Vec<(String, Option<Value>)>),
    /// The right JSON with an additional member that makes the document this many bytes longer.
    Larger(usize),
    /// Waits this long, then gives the right answer.
    Late(Duration),
    /// Waits until the gate opens before doing anything, then gives the right answer.
    Gated(Gate),
    /// The right answer, a few bytes at a time.
    Drip {
        /// How many bytes at a time.
        bytes: usize,
        /// How long between them.
        pause: Duration,
    },
    /// The right answer's headers, then the connection breaks in the middle of the body: the
    /// request was carried out, but the caller doesn't know.
    Cut,
    /// The connection breaks before anything is done.
    Drop,
    /// This status with a `Retry-After`, without doing anything.
    Busy {
        /// 429, or 503 as with some vendors.
        status: u16,
        /// The seconds to wait.
        seconds: u32,
    },
    /// Canvas's older answer to too many requests: 403 with `X-Rate-Limit-Remaining`, without doing
    /// anything.
    Throttled,
    /// This status after half of the work: on Canvas, a new submission exists then, but without its
    /// score (grades.md §1). On other platforms, nothing is done.
    Halfway(u16),
    /// This status with an empty body, after everything was done.
    Afterwards(u16),
    /// Everything is done, but the answer breaks off in the middle of its JSON.
    Garbled,
    /// The right answer to a request without its filters, as if the LMS didn't know them.
    IgnoreFilters,
    /// The same, with this many items per page.
    Paged(u32),
    /// The right answer with this `Link` header.
    Link(String),
}

impl Fault {
    /// The right JSON with one member set.
    pub fn set(pointer: &str, value: impl Into<Value>) -> Self {
        Self::Change(vec![(pointer.to_owned(), Some(value.into()))])
    }

    /// The right JSON without one member.
    pub fn remove(pointer: &str) -> Self {
        Self::Change(vec![(pointer.to_owned(), None)])
    }

    /// The answer to give without calling the real handler, if this fault has one.
    pub(crate) fn instead(&self) -> Option<Response> {
        let status =
            |code: u16| StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        match self {
            Self::Status(code) => Some(status(*code).into_response()),
            Self::Answer {
                status: code,
                content_type,
                body,
            } => Some(
                (
                    status(*code),
                    [(header::CONTENT_TYPE, content_type.clone())],
                    body.clone(),
                )
                    .into_response(),
            ),
            Self::Drop => Some(Response::new(cut(&[]))),
            Self::Busy {
                status: code,
                seconds,
            } => {
                let wait = [(header::RETRY_AFTER, seconds.to_string())];
                Some((status(*code), wait).into_response())
            }
            Self::Throttled => {
                let html = HeaderValue::from_static("text/html; charset=utf-8");
                let none_left = HeaderValue::from_static("0.0");
                let headers = [
                    (header::CONTENT_TYPE, html),
                    (HeaderName::from_static("x-rate-limit-remaining"), none_left),
                ];
                let words = ScoreRefusal::CanvasThrottled.words();
                Some((StatusCode::FORBIDDEN, headers, words).into_response())
            }
            Self::Redirect(to) => {
                Some((StatusCode::FOUND, [(header::LOCATION, to.clone())]).into_response())
            }
            _ => None,
        }
    }

    /// Spoils a right answer's body.
    pub(crate) fn spoil(&self, mut response: Response, body: Vec<u8>) -> Response {
        if let Self::Afterwards(code) = self {
            return StatusCode::from_u16(*code)
                .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
                .into_response();
        }
        let headers = response.headers_mut();
        headers.remove(header::CONTENT_LENGTH);
        let body = match self {
            Self::Html => {
                headers.insert(
                    header::CONTENT_TYPE,
                    HeaderValue::from_static("text/html; charset=utf-8"),
                );
                Body::from("<!doctype html><title>Sign in</title><p>Please sign in to go on.")
            }
            Self::Change(changes) => Body::from(changed(body, changes)),
            Self::Larger(bytes) => Body::from(changed(
                body,
                &[("/padding".to_owned(), Some("x".repeat(*bytes).into()))],
            )),
            Self::Drip { bytes, pause } => drip(&body, (*bytes).max(1), *pause),
            Self::Garbled => {
                headers.insert(
                    header::CONTENT_TYPE,
                    HeaderValue::from_static("application/json"),
                );
                Body::from("{\"resultUrl\": \"http")
            }
            Self::Cut => cut(&body),
            Self::Drop => cut(&[]),
            Self::Link(link) => {
                if let Ok(link) = HeaderValue::from_bytes(link.as_bytes()) {
                    headers.insert(header::LINK, link);
                }
                Body::from(body)
            }
            Self::Busy { .. }
            | Self::IgnoreFilters
            | Self::Paged(_)
            | Self::Throttled
            | Self::Halfway(_)
            | Self::Afterwards(_)
            | Self::Late(_)
            | Self::Gated(_)
            | Self::Status(_)
            | Self::Answer { .. }
            | Self::Redirect(_) => Body::from(body),
        };
        *response.body_mut() = body;
        response
    }
}

fn changed(body: Vec<u8>, changes: &[(String, Option<Value>)]) -> Vec<u8> {
    let Ok(mut document) = serde_json::from_slice::<Value>(&body) else {
        return body;
    };
    for (pointer, value) in changes {
        let (parent, member) = pointer.rsplit_once('/').unwrap_or(("", pointer));
        let member = member.replace("~1", "/").replace("~0", "~");
        let Some(parent) = document.pointer_mut(parent).and_then(Value::as_object_mut) else {
            continue;
        };
        match value {
            Some(value) => drop(parent.insert(member, value.clone())),
            None => drop(parent.shift_remove(&member)),
        }
    }
    document.to_string().into_bytes()
}

fn drip(body: &[u8], bytes: usize, pause: Duration) -> Body {
    let chunks: Vec<Bytes> = body.chunks(bytes).map(Bytes::copy_from_slice).collect();
    Body::from_stream(stream::unfold(
        chunks.into_iter(),
        move |mut chunks| async move {
            tokio::time::sleep(pause).await;
            chunks
                .next()
                .map(|chunk| (Ok::<_, std::io::Error>(chunk), chunks))
        },
    ))
}

fn cut(body: &[u8]) -> Body {
    let half = Bytes::copy_from_slice(&body[..body.len() / 2]);
    let broken = Err(std::io::Error::new(
        std::io::ErrorKind::ConnectionReset,
        "cut on purpose",
    ));
    Body::from_stream(stream::iter([Ok(half), broken]))
}
