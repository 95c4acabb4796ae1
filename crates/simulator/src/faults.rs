//! Ways for the pretend LMS to misbehave, settable for each endpoint while it runs.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use serde_json::Value;

use crate::endpoint::Endpoint;

mod score_refusal;

pub use score_refusal::ScoreRefusal;

/// One way to answer wrongly.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// This status with an empty body, without doing anything.
    Status(u16),
    /// Exactly this, without doing anything.
    Answer {
        /// Any; 200 hides a wrong body.
        status: u16,
        /// Need not fit the body.
        content_type: String,
        /// Sent byte for byte.
        body: String,
    },
    /// 302 to this address, without doing anything.
    Redirect(String),
    /// The right answer as a page of HTML.
    Html,
    /// The right JSON with members changed (`Some`) or removed (`None`), named by JSON pointers such as `/issuer`.
    Change(Vec<(String, Option<Value>)>),
    /// The right JSON with a member added that makes the document this many bytes longer.
    Larger(usize),
    /// Wait this long before answering rightly.
    Late(Duration),
    /// The right answer, a few bytes at a time.
    Drip {
        /// How many bytes at a time.
        bytes: usize,
        /// How long between them.
        pause: Duration,
    },
    /// The right answer's headers, then the connection breaks in the middle of the body: what was asked for is done, and
    /// who asked doesn't know.
    Cut,
    /// The connection breaks without anything being done.
    Drop,
    /// This status with a `Retry-After`, without doing anything.
    Busy {
        /// 429, or 503 as some vendors have it.
        status: u16,
        /// The seconds to wait.
        seconds: u32,
    },
    /// The right answer to a request without its filters, which the LMS doesn't know.
    IgnoreFilters,
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

    /// What is answered without asking the real handler, if this fault is of that kind.
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
            Self::Redirect(to) => {
                Some((StatusCode::FOUND, [(header::LOCATION, to.clone())]).into_response())
            }
            _ => None,
        }
    }

    /// Spoils a right answer's body.
    pub(crate) fn spoil(&self, mut response: Response, body: Vec<u8>) -> Response {
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
            | Self::Late(_)
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

/// The faults of a pretend LMS at this moment.
#[derive(Debug, Default)]
pub struct Faults(Mutex<HashMap<Endpoint, Planned>>);

/// The faults of one endpoint: the first counts, for so many requests, each later one for one request.
type Planned = (VecDeque<Fault>, Option<u32>);

impl Faults {
    /// From now on `endpoint` has this fault.
    pub fn set(&self, endpoint: Endpoint, fault: Fault) {
        self.all().insert(endpoint, ([fault].into(), None));
    }

    /// The next `times` requests to `endpoint` meet this fault, later ones don't.
    pub fn next(&self, endpoint: Endpoint, times: u32, fault: Fault) {
        self.all().insert(endpoint, ([fault].into(), Some(times)));
    }

    /// The next requests to `endpoint` meet these faults, one each, later ones don't.
    pub fn in_turn(&self, endpoint: Endpoint, faults: impl IntoIterator<Item = Fault>) {
        let faults = faults.into_iter().collect();
        self.all().insert(endpoint, (faults, Some(1)));
    }

    /// `endpoint` works again.
    pub fn clear(&self, endpoint: Endpoint) {
        self.all().remove(&endpoint);
    }

    /// Everything works again.
    pub fn clear_all(&self) {
        self.all().clear();
    }

    pub(crate) fn take(&self, endpoint: Endpoint) -> Option<Fault> {
        let mut all = self.all();
        let (faults, left) = all.get_mut(&endpoint)?;
        let fault = faults.front()?.clone();
        if let Some(left) = left {
            *left = left.saturating_sub(1);
            if *left == 0 {
                *left = 1;
                faults.pop_front();
            }
        }
        if faults.is_empty() {
            all.remove(&endpoint);
        }
        Some(fault)
    }

    fn all(&self) -> MutexGuard<'_, HashMap<Endpoint, Planned>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
