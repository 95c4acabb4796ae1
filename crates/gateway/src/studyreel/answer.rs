//! Answers to refused launches, in the dialect's shape and no other (studyreel.md §6).
//!
//! A handler answers [`Refused`]; [`render`] gives it its reference, logs it once and writes it out. Answers of the
//! router itself, such as 405, take the same way.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_TYPE, REFERRER_POLICY, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use studyreel::{Dialect, ErrorAnswer, Refusal, STUDYREEL};

use super::room::StudyReel;
use crate::kit::id::correlation_id;
use crate::traces::Failure;
use crate::traces::Recorder;
use store::StoreError;

/// A launch that was refused, or that we failed to take.
#[derive(Debug)]
pub(crate) struct Refused {
    status: StatusCode,
    code: &'static str,
    message: Cow<'static, str>,
    retry_after: Option<u32>,
    /// For the log: a detail that the answer keeps to itself.
    note: String,
    /// For the log: the keyed hash of whom it was for.
    subject: String,
    /// What led to it, for the trace that is found by the request id.
    trace: Option<Arc<Recorder>>,
}

impl Refused {
    fn new(status: StatusCode, code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            retry_after: None,
            note: String::new(),
            subject: String::new(),
            trace: None,
        }
    }

    /// Nothing here: an address without the right capability looks the same as none.
    pub(super) fn nowhere() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "There is nothing at this address; check the launch URL.",
        )
    }

    /// The body didn't arrive.
    pub(super) fn too_slow() -> Self {
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            "timeout",
            "The body did not arrive in time; launch again.",
        )
    }

    /// Too many; with the seconds to wait.
    pub(super) fn too_many(seconds: u32) -> Self {
        let mut refused = Self::from(Refusal::RateLimited);
        refused.retry_after = Some(seconds);
        refused
    }

    /// Our fault, with the cause for the log.
    pub(super) fn internal(cause: impl std::fmt::Display) -> Self {
        let mut refused = Self::from(Refusal::Internal);
        refused.note = cause.to_string();
        refused
    }

    /// Adds whom the launch was for, as a keyed hash.
    pub(super) fn of_subject(mut self, hash: &[u8]) -> Self {
        self.subject = short(hash);
        self
    }

    /// Adds what led to it.
    pub(super) fn traced(mut self, trace: Recorder) -> Self {
        self.trace = Some(Arc::new(trace));
        self
    }

    /// Adds a detail for the log.
    pub(super) fn noting(mut self, note: String) -> Self {
        self.note = note;
        self
    }

    fn of_router(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::nowhere(),
            StatusCode::METHOD_NOT_ALLOWED => {
                Self::new(status, "method_not_allowed", "Send the launch by POST.")
            }
            StatusCode::PAYLOAD_TOO_LARGE => Refusal::TooLarge.into(),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Refusal::UnsupportedMediaType.into(),
            status if status.is_server_error() => Refusal::Internal.into(),
            _ => Refusal::NotJson.into(),
        }
    }

    fn log(&self, request_id: &str) {
        let (status, code, note) = (self.status.as_u16(), self.code, &*self.note);
        let subject = &*self.subject;
        if self.status.is_server_error() {
            tracing::error!(
                request_id,
                status,
                code,
                note,
                subject,
                "StudyReel launch failed"
            );
        } else {
            tracing::info!(
                request_id,
                status,
                code,
                note,
                subject,
                "StudyReel launch refused"
            );
        }
    }

    fn trace(&self, room: &StudyReel, request_id: &str) {
        let Some(recorder) = &self.trace else { return };
        let mut failure = Failure {
            status: self.status.as_u16(),
            text: self.message.to_string(),
            ..Failure::default()
        };
        let note = Some(self.note.clone()).filter(|note| !note.is_empty());
        if self.status.is_server_error() {
            failure.cause = note;
        } else if let Some(note) = note {
            failure.text = format!("{} ({note})", failure.text);
        }
        let traces = &room.traces;
        traces.refused(request_id, self.code, failure, recorder.clone(), "");
    }

    fn write(&self, dialect: &Dialect, request_id: String) -> Response {
        let answer = ErrorAnswer {
            message: self.message.to_string(),
            code: self.code.to_owned(),
            request_id,
        };
        let mut response = Response::new(Body::from(dialect.refuse(&answer).to_string()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// Enough of a hash to find a student's attempts in the log.
pub(super) fn short(hash: &[u8]) -> String {
    hash.iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
        let mut refused = Self::new(status, refusal.code(), refusal.to_string());
        refused.note = match refusal {
            // Hours in round figures mean a wrong time zone.
            Refusal::Expired { seconds_ago } => format!("expired {seconds_ago} s ago"),
            Refusal::IssuedInFuture { seconds_ahead } => format!("issued {seconds_ahead} s ahead"),
            Refusal::TooOld { seconds_old } => format!("issued {seconds_old} s ago"),
            _ => String::new(),
        };
        refused.retry_after = match refusal {
            Refusal::Unavailable => Some(5),
            _ => None,
        };
        refused
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        let refusal = match error {
            StoreError::Corrupt(_) | StoreError::RowCount(_) => Refusal::Internal,
            _ => Refusal::Unavailable,
        };
        Self::from(refusal).noting(error.to_string())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// Writes out refusals and gives every answer to a launch the headers it needs.
pub(crate) async fn render(
    State(room): State<StudyReel>,
    request: Request,
    next: Next,
) -> Response {
    let dialect = request.extensions().get::<&'static Dialect>();
    let dialect = dialect.copied().unwrap_or(&STUDYREEL);
    let mut response = next.run(request).await;
    let refused = response.extensions_mut().remove::<Arc<Refused>>();
    let refused = match (refused, response.status()) {
        (Some(refused), _) => Some(refused),
        (None, status) if status.is_client_error() || status.is_server_error() => {
            Some(Arc::new(Refused::of_router(status)))
        }
        (None, _) => None,
    };
    if let Some(refused) = refused {
        let request_id = correlation_id(&room.random);
        refused.log(&request_id);
        refused.trace(&room, &request_id);
        let allow = response.headers_mut().remove(ALLOW);
        response = refused.write(dialect, request_id);
        if let Some(allow) = allow {
            response.headers_mut().insert(ALLOW, allow);
        }
    }
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
