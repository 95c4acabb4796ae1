//! A stored answer that can be given again.

use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The longest body that is stored, in bytes. Only read-only requests have longer answers, and
/// those may be repeated.
const KEPT_BYTES: usize = 64 * 1024;
/// Marks an answer that was given before.
const REPLAYED: &str = "idempotent-replayed";

/// The first answer to a request.
#[derive(Serialize, Deserialize)]
pub(super) struct FirstAnswer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl FirstAnswer {
    /// The answer, and what to store of it: nothing if another attempt may end differently, or if
    /// it is too long.
    pub(super) async fn of(response: Response) -> (Response, Option<Self>) {
        if !is_final(response.status()) {
            return (response, None);
        }
        let (head, body) = response.into_parts();
        let mut arriving = body.into_data_stream();
        let mut whole = Vec::new();
        while let Some(piece) = arriving.next().await {
            match piece {
                Ok(piece) if whole.len() + piece.len() <= KEPT_BYTES => {
                    whole.extend_from_slice(&piece);
                }
                other => {
                    let read = stream::iter([Ok(Bytes::from(whole)), other]);
                    let body = Body::from_stream(read.chain(arriving));
                    return (Response::from_parts(head, body), None);
                }
            }
        }
        let headers = head.headers.iter();
        let headers = headers.filter(|(name, _)| *name != CONTENT_LENGTH);
        let headers = headers.filter_map(|(name, value)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        });
        let answer = String::from_utf8(whole.clone()).ok().map(|body| Self {
            status: head.status.as_u16(),
            headers: headers.collect(),
            body,
        });
        (Response::from_parts(head, Body::from(whole)), answer)
    }

    /// Platform and person of the delivery in the answer, if it describes one.
    pub(super) fn delivery(&self) -> Option<(String, String)> {
        let body: Value = serde_json::from_str(&self.body).ok()?;
        let text = |name: &str| Some(body.get(name)?.as_str()?.to_owned());
        Some((text("platform")?, text("user")?))
    }

    /// The bytes to seal.
    pub(super) fn written(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads what [`Self::written`] wrote.
    ///
    /// # Errors
    /// The bytes are something else.
    pub(super) fn read(plain: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(plain)
    }
}

/// Whether another attempt would end the same way. Our own failures may not, nor answers that ask
/// for another attempt.
fn is_final(status: StatusCode) -> bool {
    let asks_again = matches!(status.as_u16(), 401 | 408 | 425 | 429);
    !status.is_server_error() && !asks_again
}

impl IntoResponse for FirstAnswer {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status);
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        for (name, value) in self.headers {
            if let (Ok(name), Ok(value)) =
                (HeaderName::try_from(name), HeaderValue::try_from(value))
            {
                headers.append(name, value);
            }
        }
        headers.insert(REPLAYED, HeaderValue::from_static("true"));
        response
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use axum::body::to_bytes;
    use axum::http::header::LOCATION;
    use test_case::cases;

    use super::*;

    async fn kept(status: u16, body: Body) -> (Bytes, Option<FirstAnswer>) {
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        response
            .headers_mut()
            .insert(LOCATION, HeaderValue::from_static("/api/deliveries/1"));
        let (response, answer) = FirstAnswer::of(response).await;
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (body, answer)
    }

    #[cases("GR-4")]
    #[tokio::test]
    async fn what_is_kept_is_what_was_answered() {
        let (body, answer) = kept(202, Body::from("{}")).await;
        let answer = FirstAnswer::read(&answer.unwrap().written()).unwrap();
        let again = answer.into_response();
        assert_eq!((again.status().as_u16(), &body[..]), (202, &b"{}"[..]));
        assert_eq!(again.headers()[LOCATION], "/api/deliveries/1");
        assert_eq!(again.headers()[REPLAYED], "true");
        assert_eq!(to_bytes(again.into_body(), 10).await.unwrap(), body);
        let delivery = Body::from(r#"{"platform": "P", "user": "5"}"#);
        let (_, answer) = kept(202, delivery).await;
        assert_eq!(answer.unwrap().delivery(), Some(("P".into(), "5".into())));
    }

    #[cases("GR-4")]
    #[tokio::test]
    async fn what_may_end_otherwise_is_not_kept() {
        for status in [401, 408, 425, 429, 500, 502, 503, 507] {
            assert!(kept(status, Body::empty()).await.1.is_none(), "{status}");
        }
        for status in [200, 201, 202, 204, 400, 403, 404, 409, 422] {
            assert!(kept(status, Body::empty()).await.1.is_some(), "{status}");
        }
    }

    #[tokio::test]
    async fn a_long_answer_passes_whole_and_is_not_kept() {
        let pieces: Vec<Result<Bytes, std::io::Error>> = (0..9_u8)
            .map(|at| Ok(Bytes::from(vec![at; 10_000])))
            .collect();
        let whole: Vec<u8> = (0..9_u8).flat_map(|at| vec![at; 10_000]).collect();
        let (body, answer) = kept(200, Body::from_stream(stream::iter(pieces))).await;
        assert!(answer.is_none());
        assert_eq!(body, whole);
    }
}
