//! A message to a webhook: builds, signs and sends it, and reads the outcome.

use std::time::Duration;

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, Method};
use serde::Serialize;
use serde_json::{Map, Value};
use store::StoreError;
use store::webhooks::WebhookRow;
use url::Url;

use super::{Webhooks, secret};
use crate::kit::clock::iso;
use crate::kit::media_type::JSON;
use crate::kit::outbound::{OutboundError, Purpose, Request};
use crate::kit::standard_webhooks;

/// How many bytes of an answer are read, so that its connection can be reused.
const ANSWER_BYTES: usize = 64 * 1024;
/// How long reading them may take. Nothing depends on them.
const ANSWER: Duration = Duration::from_secs(1);

pub(super) struct WebhookMessage<'a> {
    /// The same for every attempt.
    pub(super) id: &'a str,
    /// The type of the event.
    pub(super) kind: &'a str,
    /// When it happened, in milliseconds since 1970.
    pub(super) at_ms: i64,
    /// What it is about.
    pub(super) data: Map<String, Value>,
}

#[derive(Serialize)]
struct MessageBody<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    timestamp: String,
    data: &'a Map<String, Value>,
}

/// The outcome of sending (grades.md WH-3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SentMessage {
    /// The answer was 2xx.
    Delivered(u16),
    /// The answer was 410: stop sending to this webhook.
    Gone,
    /// The application wants no further attempts at this message.
    Aborted(u16),
    /// Another status, and when to try again if the answer says so.
    Refused(u16, Option<Duration>),
    /// There was no answer.
    Unanswered(String),
    /// Not sent: this server has too many requests under way.
    Busy,
}

impl SentMessage {
    /// The answer's status, if there was an answer.
    pub(super) fn status(&self) -> Option<u16> {
        match self {
            Self::Delivered(status) | Self::Aborted(status) | Self::Refused(status, _) => {
                Some(*status)
            }
            Self::Gone => Some(410),
            Self::Unanswered(_) | Self::Busy => None,
        }
    }

    /// The outcome in a word or two.
    pub(super) fn outcome(&self) -> &'static str {
        match self {
            Self::Delivered(_) => "delivered",
            Self::Gone => "gone",
            Self::Aborted(_) => "aborted",
            Self::Refused(..) => "refused",
            Self::Unanswered(_) => "no answer",
            Self::Busy => "not sent",
        }
    }

    /// Details of the outcome.
    pub(super) fn said(&self) -> Option<String> {
        match self {
            Self::Unanswered(why) => Some(why.clone()),
            Self::Busy => Some(OutboundError::Busy.to_string()),
            _ => None,
        }
    }

    fn answered(status: u16, headers: &HeaderMap) -> Self {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        match status {
            200..300 => Self::Delivered(status),
            410 => Self::Gone,
            _ if header("webhook-delivery") == Some("abort-message") => Self::Aborted(status),
            429 | 503 => {
                let seconds = header(RETRY_AFTER.as_str()).and_then(|text| text.parse().ok());
                Self::Refused(status, seconds.map(Duration::from_secs))
            }
            _ => Self::Refused(status, None),
        }
    }
}

impl Webhooks {
    /// Signs a message with the current time and sends it.
    ///
    /// # Errors
    /// The webhook's secrets or address can't be read.
    pub(super) async fn send(
        &self,
        webhook: &WebhookRow,
        message: &WebhookMessage<'_>,
    ) -> Result<SentMessage, StoreError> {
        let corrupt = |error: &dyn std::fmt::Display| {
            StoreError::Corrupt(format!("webhook {}: {error}", webhook.id))
        };
        let url = Url::parse(&webhook.url).map_err(|error| corrupt(&error))?;
        let body = MessageBody {
            id: message.id,
            kind: message.kind,
            timestamp: iso(message.at_ms),
            data: &message.data,
        };
        let body = serde_json::to_vec(&body).map_err(|error| corrupt(&error))?;
        let now = self.clock.now_ms();
        let secrets = secret::in_force(&self.rows, webhook, now)?;
        let headers = standard_webhooks::headers(message.id, &secrets, now / 1000, &body);
        let request = Request {
            purpose: Purpose::Webhook,
            source: None,
            url: &url,
            accept: "*/*",
            bearer: None,
            limit: ANSWER_BYTES,
        };
        let body = Some((JSON, body));
        let opened = self
            .outbound
            .open_with(Method::POST, request, headers, body);
        Ok(match opened.await {
            Ok(answer) => {
                let sent = SentMessage::answered(answer.status, &answer.headers);
                // The content doesn't matter.
                let _ = tokio::time::timeout(ANSWER, answer.whole()).await;
                sent
            }
            Err(OutboundError::Busy) => SentMessage::Busy,
            Err(error) => SentMessage::Unanswered(error.to_string()),
        })
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use test_case::cases;

    use super::*;

    #[cases("WH-3")]
    #[test]
    fn only_2xx_is_a_success_and_the_application_may_end_it() {
        let sent = |status, headers: &[(&'static str, &'static str)]| {
            let headers = headers.iter().map(|(name, value)| {
                let name = axum::http::HeaderName::from_static(name);
                (name, HeaderValue::from_static(value))
            });
            SentMessage::answered(status, &headers.collect())
        };
        let abort = ("webhook-delivery", "abort-message");
        for status in [200, 201, 204, 299] {
            assert_eq!(sent(status, &[abort]), SentMessage::Delivered(status));
        }
        for status in [301, 302, 307, 400, 401, 404, 500, 502] {
            assert_eq!(
                sent(status, &[("retry-after", "7")]),
                SentMessage::Refused(status, None)
            );
            assert_eq!(sent(status, &[abort]), SentMessage::Aborted(status));
        }
        assert_eq!(sent(410, &[]), SentMessage::Gone);
        let later = Some(Duration::from_secs(7));
        for status in [429, 503] {
            assert_eq!(
                sent(status, &[("retry-after", "7")]),
                SentMessage::Refused(status, later)
            );
            let date = [("retry-after", "Wed, 21 Oct 2026 07:28:00 GMT")];
            assert_eq!(sent(status, &date), SentMessage::Refused(status, None));
        }
    }
}
